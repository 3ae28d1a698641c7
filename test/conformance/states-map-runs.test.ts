import { CloudFormationClient, CreateStackCommand, DescribeStackResourcesCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const RoleArn = 'arn:aws:iam::000000000000:role/flow';

let lab: RunningLab;
let sfn: SFNClient;
let cloudformation: CloudFormationClient;

beforeAll(async () => {
  lab = await startTestLab({ timeScale: 20 });
  const options = { region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 };
  [sfn, cloudformation] = [new SFNClient(options), new CloudFormationClient(options)];
});

afterAll(async () => {
  sfn?.destroy();
  cloudformation?.destroy();
  await lab?.stop();
});

const ended = async (executionArn: string | undefined, status: string) => {
  const describeIt = () => sfn.send(new DescribeExecutionCommand({ executionArn }));
  await expect.poll(async () => (await describeIt()).status, { timeout: 10_000, interval: 5 }).toBe(status);
  return describeIt();
};

/** A template of one state machine, which fails for the item 2 unless told otherwise. */
function template(failing: number): string {
  const choice = { Type: 'Choice', Choices: [{ Variable: '$.v', NumericEquals: failing, Next: 'Bad' }], Default: 'Good' };
  const inner = { StartAt: 'C', States: { C: choice, Bad: { Type: 'Fail', Error: 'Bad' }, Good: { Type: 'Wait', Seconds: 1, End: true } } };
  const ItemProcessor = { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
  const map = { Type: 'Map', ItemProcessor, Label: 'each', ItemSelector: { 'v.$': '$$.Map.Item.Value' }, MaxConcurrency: 1, End: true };
  const Definition = { StartAt: 'M', States: { M: map } };
  return JSON.stringify({ Resources: { Flow: { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn, Definition } } } });
}

async function flowArn(): Promise<string | undefined> {
  const { StackResources: [resource] = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: 'flow' }));
  return resource?.PhysicalResourceId;
}

it('tells a Map Run and its children, redrives it, and runs on with the definition that it began with', async () => {
  await cloudformation.send(new CreateStackCommand({ StackName: 'flow', TemplateBody: template(2) }));
  const stateMachineArn = await flowArn();
  const input = '[1,2,3]';
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  expect(await ended(executionArn, 'FAILED')).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
  const { mapRuns: [{ mapRunArn = '' } = {}] = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  const counts = { succeeded: 1, failed: 1, aborted: 1, total: 3, resultsWritten: 1 };
  expect(await sfn.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({ status: 'FAILED', itemCounts: counts, executionCounts: counts });
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ mapRunArn }));
  expect(executions.map(({ status, itemCount }) => [status, itemCount])).toEqual([
    ['FAILED', 1],
    ['SUCCEEDED', 1],
  ]);
  await expect(sfn.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 2 }))).rejects.toMatchObject({ name: 'ValidationException' });

  // The stack's new definition fails for no item: it is another's revision, of the same state machine.
  await cloudformation.send(new UpdateStackCommand({ StackName: 'flow', TemplateBody: template(9) }));
  expect(await flowArn()).toBe(stateMachineArn);
  await sfn.send(new RedriveExecutionCommand({ executionArn }));
  expect(await ended(executionArn, 'FAILED')).toMatchObject({ redriveCount: 1 });
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.find(({ type }) => type === 'MapRunRedriven')).toMatchObject({ mapRunRedrivenEventDetails: { mapRunArn, redriveCount: 1 } });
  const { executionArn: anew } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  expect(await ended(anew, 'SUCCEEDED')).toMatchObject({ output: '[{"v":1},{"v":2},{"v":3}]' });
});
