import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateExperimentTemplateCommand, ListExperimentsCommand } from '@aws-sdk/client-fis';
import { DeleteFunctionConcurrencyCommand, GetFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { DeleteParameterCommand, DescribeAutomationExecutionsCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFault } from '../../lib/chaos/find.ts';
import { addStopConditions, firstInAlarm, periodsOver, publishGuards, raiseAlarms, valuesFirstMs } from '../../lib/chaos/guard-alarms.ts';
import { previewFault } from '../../lib/chaos/preview.ts';
import { recover } from '../../lib/chaos/recover.ts';
import { fisStopConditions } from '../../lib/chaos/settings/fis-stop-conditions.ts';
import { startFault } from '../../lib/chaos/start.ts';
import type { ChaosContext, DeployedFault, UndoEntry } from '../../lib/chaos/types.ts';
import { registerUndo, releasePointer, undo } from '../../lib/chaos/undo.ts';
import { undoEntries } from '../../lib/chaos/undo-entries.ts';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import type { JournalEvent } from '../../lib/record/types.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// lib/chaos as `run` and `recover` use it, against a lab 60 times as fast as the wall: a fault of a minute lasts a second.
const durationSec = 60;
let lab: RunningLab;
let clients: AwsClients;
let folder: string;
let runs = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const code =
    "Runtime: nodejs22.x, Handler: index.handler, Role: 'arn:aws:iam::000000000000:role/r', Code: { ZipFile: 'exports.handler = async () => 1' }";
  const system = `Resources:\n  Shop: { Type: AWS::Lambda::Function, Properties: { FunctionName: shop, ${code} } }\n  Cart: { Type: AWS::Lambda::Function, Properties: { FunctionName: cart, ${code} } }\n`;
  const parameters = { FunctionName: 'shop', ReservedConcurrency: '0', DurationSeconds: String(durationSec) };
  lab = await startTestLab({
    timeScale: 60,
    stacks: [
      { file: file('system.yaml', system) },
      { file: join(packageRoot(), 'chaos/lambda-throttle.yaml'), parameters },
      { file: file('no-restore.yaml', withoutRestore()), parameters },
      { file: join(packageRoot(), 'chaos/lambda-throttle.yaml'), stackName: 'long', parameters: { ...parameters, DurationSeconds: '900' } },
    ],
  });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
});
afterAll(async () => {
  clients?.destroy();
  await lab?.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => reserve(undefined));

/** The shipped fault as somebody might break it: nothing restores, neither at the end nor on failure or cancel. */
function withoutRestore(): string {
  const text = readFileSync(join(packageRoot(), 'chaos/lambda-throttle.yaml'), 'utf8');
  const [before = '', rest = ''] = text.split(/^ +# No undo any more.*\n/m);
  const [, after = ''] = rest.split(/(?=^ +# Steps can only lead to steps)/m);
  const broken = (before + after)
    .replaceAll(/^ +on(Failure|Cancel): step:restore\n/gm, '')
    .replace('proofload:fault: lambda-throttle', 'proofload:fault: no-restore')
    .replaceAll('"fault":"lambda-throttle"', '"fault":"no-restore"');
  expect(broken).not.toContain('restoreFound');
  return broken;
}

async function reserved(): Promise<number | undefined> {
  return (await clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: 'shop' }))).ReservedConcurrentExecutions;
}
async function reserve(value: number | undefined): Promise<void> {
  if (value === undefined) await clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'shop' }));
  else await clients.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'shop', ReservedConcurrentExecutions: value }));
}
async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await lab.context.wall.sleep(10);
}
const throttled = () => until(async () => (await reserved()) === 0);

function wanted(name: string, parameters: Record<string, string> = {}) {
  return { name, file: `chaos/${name}.yaml`, stack: name, parameters };
}
function context(): ChaosContext & { events: JournalEvent[] } {
  const events: JournalEvent[] = [];
  return { clients, clock: lab.context.clock, runId: `run-${++runs}`, journal: (event) => events.push(event), events };
}
async function pointer(fault: DeployedFault): Promise<string | undefined> {
  return (await clients.ssm.send(new GetParameterCommand({ Name: fault.pointer ?? '' }))).Parameter?.Value;
}
async function alarmName(): Promise<string | undefined> {
  const { StackResources = [] } = await clients.cloudformation.send(new DescribeStackResourcesCommand({ StackName: 'lambda-throttle' }));
  return StackResources.find((each) => each.LogicalResourceId === 'StopAlarm')?.PhysicalResourceId;
}
const left = async () => (await undoEntries(clients)).entries.map((entry) => entry.place);

