import type { DescribeExecutionCommandOutput, GetExecutionHistoryCommandOutput } from '@aws-sdk/client-sfn';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type VirtualLab, virtualLab } from '../../../../test/virtual-lab.ts';
import { AwsError } from '../../../core/errors.ts';
import type { LabService, MetricSink } from '../../contract.ts';
import { loadWireServices } from '../../gateway/wire-services.ts';
import { createStatesService } from './service.ts';

const roleArn = 'arn:aws:iam::123456789012:role/flow';
const dayMs = 86_400_000;

let lab: VirtualLab;
/** What the queue does with a message, and what it was sent. */
let onMessage: (body: string) => void;
let messages: string[];
/** Sums of the metrics, by name. */
let counts: Record<string, number>;

const queue: LabService = {
  name: 'sqs',
  operations: {
    SendMessage: {
      act: ({ MessageBody }: { MessageBody: string }) => {
        messages.push(MessageBody);
        onMessage(MessageBody);
        return { MessageId: 'm' };
      },
    },
  },
};

// The first call of a service loads the SDK's shapes; loaded before, it takes no time that the virtual clock does not see.
beforeAll(() => loadWireServices());

beforeEach(() => {
  messages = [];
  onMessage = () => undefined;
  counts = {};
  const metrics: MetricSink = {
    series: (_, metric) => ({
      add: (value) => {
        counts[metric] = (counts[metric] ?? 0) + value;
      },
    }),
  };
  lab = virtualLab((context) => [createStatesService({ ...context, metrics }), queue]);
});

afterEach(() => lab.stop());

const call = <Output>(operation: string, input: object) => lab.call<Output>('states', operation, input);
const settle = () => lab.clock.advance(0);
const describeExecution = (executionArn: string) => call<DescribeExecutionCommandOutput>('DescribeExecution', { executionArn });
const types = async (executionArn: string) =>
  (await call<GetExecutionHistoryCommandOutput>('GetExecutionHistory', { executionArn, maxResults: 1000 })).events?.map(({ type }) => type);

async function create(States: object, StartAt = Object.keys(States)[0], name = 'm'): Promise<string> {
  const definition = JSON.stringify({ StartAt, States });
  return (await call<{ stateMachineArn: string }>('CreateStateMachine', { name, roleArn, definition })).stateMachineArn;
}

async function start(stateMachineArn: string, more: object = {}): Promise<string> {
  const { executionArn } = await call<{ executionArn: string }>('StartExecution', { stateMachineArn, ...more });
  await settle();
  return executionArn;
}

const notify = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
  End: true,
  ...more,
});

it('waits a year for a callback, and no longer', async () => {
  const executionArn = await start(await create({ N: notify() }));
  await lab.clock.advance(364 * dayMs);
  expect((await describeExecution(executionArn)).status).toBe('RUNNING');
  await lab.clock.advance(1.1 * dayMs);
  expect(await describeExecution(executionArn)).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  expect((await types(executionArn))?.at(-1)).toBe('ExecutionTimedOut');
  await expect(call('SendTaskSuccess', { taskToken: messages[0], output: '{}' })).rejects.toMatchObject({ name: 'TaskTimedOut' });
});

