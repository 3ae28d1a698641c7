import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, GetItemCommand, PutItemCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetExperimentCommand, StartExperimentCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFault } from '../../lib/chaos/find.ts';
import { settingNamed } from '../../lib/chaos/settings/index.ts';
import type { DeployedFault } from '../../lib/chaos/types.ts';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// chaos/table-starvation.yaml and chaos/hot-key.yaml as they are deployed, 40 times as fast as the wall: their two minutes last three seconds.
let lab: RunningLab;
let clients: AwsClients;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'table-faults-'));
  const system = join(folder, 'system.yaml');
  const table = (id: string, capacity: string) =>
    `  ${id}:\n    Type: AWS::DynamoDB::Table\n    Properties: { TableName: ${id.toLowerCase()}, ${capacity}, AttributeDefinitions: [{ AttributeName: sku, AttributeType: S }], KeySchema: [{ AttributeName: sku, KeyType: HASH }] }\n`;
  const provisioned = 'ProvisionedThroughput: { ReadCapacityUnits: 20, WriteCapacityUnits: 50 }';
  writeFileSync(system, `Resources:\n${table('Steady', provisioned)}${table('Elastic', 'BillingMode: PAY_PER_REQUEST')}`);
  const starvation = { file: join(packageRoot(), 'chaos/table-starvation.yaml') };
  const stacks = [
    { ...starvation, parameters: { TableName: 'steady', WriteCapacityUnits: '2' } },
    { ...starvation, stackName: 'starve-elastic', parameters: { TableName: 'elastic', WriteCapacityUnits: '2' } },
    { file: join(packageRoot(), 'chaos/hot-key.yaml'), parameters: { TableName: 'elastic', KeyValue: 'tea', WritesPerSecond: '100' } },
  ];
  lab = await startTestLab({ timeScale: 40, stacks: [{ file: system }, ...stacks] });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
});
afterAll(async () => {
  clients?.destroy();
  await lab?.stop();
  rmSync(folder, { recursive: true });
});

async function units(TableName: string): Promise<{ read: number | undefined; write: number | undefined; status: string | undefined }> {
  const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName }));
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = Table?.ProvisionedThroughput ?? {};
  return { read, write, status: Table?.TableStatus };
}
async function undos(): Promise<Record<string, unknown>> {
  const { Parameters = [] } = await clients.ssm.send(new GetParametersByPathCommand({ Path: '/proofload/undo', Recursive: true }));
  return Object.fromEntries(Parameters.map(({ Name = '', Value = '' }) => [Name, JSON.parse(Value)]));
}
function deployed(name: string, TableName: string): Promise<DeployedFault> {
  return findFault(clients, { name, file: '', stack: name, parameters: { TableName } });
}
async function start({ pointer = '', templateId }: DeployedFault, runId: string): Promise<string> {
  await clients.ssm.send(new PutParameterCommand({ Name: pointer, Value: runId, Overwrite: true }));
  const { experiment } = await clients.fis.send(new StartExperimentCommand({ clientToken: runId, experimentTemplateId: templateId }));
  return experiment?.id ?? '';
}
async function until<Value>(read: () => Promise<Value>, isDone: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    await lab.context.wall.sleep(20);
  }
}
async function ended(id: string): Promise<string | undefined> {
  const read = async () => (await clients.fis.send(new GetExperimentCommand({ id }))).experiment?.state?.status;
  return until(read, (status) => ['completed', 'stopped', 'failed'].includes(status ?? ''));
}

it('starves a provisioned table, and gives its units back', async () => {
  const fault = await deployed('table-starvation', 'steady');
  const id = await start(fault, 'run-1');
  await until(
    () => units('steady'),
    ({ write }) => write === 2,
  );
  const set = { setting: 'dynamodb:provisioned-write-capacity', resource: 'steady', found: '50', set: '2', fault: 'table-starvation' };
  expect(await undos()).toEqual({ '/proofload/undo/run-1/steady': set });
  expect(await ended(id)).toBe('completed');
  expect(
    await until(
      () => units('steady'),
      ({ status }) => status === 'ACTIVE',
    ),
  ).toMatchObject({ read: 20, write: 50 });
  expect(await undos()).toEqual({});
});

