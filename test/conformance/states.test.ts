import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import {
  CreateActivityCommand,
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  type ExecutionStatus,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListTagsForResourceCommand,
  PublishStateMachineVersionCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  TagResourceCommand,
  TestStateCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/flow`;
const arnOf = (kind: string, name: string): string => `arn:aws:states:us-east-1:${account}:${kind}:${name}`;
const order = arnOf('stateMachine', 'order');

let lab: RunningLab;
let sfn: SFNClient;
let sqs: SQSClient;
let lambda: LambdaClient;

beforeAll(async () => {
  // Time-outs and retries are on the lab's clock: at this rate a second of theirs takes 50 ms.
  lab = await startTestLab({ timeScale: 20, stacks: [{ file: join(packageRoot(), 'test/conformance/functions/states/template.yaml') }] });
  const options = { region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 };
  // StartSyncExecution has a host of its own, sync-<endpoint>, which loopback has not.
  sfn = new SFNClient({ ...options, disableHostPrefix: true });
  sqs = new SQSClient(options);
  lambda = new LambdaClient(options);
});

afterAll(async () => {
  for (const client of [sfn, sqs, lambda]) client?.destroy();
  await lab?.stop();
});

const start = async (stateMachineArn: string, input: object, name?: string): Promise<string> =>
  (await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), ...(name ? { name } : {}) }))).executionArn ?? '';
const describeExecution = (executionArn: string) => sfn.send(new DescribeExecutionCommand({ executionArn }));
const historyOf = async (executionArn: string): Promise<HistoryEvent[]> =>
  (await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? [];
const create = async (name: string, definition: object, more: object = {}): Promise<string> =>
  (await sfn.send(new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition), ...more }))).stateMachineArn ?? '';
const wait = (Seconds: number) => ({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds, End: true } } });

async function ended(executionArn: string, status: ExecutionStatus) {
  await expect.poll(async () => (await describeExecution(executionArn)).status, { timeout: 15_000, interval: 5 }).toBe(status);
  return describeExecution(executionArn);
}

/** The token that the workflow sent to the warehouse. */
async function messageToken(): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'warehouse' }));
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }));
  return JSON.parse(message?.Body ?? '{}').token;
}

describe('a Standard workflow', () => {
  it('reserves, charges after a retry, waits for its callback and tells its history', async () => {
    const executionArn = await start(order, { id: 'o-1', failures: 1, do: 'charge' }, 'o-1');
    expect(executionArn).toBe(arnOf('execution', 'order:o-1'));
    const taskToken = await messageToken();
    expect((await describeExecution(executionArn)).status).toBe('RUNNING');
    await sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{"parcel":7}' }));
    const { output, stopDate } = await ended(executionArn, 'SUCCEEDED');
    expect(JSON.parse(output ?? '')).toEqual({ id: 'o-1', shipped: { parcel: 7 }, charge: { told: 'charge', attempt: 1 } });
    expect(stopDate).toBeInstanceOf(Date);
    const events = await historyOf(executionArn);
    expect(events.map(({ type }) => type)).toEqual([
      ...['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'],
      ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskFailed', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'],
      ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited'],
      ...['PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'],
    ]);
    expect(events[9]?.taskFailedEventDetails).toMatchObject({ error: 'Flaky', resourceType: 'lambda', resource: 'invoke' });
    expect(JSON.parse(events[17]?.taskSubmittedEventDetails?.output ?? '')).toMatchObject({ MessageId: expect.any(String), SdkHttpMetadata: {} });
    // A token leads to one answer.
    const again = sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    await expect(again).rejects.toMatchObject({ name: 'TaskTimedOut', message: "Task Timed Out: 'Provided task does not exist anymore'" });
  });

  it('fails as its callback says, under the error of a failed condition, or of the function', async () => {
    const failing = await start(order, { id: 'o-2', failures: 0, do: 'charge' });
    await sfn.send(new SendTaskFailureCommand({ taskToken: await messageToken(), error: 'Lost', cause: 'no shelf' }));
    expect(await ended(failing, 'FAILED')).toMatchObject({ error: 'Lost', cause: 'no shelf' });
    const taken = await ended(await start(order, { id: 'o-2', failures: 0, do: 'charge' }), 'FAILED');
    expect(taken.error).toBe('Taken');
    expect(taken.cause).toMatch(
      /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: /,
    );
    const refused = await ended(await start(order, { id: 'o-3', failures: 0, do: 'throw' }), 'FAILED');
    expect(refused.error).toBe('RangeError');
    expect(JSON.parse(refused.cause ?? '')).toMatchObject({ errorType: 'RangeError', errorMessage: 'no such card' });
  });

  it("tells Lambda's time-outs and throttles under the names that AWS gives them", async () => {
    const slow = await ended(await start(order, { id: 'o-4', failures: 0, do: 'sleep' }), 'FAILED');
    expect(slow.error).toBe('Sandbox.Timedout');
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'step', ReservedConcurrentExecutions: 0 }));
    const throttled = await ended(await start(order, { id: 'o-5', failures: 0, do: 'charge' }), 'FAILED');
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'step' }));
    expect(throttled).toMatchObject({ error: 'Lambda.TooManyRequestsException', cause: expect.stringContaining('Status Code: 429') });
  });

  it('is started once under a name, whose input must be the same', async () => {
    const machine = await create('once', wait(3600));
    const first = await start(machine, { a: 1 }, 'same');
    expect(await start(machine, { a: 1 }, 'same')).toBe(first);
    const refusal = { name: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${first}'` };
    await expect(start(machine, { a: 2 }, 'same')).rejects.toMatchObject(refusal);
    await sfn.send(new StopExecutionCommand({ executionArn: first, error: 'Enough', cause: 'of it' }));
    expect(await describeExecution(first)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'of it' });
    await expect(start(machine, { a: 1 }, 'same')).rejects.toMatchObject(refusal);
    const pages = async (maxResults: number, nextToken?: string): Promise<string[]> => {
      const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machine, maxResults, nextToken }));
      return [...(page.executions ?? []).map(({ name = '' }) => name), ...(page.nextToken ? await pages(maxResults, page.nextToken) : [])];
    };
    for (const name of ['b', 'c', 'd']) await start(machine, {}, name);
    expect(await pages(2)).toEqual(['d', 'c', 'b', 'same']);
    const running = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machine, statusFilter: 'ABORTED' }));
    expect(running.executions?.map(({ name }) => name)).toEqual(['same']);
  });

  it('goes on where it failed when it is redriven', async () => {
    const invoke = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'step' },
      OutputPath: '$.Payload',
      End: true,
    };
    const machine = await create('redriven', { StartAt: 'P', States: { P: { Type: 'Pass', Next: 'T' }, T: invoke } });
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'step', ReservedConcurrentExecutions: 0 }));
    const executionArn = await start(machine, {});
    expect(await ended(executionArn, 'FAILED')).toMatchObject({ redriveCount: 0, redriveStatus: 'REDRIVABLE' });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'step' }));
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    const { output, redriveCount, error } = await ended(executionArn, 'SUCCEEDED');
    expect({ output, redriveCount, error }).toEqual({ output: '{"told":"nothing","attempt":0}', redriveCount: 1, error: undefined });
    const events = await historyOf(executionArn);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type).slice(7)).toEqual([
      ...['ExecutionFailed', 'ExecutionRedriven', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'],
      'ExecutionSucceeded',
    ]);
    await expect(sfn.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
      message: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  it('pages its history in both orders, without data where none is wanted', async () => {
    const machine = await create('passes', { StartAt: 'P', States: { P: { Type: 'Pass', Result: { secret: 1 }, End: true } } });
    const executionArn = await start(machine, { secret: 1 });
    await ended(executionArn, 'SUCCEEDED');
    const ids = async (reverseOrder: boolean, nextToken?: string): Promise<(number | undefined)[]> => {
      const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder, maxResults: 3, nextToken }));
      return [...(page.events ?? []).map(({ id }) => id), ...(page.nextToken ? await ids(reverseOrder, page.nextToken) : [])];
    };
    expect([await ids(false), await ids(true)]).toEqual([
      [1, 2, 3, 4],
      [4, 3, 2, 1],
    ]);
    const bare = await sfn.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
    expect(JSON.stringify(bare.events)).not.toContain('secret');
  });
});

