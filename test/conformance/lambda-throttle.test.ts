import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetExperimentCommand, StartExperimentCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { DeleteParameterCommand, DescribeAutomationExecutionsCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import { AwsError } from '../../lib/core/errors.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// chaos/lambda-throttle.yaml as it is deployed, 40 times as fast as the wall: its two minutes last three seconds.
let lab: RunningLab;
let clients: AwsClients;
let templateId: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'throttle-'));
  const system = join(folder, 'system.yaml');
  writeFileSync(
    system,
    [
      'Resources:',
      '  Fn:',
      '    Type: AWS::Lambda::Function',
      "    Properties: { FunctionName: shop, Runtime: nodejs22.x, Handler: index.handler, Role: 'arn:aws:iam::000000000000:role/r',",
      "      Code: { ZipFile: 'exports.handler = async () => 1' } }",
    ].join('\n'),
  );
  const fault = { file: join(packageRoot(), 'chaos/lambda-throttle.yaml'), parameters: { FunctionName: 'shop', ReservedConcurrency: '0' } };
  lab = await startTestLab({ timeScale: 40, stacks: [{ file: system }, fault] });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'lambda-throttle' }));
  templateId = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ExperimentTemplateId')?.OutputValue ?? '';
});
afterAll(async () => {
  clients?.destroy();
  await lab?.stop();
  rmSync(folder, { recursive: true });
});
let restoreCall = () => {};
afterEach(() => restoreCall());
beforeEach(() => clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'shop' })));