it('gives the units back when it is stopped, and leaves alone what somebody else set', async () => {
  const fault = await deployed('table-starvation', 'steady');
  const stopped = await start(fault, 'run-2');
  await until(
    () => units('steady'),
    ({ write }) => write === 2,
  );
  await clients.fis.send(new StopExperimentCommand({ id: stopped }));
  expect(await ended(stopped)).toBe('stopped');
  await until(
    () => units('steady'),
    ({ write, status }) => write === 50 && status === 'ACTIVE',
  );
  const disturbed = await start(fault, 'run-3');
  await until(
    () => units('steady'),
    ({ write, status }) => write === 2 && status === 'ACTIVE',
  );
  const ProvisionedThroughput = { ReadCapacityUnits: 20, WriteCapacityUnits: 30 };
  await clients.dynamodb.send(new UpdateTableCommand({ TableName: 'steady', ProvisionedThroughput }));
  expect(await ended(disturbed)).toBe('completed');
  expect(await units('steady')).toMatchObject({ write: 30 });
});

it('refuses an on-demand table before it has touched anything', async () => {
  expect(await ended(await start(await deployed('table-starvation', 'elastic'), 'run-4'))).toBe('failed');
  expect(Object.keys(await undos())).not.toContain('/proofload/undo/run-4/elastic');
});

it("restores a table's units itself", async () => {
  const setting = settingNamed('dynamodb:provisioned-write-capacity');
  await setting.write(clients, 'steady', '40');
  expect(await setting.read(clients, 'steady')).toBe('40');
  expect(await units('steady')).toMatchObject({ read: 20, write: 40 });
});

it('heats a key without changing its item, and leaves nothing running', async () => {
  await clients.dynamodb.send(new PutItemCommand({ TableName: 'elastic', Item: { sku: { S: 'tea' }, stock: { N: '5' } } }));
  const fault = await deployed('hot-key', 'elastic');
  const id = await start(fault, 'run-5');
  const heat = () => settingNamed('dynamodb:hot-key').read(clients, 'elastic');
  await until(heat, (value) => value === 'tea at 100 a second');
  expect(await undos()).toMatchObject({ '/proofload/undo/run-5/elastic': { found: 'absent', set: 'tea at 100 a second', fault: 'hot-key' } });
  expect(await ended(id)).toBe('completed');
  expect(await heat()).toBe('absent');
  const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName: 'elastic', Key: { sku: { S: 'tea' } } }));
  expect(Item).toEqual({ sku: { S: 'tea' }, stock: { N: '5' } });
});

it('stops the heater when its switch is gone, and writes under a condition that never holds', async () => {
  const heater = new DescribeStackResourceCommand({ StackName: 'hot-key', LogicalResourceId: 'HeaterFunction' });
  const FunctionName = (await clients.cloudformation.send(heater)).StackResourceDetail?.PhysicalResourceId;
  const call = new InvokeCommand({ FunctionName, Payload: JSON.stringify({ writesPerSecond: 200, durationSec: 60 }) });
  await clients.dynamodb.send(new PutItemCommand({ TableName: 'elastic', Item: { sku: { S: 'tea' }, stock: { N: '5' } } }));
  const setting = settingNamed('dynamodb:hot-key');
  await setting.write(clients, 'elastic', 'tea at 100 a second');
  const heating = clients.lambda.send(call);
  await lab.context.wall.sleep(300);
  await setting.write(clients, 'elastic', 'absent');
  const outcomes = JSON.parse(Buffer.from((await heating).Payload ?? []).toString()) as Record<string, number>;
  expect(Object.keys(outcomes)).toEqual(['ConditionalCheckFailedException']);
  expect(outcomes['ConditionalCheckFailedException']).toBeGreaterThan(20);
});