describe('an Express workflow', () => {
  it('answers with what it came to and what it is billed, as often as one likes under one name', async () => {
    const sync = () => sfn.send(new StartSyncExecutionCommand({ stateMachineArn: arnOf('stateMachine', 'tail'), name: 'n', input: '{"do":"x"}' }));
    const results = await Promise.all([sync(), sync()]);
    expect(results[0]).toMatchObject({ status: 'SUCCEEDED', name: 'n', billingDetails: { billedMemoryUsedInMB: 64 } });
    expect(JSON.parse(results[0].output ?? '')).toEqual({ told: 'x', attempt: 0 });
    expect(results[0].executionArn).not.toBe(results[1].executionArn);
    expect(results[0].executionArn).toMatch(/:express:tail:n:/);
    const { stateMachineArn } = { stateMachineArn: arnOf('stateMachine', 'tail') };
    await expect(sfn.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toMatchObject({ name: 'StateMachineTypeNotSupported' });
    await expect(historyOf(results[0].executionArn ?? '')).rejects.toMatchObject({
      name: 'InvalidArn',
      message: "Invalid Arn: 'Resource type not valid in this context: express'",
    });
    const billed = lab.meter.total('tail', 'states.express-gb-second');
    expect(lab.meter.total('tail', 'states.express-request')).toBe(2);
    expect(billed).toBeCloseTo(
      results.reduce((sum, { billingDetails: b }) => sum + ((b?.billedDurationInMilliseconds ?? 0) / 1000) * (64 / 1024), 0),
    );
  });

  it('is refused what only Standard has', async () => {
    const task = (Resource: string) => ({
      StartAt: 'T',
      States: { T: { Type: 'Task', Resource, Parameters: { 'x.$': '$$.Task.Token' }, End: true } },
    });
    await expect(create('no', task('arn:aws:states:::sqs:sendMessage.waitForTaskToken'), { type: 'EXPRESS' })).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining("Express state machine does not support '.waitForTaskToken' service integration"),
    });
    await expect(sfn.send(new StartSyncExecutionCommand({ stateMachineArn: order }))).rejects.toMatchObject({ name: 'StateMachineTypeNotSupported' });
  });
});