it('times a task out without heartbeats, and not with them', async () => {
  const machine = await create({ N: notify({ HeartbeatSeconds: 10 }) });
  const [silent, alive] = [await start(machine), await start(machine)];
  await lab.clock.advance(6000);
  await call('SendTaskHeartbeat', { taskToken: messages[1] });
  await lab.clock.advance(6000);
  expect(await describeExecution(silent)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect((await types(silent))?.slice(-2)).toEqual(['TaskTimedOut', 'ExecutionFailed']);
  expect((await describeExecution(alive)).status).toBe('RUNNING');
  await expect(call('SendTaskHeartbeat', { taskToken: messages[0] })).rejects.toMatchObject({ name: 'TaskTimedOut' });
});

it('takes a callback that comes before the message was sent', async () => {
  onMessage = (taskToken) => void call('SendTaskSuccess', { taskToken, output: '"early"' });
  const executionArn = await start(await create({ N: notify() }));
  expect(await describeExecution(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"early"' });
  expect((await types(executionArn))?.slice(2, -2)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
});

it('tells a refused request under the name that AWS gives it', async () => {
  onMessage = () => {
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  };
  const executionArn = await start(await create({ N: notify() }));
  const { status, error, cause } = await describeExecution(executionArn);
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'SQS.QueueDoesNotExistException' });
  expect(cause).toMatch(
    /^The specified queue does not exist\. \(Service: AmazonSQS; Status Code: 400; Error Code: QueueDoesNotExist; Request ID: [-0-9a-f]{36}; Proxy: null\)$/,
  );
});

it('fails a task of an activity that is not there', async () => {
  const Resource = 'arn:aws:states:us-east-1:123456789012:activity:none';
  const executionArn = await start(await create({ A: { Type: 'Task', Resource, End: true } }));
  expect(await describeExecution(executionArn)).toMatchObject({ status: 'FAILED', cause: `Activity Does Not Exist: '${Resource}'` });
});

it('counts a time-out of the task alone that timed out, and a missed heartbeat of an activity as such', async () => {
  const processor = (state: object) => ({ StartAt: 'N', States: { N: state } });
  const both = { Type: 'Map', ItemsPath: '$.items', ItemProcessor: processor(notify({ TimeoutSeconds: 5 })), End: true };
  await start(await create({ M: both }), { input: '{"items":[1,2]}' });
  await lab.clock.advance(6000);
  expect(counts['ServiceIntegrationsTimedOut']).toBe(1);
  const { activityArn } = await call<{ activityArn: string }>('CreateActivity', { name: 'a' });
  await start(await create({ A: { Type: 'Task', Resource: activityArn, HeartbeatSeconds: 5, End: true } }, 'A', 'm2'));
  await call('GetActivityTask', { activityArn });
  await lab.clock.advance(6000);
  expect([counts['ActivitiesHeartbeatTimedOut'], counts['ActivitiesTimedOut']]).toEqual([1, undefined]);
});

it('hands no worker a task that is not waited for any more', async () => {
  const { activityArn } = await call<{ activityArn: string }>('CreateActivity', { name: 'a' });
  const machine = await create({ A: { Type: 'Task', Resource: activityArn, InputPath: '$.n', TimeoutSeconds: 5, End: true } });
  await start(machine, { input: '{"n":1}' });
  await lab.clock.advance(6000);
  await start(machine, { input: '{"n":2}' });
  expect(await call('GetActivityTask', { activityArn })).toMatchObject({ input: '2' });
});

it('runs 40 iterations of a Map at once', async () => {
  const wait = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 10, End: true } } };
  const machine = await create({ M: { Type: 'Map', ItemProcessor: wait, ResultPath: null, End: true } });
  const executionArn = await start(machine, { input: JSON.stringify(Array.from({ length: 41 }, (_, i) => i)) });
  const begun = async () => (await types(executionArn))?.filter((type) => type === 'MapIterationStarted').length;
  expect(await begun()).toBe(40);
  await lab.clock.advance(10_000);
  expect(await begun()).toBe(41);
});

it('gives a nested workflow the text that Input is as its input', async () => {
  const child = await create({ P: { Type: 'Pass', End: true } }, 'P', 'child');
  const Parameters = { StateMachineArn: child, 'Input.$': 'States.JsonToString($)' };
  const parent = await create({ T: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters, End: true } });
  const { output } = await describeExecution(await start(parent, { input: '{"a":1}' }));
  expect(JSON.parse(output ?? '{}')).toMatchObject({ Output: { a: 1 } });
});

it('frees a name 90 days after its execution ended', async () => {
  const machine = await create({ P: { Type: 'Pass', End: true } });
  await start(machine, { name: 'n' });
  await lab.clock.advance(89 * dayMs);
  await expect(start(machine, { name: 'n' })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  await lab.clock.advance(2 * dayMs);
  expect(await call('ListExecutions', { stateMachineArn: machine })).toEqual({ executions: [] });
  expect(await types(await start(machine, { name: 'n' }))).toHaveLength(4);
});

it('ends what is open at its next transition when the state machine is deleted', async () => {
  const stateMachineArn = await create({ W: { Type: 'Wait', Seconds: 10, Next: 'P' }, P: { Type: 'Pass', End: true } });
  const executionArn = await start(stateMachineArn);
  await call('DeleteStateMachine', { stateMachineArn });
  expect(await call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ status: 'DELETING' });
  await expect(start(stateMachineArn)).rejects.toMatchObject({ name: 'StateMachineDeleting' });
  await expect(call('UpdateStateMachine', { stateMachineArn, roleArn: `${roleArn}2` })).rejects.toMatchObject({ name: 'StateMachineDeleting' });
  expect((await describeExecution(executionArn)).status).toBe('RUNNING');
  await lab.clock.advance(10_000);
  await expect(call('DescribeStateMachine', { stateMachineArn })).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  await expect(describeExecution(executionArn)).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
});

it('keeps the histories of thousands of ended executions', async () => {
  const machine = await create({ P: { Type: 'Pass', End: true } });
  const arns: string[] = [];
  for (let i = 0; i < 2100; i++) {
    arns.push((await call<{ executionArn: string }>('StartExecution', { stateMachineArn: machine, input: `{"i":${i}}` })).executionArn);
    // The bucket of starts.
    if (i % 1000 === 999) await lab.clock.advance(10_000);
  }
  const { events } = await call<GetExecutionHistoryCommandOutput>('GetExecutionHistory', { executionArn: arns[3] });
  expect(events).toHaveLength(4);
  expect(events?.[0]?.executionStartedEventDetails?.input).toBe('{"i":3}');
});