describe('finding a fault', () => {
  it('describes what is deployed', async () => {
    expect(await findFault(clients, wanted('lambda-throttle', { FunctionName: 'shop', ReservedConcurrency: '0' }))).toMatchObject({
      name: 'lambda-throttle',
      stack: 'lambda-throttle',
      setting: 'lambda:reserved-concurrency',
      resource: 'shop',
      set: '0',
      pointer: '/proofload/pointer/lambda-throttle',
      actions: { throttle: 'aws:ssm:start-automation-execution' },
    });
  });

  it('names each difference, and the command that deploys what is asked for', async () => {
    await expect(findFault(clients, wanted('lambda-throttle', { FunctionName: 'cart', ReservedConcurrency: '1' }))).rejects.toMatchObject({
      code: 'fault-differs',
      exit: 'usage',
      message: expect.stringMatching(/FunctionName=shop, not cart.*ReservedConcurrency=0, not 1/),
    });
    await expect(findFault(clients, wanted('meteor', { A: '1' }))).rejects.toMatchObject({
      code: 'fault-not-deployed',
      exit: 'usage',
      hint: expect.stringContaining(
        'aws cloudformation deploy --template-file chaos/meteor.yaml --stack-name meteor --capabilities CAPABILITY_IAM --parameter-overrides A=1',
      ),
    });
  });
});

it('a preview resolves the experiment and changes nothing', async () => {
  await reserve(7);
  const fault = await findFault(clients, wanted('lambda-throttle'));
  const automations = async () => (await clients.ssm.send(new DescribeAutomationExecutionsCommand({}))).AutomationExecutionMetadataList?.length;
  const before = await automations();
  expect(await previewFault(fault, context())).toMatchObject({ actions: fault.actions, targets: {} });
  expect(await automations()).toBe(before);
  expect(await reserved()).toBe(7);
  expect(await left()).toEqual([]);
});