describe('nested workflows and activities', () => {
  it('waits for a nested execution, as text and as JSON, and fails with it', async () => {
    const child = await create('child', { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
    const failing = await create('failing', { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'No', Cause: 'never' } } });
    const parent = (name: string, sync: string, StateMachineArn: string) =>
      create(name, {
        StartAt: 'T',
        States: {
          T: {
            Type: 'Task',
            Resource: `arn:aws:states:::states:startExecution.${sync}`,
            Parameters: { StateMachineArn, Input: { a: 1 } },
            End: true,
          },
        },
      });
    const asText = await ended(await start(await parent('p1', 'sync', child), {}), 'SUCCEEDED');
    expect(JSON.parse(asText.output ?? '')).toMatchObject({ Status: 'SUCCEEDED', Output: '{"a":1}', StateMachineArn: child });
    const asJson = await ended(await start(await parent('p2', 'sync:2', child), {}), 'SUCCEEDED');
    expect(JSON.parse(asJson.output ?? '')).toMatchObject({ Output: { a: 1 } });
    const failed = await ended(await start(await parent('p3', 'sync:2', failing), {}), 'FAILED');
    expect(failed.error).toBe('States.TaskFailed');
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'No', Cause: 'never' });
  });

  it('hands a task to the worker that asks for it', async () => {
    const { activityArn } = await sfn.send(new CreateActivityCommand({ name: 'pack' }));
    const machine = await create('packs', { StartAt: 'T', States: { T: { Type: 'Task', Resource: activityArn, End: true } } });
    const polled = sfn.send(new GetActivityTaskCommand({ activityArn, workerName: 'w' }));
    const executionArn = await start(machine, { box: 1 });
    const { taskToken, input } = await polled;
    expect(input).toBe('{"box":1}');
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"packed"' }));
    expect((await ended(executionArn, 'SUCCEEDED')).output).toBe('"packed"');
    const types = (await historyOf(executionArn)).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['ActivityScheduled', 'ActivityStarted', 'ActivitySucceeded']));
  });

  it('calls any service of the lab through the AWS SDK', async () => {
    const sdk = (name: string, resource: string, Parameters: object) =>
      create(name, { StartAt: 'T', States: { T: { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${resource}`, Parameters, End: true } } });
    const tail = await ended(
      await start(await sdk('s1', 'sfn:startSyncExecution', { StateMachineArn: arnOf('stateMachine', 'tail'), Input: { do: 'y' } }), {}),
      'SUCCEEDED',
    );
    expect(JSON.parse(tail.output ?? '')).toMatchObject({ Status: 'SUCCEEDED', Output: '{"told":"y","attempt":0}' });
    const missing = await ended(await start(await sdk('s2', 'dynamodb:describeTable', { TableName: 'nothing' }), {}), 'FAILED');
    expect(missing).toMatchObject({
      error: 'DynamoDb.ResourceNotFoundException',
      cause: expect.stringContaining('(Service: DynamoDb, Status Code: 400'),
    });
  });
});

describe('a state machine', () => {
  const pass = (Result: string) => ({ StartAt: 'P', States: { P: { Type: 'Pass', Result, End: true } } });

  it('is created once, updated by revision, versioned, routed by aliases and deleted', async () => {
    const stateMachineArn = await create('lives', pass('one'), { tags: [{ key: 'team', value: 'shop' }] });
    expect(await create('lives', pass('one'))).toBe(stateMachineArn);
    await expect(create('lives', pass('two'))).rejects.toMatchObject({
      name: 'StateMachineAlreadyExists',
      message: `State Machine Already Exists: '${stateMachineArn}'`,
    });
    const first = await sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn }));
    await expect(sfn.send(new UpdateStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({ name: 'MissingRequiredParameter' });
    const { revisionId } = await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(pass('two')) }));
    expect(await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({ revisionId, status: 'ACTIVE', type: 'STANDARD' });
    const routingConfiguration = [{ stateMachineVersionArn: first.stateMachineVersionArn, weight: 100 }];
    const { stateMachineAliasArn = '' } = await sfn.send(new CreateStateMachineAliasCommand({ name: 'live', routingConfiguration }));
    const old = await ended(await start(stateMachineAliasArn, {}), 'SUCCEEDED');
    expect(old).toMatchObject({ output: '"one"', stateMachineAliasArn, stateMachineVersionArn: `${stateMachineArn}:1` });
    expect((await ended(await start(stateMachineArn, {}), 'SUCCEEDED')).output).toBe('"two"');
    await sfn.send(new TagResourceCommand({ resourceArn: stateMachineArn, tags: [{ key: 'stage', value: 'test' }] }));
    expect((await sfn.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn }))).tags).toHaveLength(2);
    await sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
    const gone = { name: 'StateMachineDoesNotExist', message: `State Machine Does Not Exist: '${stateMachineArn}'` };
    await expect(start(stateMachineArn, {})).rejects.toMatchObject(gone);
    await expect(sfn.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn }))).rejects.toMatchObject(gone);
  });

  it("is refused with AWS's message and location", async () => {
    await expect(create('bad', { StartAt: 'P' })).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
    });
    await expect(create('b d', pass('x'))).rejects.toMatchObject({ name: 'InvalidName' });
    const sns = { StartAt: 'T', States: { T: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Parameters: {}, End: true } } };
    await expect(create('sns', sns)).rejects.toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining('sns:publish') });
    const checked = await sfn.send(new ValidateStateMachineDefinitionCommand({ definition: '{"StartAt":"X","States":{}}' }));
    expect(checked.result).toBe('FAIL');
    expect(checked.diagnostics?.[0]).toMatchObject({ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED' });
  });

  it('comes from a template with the names that CloudFormation tells', async () => {
    const client = new CloudFormationClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({}));
    client.destroy();
    const outputs = Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    const TailLiveArn = `${arnOf('stateMachine', 'tail')}:live`;
    expect(outputs).toEqual({ OrderArn: order, OrderName: 'order', TailLiveArn, PackArn: arnOf('activity', 'pack-by-hand') });
    expect(await sfn.send(new StartSyncExecutionCommand({ stateMachineArn: TailLiveArn }))).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is refused in a template as the API refuses it', async () => {
    const client = new CloudFormationClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
    const reasonFor = async (StackName: string, Properties: object): Promise<string | undefined> => {
      const Resources = { M: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: roleArn, ...Properties } } };
      await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }) })).catch(() => undefined);
      const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents?.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason;
    };
    expect(await reasonFor('no-states', { Definition: { StartAt: 'A' } })).toContain('InvalidDefinition: Invalid State Machine Definition');
    expect(await reasonFor('taken', { StateMachineName: 'order', Definition: pass('x') })).toContain('StateMachineAlreadyExists');
    expect(await reasonFor('no-file', { DefinitionS3Location: 'none.asl.json' })).toContain('the definition none.asl.json cannot be read');
    client.destroy();
  });
});

describe('TestState', () => {
  const test = (definition: object, input: object = {}) =>
    sfn.send(new TestStateCommand({ roleArn, definition: JSON.stringify(definition), input: JSON.stringify(input) }));

  it('runs one state and says where it would go', async () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 5, Next: 'Many' }], Default: 'Few' };
    expect(await test(choice, { n: 7 })).toMatchObject({ status: 'SUCCEEDED', nextState: 'Many', output: '{"n":7}' });
    const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'step', 'Payload.$': '$' }, Next: 'After' };
    expect(await test({ ...task, OutputPath: '$.Payload' })).toMatchObject({
      status: 'SUCCEEDED',
      nextState: 'After',
      output: '{"told":"nothing","attempt":0}',
    });
    const failing = { do: 'throw' };
    expect(await test(task, failing)).toMatchObject({ status: 'FAILED', error: 'RangeError' });
    const retry = [{ ErrorEquals: ['RangeError'] }];
    expect(await test({ ...task, Retry: retry }, failing)).toMatchObject({ status: 'RETRIABLE', error: 'RangeError' });
    const caught = { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Sorry' }] };
    expect(await test(caught, failing)).toMatchObject({ status: 'CAUGHT_ERROR', error: 'RangeError', nextState: 'Sorry' });
    await expect(test({ Type: 'Wait', End: true })).rejects.toMatchObject({ name: 'InvalidDefinition' });
  });
});

describe('bad input', () => {
  it.each([
    ['not JSON', 'not json', 'InvalidExecutionInput', /^Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting/],
    ['nothing', '', 'InvalidExecutionInput', /^Invalid State Machine Execution Input: 'Invalid execution input.'$/],
    ['too much', JSON.stringify('x'.repeat(262_143)), 'ValidationException', /length less than or equal to 262144/],
  ])('is refused: an input that is %s', async (_, input, name, message) => {
    await expect(sfn.send(new StartExecutionCommand({ stateMachineArn: order, input }))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it('is refused: tokens, executions and ARNs that are none', async () => {
    const succeed = (taskToken: string, output = '{}') => sfn.send(new SendTaskSuccessCommand({ taskToken, output }));
    await expect(succeed('no token')).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(succeed('A'.repeat(64))).rejects.toMatchObject({ name: 'TaskDoesNotExist' });
    const executionArn = arnOf('execution', 'order:nobody');
    await expect(describeExecution(executionArn)).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
      message: `Execution Does Not Exist: '${executionArn}'`,
    });
    await expect(describeExecution('order')).rejects.toMatchObject({ name: 'InvalidArn' });
    await expect(historyOf(order)).rejects.toMatchObject({ name: 'InvalidArn' });
  });
});