async function reserved(): Promise<number | undefined> {
  return (await clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: 'shop' }))).ReservedConcurrentExecutions;
}
async function reserve(value: number): Promise<void> {
  await clients.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'shop', ReservedConcurrentExecutions: value }));
}
async function undos(): Promise<Record<string, unknown>> {
  const { Parameters = [] } = await clients.ssm.send(new GetParametersByPathCommand({ Path: '/proofload/undo/', Recursive: true }));
  return Object.fromEntries(Parameters.map(({ Name = '', Value = '' }) => [Name, JSON.parse(Value)]));
}
async function start(runId: string): Promise<string> {
  await clients.ssm.send(new PutParameterCommand({ Name: '/proofload/pointer/lambda-throttle', Value: runId, Overwrite: true }));
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

/** Does `instead` in place of some calls that the document makes: of one operation, those whose numbers (from 1) are given. */
function disturb(operation: string, numbers: readonly number[], instead: (act: () => Promise<unknown>) => Promise<unknown>): void {
  const { call } = lab.context;
  let count = 0;
  const disturbed: typeof call = (service, name, input, caller) => {
    const act = () => call<never>(service, name, input, caller);
    const isMeant = name === operation && caller.kind === 'service' && caller.service === 'ssm' && numbers.includes(++count);
    return isMeant ? (instead(act) as ReturnType<typeof act>) : act();
  };
  Object.assign(lab.context, { call: disturbed });
  restoreCall = () => void Object.assign(lab.context, { call });
}
const throttled = () => Promise.reject(new AwsError('TooManyRequestsException', 'Rate exceeded', 429));

it('stores what it finds under the run, throttles, and restores: no reserved concurrency', async () => {
  const id = await start('run-1');
  await until(reserved, (value) => value === 0);
  const set = { setting: 'lambda:reserved-concurrency', resource: 'shop', set: '0', fault: 'lambda-throttle' };
  expect(await undos()).toEqual({ '/proofload/undo/run-1/shop': { ...set, found: 'absent' } });
  await expect(clients.lambda.send(new InvokeCommand({ FunctionName: 'shop' }))).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  expect(await ended(id)).toBe('completed');
  expect(await reserved()).toBeUndefined();
  expect(await undos()).toEqual({});
});

it('restores the value that it found', async () => {
  await reserve(7);
  const id = await start('run-2');
  await until(reserved, (value) => value === 0);
  expect(await undos()).toMatchObject({ '/proofload/undo/run-2/shop': { found: '7' } });
  expect(await ended(id)).toBe('completed');
  expect(await reserved()).toBe(7);
});

it('restores when it is stopped', async () => {
  const id = await start('run-3');
  await until(reserved, (value) => value === 0);
  await clients.fis.send(new StopExperimentCommand({ id }));
  expect(await ended(id)).toBe('stopped');
  await until(reserved, (value) => value === undefined);
  await until(undos, (left) => Object.keys(left).length === 0);
});

it('leaves alone what somebody else changed meanwhile, and keeps the undo as a sign of it', async () => {
  const id = await start('run-4');
  await until(reserved, (value) => value === 0);
  await reserve(3);
  expect(await ended(id)).toBe('completed');
  expect(await reserved()).toBe(3);
  expect(Object.keys(await undos())).toEqual(['/proofload/undo/run-4/shop']);
});

// Calls of GetFunctionConcurrency: 1 checks the function, 2 reads the value, 3 compares.
it('keeps the reservation when the read of it is throttled once', async () => {
  await reserve(50);
  disturb('GetFunctionConcurrency', [2], throttled);
  const id = await start('run-5');
  await until(reserved, (value) => value === 0);
  expect(await undos()).toMatchObject({ '/proofload/undo/run-5/shop': { found: '50' } });
  expect(await ended(id)).toBe('completed');
  expect(await reserved()).toBe(50);
});

it('changes nothing when the value cannot be read', async () => {
  await reserve(50);
  disturb('GetFunctionConcurrency', [2, 3, 4, 5, 6, 7, 8, 9, 10, 11], throttled);
  expect(await ended(await start('run-6'))).toBe('failed');
  expect(await reserved()).toBe(50);
  expect(Object.keys(await undos())).not.toContain('/proofload/undo/run-6/shop');
});

it('never overwrites an undo, and changes nothing when it says something else', async () => {
  await reserve(50);
  const place = '/proofload/undo/run-7/shop';
  await clients.ssm.send(new PutParameterCommand({ Name: place, Type: 'String', Value: '{"found":"9"}' }));
  expect(await ended(await start('run-7'))).toBe('failed');
  expect(await reserved()).toBe(50);
  expect(await undos()).toMatchObject({ [place]: { found: '9' } });
  await clients.ssm.send(new DeleteParameterCommand({ Name: place }));
});

it('restores when the comparing read is throttled once', async () => {
  await reserve(7);
  disturb('GetFunctionConcurrency', [3], throttled);
  expect(await ended(await start('run-8'))).toBe('completed');
  expect(await reserved()).toBe(7);
});

it('fails, and keeps the undo, when it cannot read what to compare', async () => {
  await reserve(7);
  disturb('GetFunctionConcurrency', [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], throttled);
  expect(await ended(await start('run-9'))).toBe('failed');
  expect(await undos()).toMatchObject({ '/proofload/undo/run-9/shop': { found: '7' } });
  await clients.ssm.send(new DeleteParameterCommand({ Name: '/proofload/undo/run-9/shop' }));
});

// GetParameter: 1 the run, 2 to 6 look for an undo that is not there, 7 reads it to restore. PutFunctionConcurrency: 1 applies, 2 restores.
it.each([
  ['restore', 'GetParameter', 7],
  ['compare', 'GetFunctionConcurrency', 3],
  ['restoreFound', 'PutFunctionConcurrency', 2],
])('a cancel during %s still restores', async (step, operation, number) => {
  await reserve(7);
  let id = '';
  disturb(operation, [number], async (act) => {
    const answer = await act();
    await clients.fis.send(new StopExperimentCommand({ id }));
    // Until FIS has passed the stop on.
    await lab.context.wall.sleep(50);
    return answer;
  });
  const runId = `run-cancel-${step}`;
  id = await start(runId);
  expect(await ended(id)).toBe('stopped');
  const { AutomationExecutionMetadataList: [last] = [] } = await clients.ssm.send(new DescribeAutomationExecutionsCommand({}));
  expect(last?.AutomationExecutionStatus).toBe('Cancelled');
  expect(await reserved()).toBe(7);
  expect(Object.keys(await undos())).not.toContain(`/proofload/undo/${runId}/shop`);
});