describe('a fault', () => {
  it.each([undefined, 7])('that finds %s is watched to its end, and leaves nothing to undo', async (found) => {
    await reserve(found);
    const run = context();
    const fault = await findFault(clients, wanted('lambda-throttle'));
    const entry = await registerUndo(fault, run);
    expect(entry.found).toBe(found === undefined ? 'absent' : '7');
    expect(await left()).toEqual([`/proofload/undo/${run.runId}/shop`]);
    expect(await pointer(fault)).toBe(run.runId);

    const running = await startFault(fault, durationSec, run);
    await throttled();
    const outcome = await running.done;
    expect(outcome).toMatchObject({ status: 'completed', experimentId: running.experimentId });
    expect(await undo(entry, clients)).toMatchObject({ outcome: 'already-restored' });
    await releasePointer(fault, clients);
    expect(await pointer(fault)).toBe('manual');
    expect(await reserved()).toBe(found);
    expect(await left()).toEqual([]);

    const windows = run.events.flatMap((event) => (event.kind === 'fault-window' ? [event] : []));
    expect(windows.map((event) => event.of)).toEqual(['asked', 'fis', 'effect']);
    const [asked, fis, effect] = windows.map((event) => event.window);
    expect(asked!.endMs - asked!.startMs).toBe(durationSec * 1000);
    expect(effect!.startMs).toBeGreaterThanOrEqual(fis!.startMs - 1000);
    expect(effect!.endMs - effect!.startMs).toBeGreaterThanOrEqual(durationSec * 1000);
    expect(effect!.endMs).toBeLessThanOrEqual(fis!.endMs + 1000);
    const steps = run.events.flatMap((event) => (event.kind === 'fault-step' && event.state === 'Success' ? [event.step] : []));
    expect(steps).toEqual(expect.arrayContaining(['apply', 'wait', found === undefined ? 'restoreAbsent' : 'restoreFound', 'forget']));
    const states = run.events.flatMap((event) => (event.kind === 'fault-state' ? [event.state] : []));
    expect(states.at(-1)).toBe('completed');
  });

  it('that is stopped restores by its own document', async () => {
    await reserve(7);
    const run = context();
    const fault = await findFault(clients, wanted('lambda-throttle'));
    const entry = await registerUndo(fault, run);
    const running = await startFault(fault, durationSec, run);
    await throttled();
    await running.stop();
    expect((await running.done).status).toBe('stopped');
    expect(await reserved()).toBe(7);
    expect(await undo(entry, clients)).toMatchObject({ outcome: 'already-restored' });
    await releasePointer(fault, clients);
  });

  it('is stopped by the alarm of its stop condition', async () => {
    const run = context();
    const fault = await findFault(clients, wanted('lambda-throttle'));
    const entry = await registerUndo(fault, run);
    const running = await startFault(fault, durationSec, run);
    await throttled();
    const alarm = await alarmName();
    await clients.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'ALARM', StateReason: 'test' }));
    expect(await running.done).toMatchObject({ status: 'stopped', reason: 'Experiment halted by stop condition.' });
    await clients.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'OK', StateReason: 'test' }));
    expect(await undo(entry, clients)).toMatchObject({ outcome: 'already-restored' });
    await releasePointer(fault, clients);
  });

  it('whose document does not restore is restored by undo', async () => {
    await reserve(7);
    const run = context();
    const fault = await findFault(clients, wanted('no-restore'));
    const entry = await registerUndo(fault, run);
    const outcome = await (await startFault(fault, durationSec, run)).done;
    expect(outcome.effect.startMs).toBeDefined();
    expect(outcome.effect.endMs).toBeUndefined();
    expect(await reserved()).toBe(0);
    expect(await undo(entry, clients)).toMatchObject({ outcome: 'restored', detail: expect.stringContaining('from 0 to 7') });
    expect(await reserved()).toBe(7);
    expect(await left()).toEqual([]);
    await releasePointer(fault, clients);
  });

  it('whose value somebody else changes is left alone, reported, and blocks the next run until it is settled', async () => {
    await reserve(7);
    const run = context();
    const fault = await findFault(clients, wanted('lambda-throttle'));
    const entry = await registerUndo(fault, run);
    const running = await startFault(fault, durationSec, run);
    await throttled();
    await reserve(3);
    // Its document reads the undo in `restore` and then leaves the value alone: no step says when the effect ended.
    expect((await running.done).effect.endMs).toBeUndefined();
    expect(await undo(entry, clients)).toMatchObject({
      outcome: 'changed-by-other',
      command: `aws lambda put-function-concurrency --function-name shop --reserved-concurrent-executions 7 --region us-east-1 --endpoint-url ${lab.endpoint}`,
    });
    expect(await reserved()).toBe(3);
    await expect(findFault(clients, wanted('lambda-throttle'))).rejects.toMatchObject({ code: 'undo-pending', exit: 'usage' });
    await expect(registerUndo(fault, context())).rejects.toMatchObject({ code: 'undo-pending' });
    await reserve(7);
    expect(await recover(clients, { clock: lab.context.clock })).toMatchObject([{ outcome: 'already-restored' }]);
    expect(await left()).toEqual([]);
    expect(await pointer(fault)).toBe('manual');
  });

  it('that cannot be undone is an outcome with the command', async () => {
    const entry = {
      runId: 'r',
      place: '/proofload/undo/r/gone',
      fault: 'f',
      setting: 'lambda:reserved-concurrency',
      resource: 'gone',
      found: 'absent',
      set: '0',
    };
    expect(await undo(entry, clients)).toMatchObject({
      outcome: 'failed',
      command: `aws lambda delete-function-concurrency --function-name gone --region us-east-1 --endpoint-url ${lab.endpoint}`,
    });
  });
});

