import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetExperimentCommand, StartExperimentCommand, StopExperimentCommand } from '@aws-sdk/client-fis';
import { DeleteParameterCommand, GetParameterCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { findFault } from '../../lib/chaos/find.ts';
import type { DeployedFault } from '../../lib/chaos/types.ts';
import { registerUndo, undo } from '../../lib/chaos/undo.ts';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// The faults that tell a third party how to behave, as they are deployed, 40 times as fast as the wall: two minutes last three seconds.
const parameter = '/shop/provider';
const healthy = 'delayMs=0 errorRate=0';
const faults = { 'payment-delay': 'delayMs=5000 errorRate=0', 'payment-error': 'delayMs=0 errorRate=1', 'label-outage': 'delayMs=0 errorRate=1' };

let lab: RunningLab;
let clients: AwsClients;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'third-party-'));
  const system = join(folder, 'system.yaml');
  writeFileSync(
    system,
    `Resources:\n  Conduct:\n    Type: AWS::SSM::Parameter\n    Properties: { Name: ${parameter}, Type: String, Value: ${healthy} }\n`,
  );
  const parameters = { ParameterName: parameter, ProviderFunctionName: 'provider' };
  const stacks = Object.keys(faults).map((name) => ({ file: join(packageRoot(), `chaos/${name}.yaml`), parameters }));
  lab = await startTestLab({ timeScale: 40, stacks: [{ file: system }, ...stacks] });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
});
afterAll(async () => {
  clients?.destroy();
  await lab?.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => put(parameter, healthy));

async function put(Name: string, Value: string): Promise<void> {
  await clients.ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
}
async function conduct(): Promise<string | undefined> {
  return (await clients.ssm.send(new GetParameterCommand({ Name: parameter }))).Parameter?.Value;
}
async function undos(): Promise<Record<string, unknown>> {
  const { Parameters = [] } = await clients.ssm.send(new GetParametersByPathCommand({ Path: '/proofload/undo', Recursive: true }));
  return Object.fromEntries(Parameters.map(({ Name = '', Value = '' }) => [Name, JSON.parse(Value)]));
}
function deployed(name: string): Promise<DeployedFault> {
  return findFault(clients, { name, file: '', stack: name, parameters: { ParameterName: parameter } });
}
async function start({ pointer, templateId }: DeployedFault, runId: string): Promise<string> {
  await put(pointer ?? '', runId);
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

it.each(Object.entries(faults))('%s stores what it finds, sets the conduct, and restores it', async (name, set) => {
  const fault = await deployed(name);
  expect(fault.set).toBe(set);
  const id = await start(fault, `run-${name}`);
  await until(conduct, (value) => value === set);
  expect(await undos()).toEqual({
    [`/proofload/undo/run-${name}${parameter}`]: { setting: 'ssm:parameter', resource: parameter, found: healthy, set, fault: name },
  });
  expect(await ended(id)).toBe('completed');
  expect(await conduct()).toBe(healthy);
  expect(await undos()).toEqual({});
});

it('goes on with the undo that a run stored, restores when it is stopped, and leaves the run nothing to undo', async () => {
  const fault = await deployed('payment-delay');
  const entry = await registerUndo(fault, { clients, clock: lab.context.clock, runId: 'run-2', journal: () => undefined });
  const id = await start(fault, 'run-2');
  await until(conduct, (value) => value === fault.set);
  await clients.fis.send(new StopExperimentCommand({ id }));
  expect(await ended(id)).toBe('stopped');
  await until(conduct, (value) => value === healthy);
  expect(await undo(entry, clients)).toMatchObject({ outcome: 'already-restored' });
});

it('leaves alone what somebody else changed meanwhile', async () => {
  const fault = await deployed('label-outage');
  const id = await start(fault, 'run-3');
  await until(conduct, (value) => value === fault.set);
  await put(parameter, 'delayMs=7');
  expect(await ended(id)).toBe('completed');
  expect(await conduct()).toBe('delayMs=7');
  const [place = ''] = Object.keys(await undos());
  await clients.ssm.send(new DeleteParameterCommand({ Name: place }));
});

it('leaves a text with quotes as it is: its undo could not be kept', async () => {
  const fault = await deployed('payment-error');
  await put(parameter, '{"delayMs":0}');
  expect(await ended(await start(fault, 'run-4'))).toBe('failed');
  expect(await conduct()).toBe('{"delayMs":0}');
  expect(await undos()).toEqual({});
});

it('names its probe, and a run puts the text back itself where the document did not', async () => {
  const fault = await deployed('payment-delay');
  expect(fault.probe).toBe('AWS/Lambda Duration Maximum above 5000 of provider');
  const entry = await registerUndo(fault, { clients, clock: lab.context.clock, runId: 'run-5', journal: () => undefined });
  await put(parameter, fault.set);
  expect(await undo(entry, clients)).toMatchObject({ outcome: 'restored' });
  expect(await conduct()).toBe(healthy);
});
