import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStackCommand, DescribeStackResourceCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { GetExperimentCommand, StartExperimentCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { DeleteParameterCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { findFault } from '../../lib/chaos/find.ts';
import { settingNamed } from '../../lib/chaos/settings/index.ts';
import type { DeployedFault } from '../../lib/chaos/types.ts';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// chaos/lost-callback.yaml as it is deployed, 40 times as fast as the wall: its two minutes last three seconds.
let lab: RunningLab;
let clients: AwsClients;
let folder: string;
let mapping: string;
let fault: DeployedFault;
const setting = settingNamed('lambda:event-source-mapping-enabled');
const state = () => setting.read(clients, mapping);

const system = `Resources:
  Queue: { Type: AWS::SQS::Queue }
  Worker:
    Type: AWS::Lambda::Function
    Properties: { Runtime: nodejs22.x, Handler: index.handler, Role: 'arn:aws:iam::000000000000:role/r', Code: { ZipFile: 'exports.handler = async () => 1' } }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Worker }
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lost-callback-'));
  writeFileSync(join(folder, 'system.yaml'), system);
  lab = await startTestLab({ timeScale: 40, stacks: [{ file: join(folder, 'system.yaml'), stackName: 'system' }] });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  mapping = await physicalId('Mapping');
  await clients.cloudformation.send(
    new CreateStackCommand({
      StackName: 'lost-callback',
      TemplateBody: readFileSync(join(packageRoot(), 'chaos/lost-callback.yaml'), 'utf8'),
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: [
        { ParameterKey: 'MappingId', ParameterValue: mapping },
        { ParameterKey: 'QueueUrl', ParameterValue: await physicalId('Queue') },
      ],
    }),
  );
  await waitUntilStackCreateComplete({ client: clients.cloudformation, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { StackName: 'lost-callback' });
  fault = await findFault(clients, { name: 'lost-callback', file: '', stack: 'lost-callback', parameters: { MappingId: mapping } });
});
afterAll(async () => {
  clients?.destroy();
  await lab?.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => enable(true));

async function physicalId(LogicalResourceId: string): Promise<string> {
  const found = await clients.cloudformation.send(new DescribeStackResourceCommand({ StackName: 'system', LogicalResourceId }));
  return found.StackResourceDetail?.PhysicalResourceId ?? '';
}
async function until<Value>(read: () => Promise<Value>, isDone: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    await lab.context.wall.sleep(20);
  }
}
/** Once it takes the change: a mapping that is being changed takes none. */
async function enable(Enabled: boolean): Promise<void> {
  const change = () => clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping, Enabled }));
  await until(
    () =>
      change().then(
        () => true,
        () => false,
      ),
    (done) => done,
  );
}
async function undos(): Promise<Record<string, unknown>> {
  const { Parameters = [] } = await clients.ssm.send(new GetParametersByPathCommand({ Path: '/proofload/undo', Recursive: true }));
  return Object.fromEntries(Parameters.map(({ Name = '', Value = '' }) => [Name, JSON.parse(Value)]));
}
async function start(runId: string): Promise<string> {
  await clients.ssm.send(new PutParameterCommand({ Name: fault.pointer ?? '', Value: runId, Overwrite: true }));
  const { experiment } = await clients.fis.send(new StartExperimentCommand({ clientToken: runId, experimentTemplateId: fault.templateId }));
  return experiment?.id ?? '';
}
async function ended(id: string): Promise<string | undefined> {
  const read = async () => (await clients.fis.send(new GetExperimentCommand({ id }))).experiment?.state?.status;
  return until(read, (status) => ['completed', 'stopped', 'failed'].includes(status ?? ''));
}

it('disables the mapping, stores what it found, enables it again, and is proved by how long messages wait', async () => {
  expect(fault.probe).toMatch(/^AWS\/SQS ApproximateAgeOfOldestMessage Maximum above 20 of system-Queue-\w+$/);
  const id = await start('run-1');
  await until(state, (value) => value === 'Disabled');
  const stored = { setting: setting.name, resource: mapping, found: 'Enabled', set: 'Disabled', fault: 'lost-callback' };
  expect(await undos()).toEqual({ [`/proofload/undo/run-1/${mapping}`]: stored });
  expect(await ended(id)).toBe('completed');
  expect(await state()).toBe('Enabled');
  expect(await undos()).toEqual({});
});

it('enables it again when it is stopped, even while it is being disabled', async () => {
  const id = await start('run-2');
  await until(state, (value) => value === 'Disabled');
  await clients.fis.send(new StopExperimentCommand({ id }));
  expect(await ended(id)).toBe('stopped');
  await until(state, (value) => value === 'Enabled');
  await until(undos, (left) => Object.keys(left).length === 0);
});

it('leaves disabled what it found disabled', async () => {
  await enable(false);
  expect(await ended(await start('run-3'))).toBe('completed');
  expect(await state()).toBe('Disabled');
  expect(await undos()).toEqual({});
});

it('leaves alone what somebody else enabled meanwhile', async () => {
  const id = await start('run-4');
  await until(state, (value) => value === 'Disabled');
  // Until the document has seen it disabled, and waits.
  await lab.context.wall.sleep(1200);
  await enable(true);
  expect(await ended(id)).toBe('completed');
  expect(await state()).toBe('Enabled');
  const [place = ''] = Object.keys(await undos());
  await clients.ssm.send(new DeleteParameterCommand({ Name: place }));
});