describe('recover, from the site alone', () => {
  it.each(['lambda-throttle', 'no-restore'])('ends %s of a run that is gone and restores "absent"', async (name) => {
    const run = context();
    const fault = await findFault(clients, wanted(name));
    await registerUndo(fault, run);
    await startFault(fault, durationSec, run);
    await throttled();
    const outcomes = await recover(clients, { clock: lab.context.clock });
    expect(outcomes).toMatchObject([{ runId: run.runId, resource: 'shop', outcome: name === 'no-restore' ? 'restored' : 'already-restored' }]);
    expect(await reserved()).toBeUndefined();
    expect(await left()).toEqual([]);
    expect(await pointer(fault)).toBe('manual');
    const { experiments = [] } = await clients.fis.send(new ListExperimentsCommand({}));
    expect(experiments.find((each) => each.tags?.['proofload:run'] === run.runId)?.state?.status).toBe('stopped');
    expect(await recover(clients, { clock: lab.context.clock })).toEqual([]);
  });

  it('goes on after undo data that nobody can read, and reports it', async () => {
    const run = context();
    const fault = await findFault(clients, wanted('no-restore'));
    await registerUndo(fault, run);
    const place = '/proofload/undo/broken/shop';
    await clients.ssm.send(new PutParameterCommand({ Name: place, Type: 'String', Value: '{' }));
    await reserve(0);
    expect(await recover(clients, { clock: lab.context.clock })).toMatchObject([
      { runId: run.runId, outcome: 'restored' },
      { runId: 'broken', outcome: 'failed', command: expect.stringContaining(place) },
    ]);
    await clients.ssm.send(new DeleteParameterCommand({ Name: place }));
  });
});

it('FIS refuses a maxDuration of 20 s as AWS does', async () => {
  const create = new CreateExperimentTemplateCommand({
    clientToken: 't',
    description: 'too short',
    roleArn: 'arn:aws:iam::000000000000:role/fis',
    stopConditions: [{ source: 'none' }],
    actions: {
      throttle: {
        actionId: 'aws:ssm:start-automation-execution',
        parameters: { documentArn: 'arn:aws:ssm:us-east-1:000000000000:document/d', maxDuration: 'PT20S' },
      },
    },
  });
  await expect(clients.fis.send(create)).rejects.toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
});

describe('guards on the site', () => {
  const guard = { name: 'error_rate over 10 s', above: 5, unit: 'Percent' } as const;
  /** Sends `value` until the returned function is called, and makes the alarm as soon as that can be. */
  async function guarded(value: number, run: ChaosContext): Promise<{ alarm: string; entry: UndoEntry; die(): Promise<void> }> {
    let alive = true;
    const sending = until(async () => !(await publishGuards(clients, run.runId, [{ ...guard, value }])) || !alive);
    await lab.context.clock.sleep(valuesFirstMs);
    const entries: UndoEntry[] = [];
    const [alarm = ''] = await raiseAlarms([guard], periodsOver(1), run, (entry) => entries.push(entry));
    const die = async () => {
      alive = false;
      await sending;
    };
    return { alarm, entry: entries[0]!, die };
  }
  const described = async (alarm: string) => (await clients.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }))).MetricAlarms?.[0];

  it('stop the fault of a run that is gone, by its document, and recover removes them', async () => {
    const run = context();
    const fault = await findFault(clients, wanted('lambda-throttle', { DurationSeconds: '900' }));
    const conditions = () => fisStopConditions.read(clients, fault.templateId);
    const before = await conditions();
    const { alarm, die } = await guarded(1, run);
    await until(async () => (await described(alarm))?.StateValue !== 'INSUFFICIENT_DATA');
    expect((await described(alarm))?.StateValue).toBe('OK');

    const registered: UndoEntry[] = [];
    await addStopConditions(fault.templateId, [alarm], run, (entry) => registered.push(entry));
    expect(JSON.parse(await conditions())).toHaveLength(2);
    await registerUndo(fault, run);
    const running = await startFault(fault, 900, run);
    expect(await undo(registered[0]!, clients)).toMatchObject({ outcome: 'restored' });
    expect(await conditions()).toBe(before);
    await throttled();
    await die();
    expect(await running.done).toMatchObject({ status: 'stopped', reason: 'Experiment halted by stop condition.' });
    expect(await firstInAlarm([alarm], clients)).toMatchObject({ name: alarm });
    expect(await reserved()).toBeUndefined();

    expect(await recover(clients, { clock: lab.context.clock })).toContainEqual(expect.objectContaining({ resource: alarm, outcome: 'restored' }));
    expect(await described(alarm)).toBeUndefined();
    expect(await left()).toEqual([]);
  });

  it('go off at a breach', async () => {
    const { alarm, entry, die } = await guarded(5.1, context());
    await until(async () => (await firstInAlarm([alarm], clients)) !== undefined);
    expect((await described(alarm))?.StateReason).toMatch(/^Threshold Crossed: 2 .* datapoints.*greater than the threshold \(5\.0\)/);
    await die();
    expect(await undo(entry, clients)).toMatchObject({ outcome: 'restored' });
  });
});
