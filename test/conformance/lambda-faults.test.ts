import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetExperimentCommand, ListExperimentsCommand } from '@aws-sdk/client-fis';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFault } from '../../lib/chaos/find.ts';
import { previewFault } from '../../lib/chaos/preview.ts';
import { probeOf } from '../../lib/chaos/probe.ts';
import { recover } from '../../lib/chaos/recover.ts';
import { startFault } from '../../lib/chaos/start.ts';
import type { ChaosContext, DeployedFault } from '../../lib/chaos/types.ts';
import { registerUndo, releasePointer, undo } from '../../lib/chaos/undo.ts';
import { undoEntries } from '../../lib/chaos/undo-entries.ts';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import type { JournalEvent } from '../../lib/record/types.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// The faults of chaos/ that FIS itself ends, as `run` and `recover` use it, on a clock 40 times as fast as the wall's.
const durationSec = 120;
const delayMs = 300;
let lab: RunningLab;
let clients: AwsClients;
let runs = 0;

beforeAll(async () => {
  const parameters = { FunctionName: 'complete', DurationSeconds: String(durationSec) };
  const fault = (name: string, more: Record<string, string> = {}) => ({
    file: join(packageRoot(), `chaos/${name}.yaml`),
    parameters: { ...parameters, ...more },
  });
  lab = await startTestLab({
    timeScale: 40,
    stacks: [
      { file: join(packageRoot(), 'test/conformance/functions/fis.yaml') },
      fault('lambda-delay', { DelayMilliseconds: String(delayMs) }),
      fault('lambda-error'),
      fault('lambda-http-response', { ApiId: 'shop', StatusCode: '502' }),
    ],
  });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
});

afterAll(async () => {
  clients?.destroy();
  await lab?.stop();
});

function context(): ChaosContext & { readonly events: JournalEvent[] } {
  const events: JournalEvent[] = [];
  return { clients, clock: lab.context.clock, runId: `run-${runs++}`, journal: (event) => events.push(event), events };
}

const find = (name: string): Promise<DeployedFault> => findFault(clients, { name, file: `${name}.yaml`, stack: name, parameters: {} });

async function invoke() {
  const startMs = performance.now();
  const { FunctionError, Payload } = await clients.lambda.send(new InvokeCommand({ FunctionName: 'complete', Payload: '{}' }));
  return {
    ms: performance.now() - startMs,
    FunctionError,
    status: JSON.parse(Payload?.transformToString() ?? 'null').statusCode as number | undefined,
  };
}

async function invokeUntil(done: (invocation: Awaited<ReturnType<typeof invoke>>) => boolean): Promise<void> {
  for (let n = 0; n < 100; n++) {
    if (done(await invoke())) return;
    await sleep(25);
  }
  throw new Error('it did not come');
}

describe('lambda-delay', () => {
  it('is found, previewed, delays, ends by itself, and leaves nothing to restore', async () => {
    await invoke();
    const fault = await find('lambda-delay');
    expect(fault).toMatchObject({ setting: 'none', resource: 'complete', pointer: undefined });
    expect(probeOf(fault)).toBe('AWS/Lambda Duration p50 above 300 of complete');
    const run = context();
    expect(await previewFault(fault, run)).toMatchObject({ actions: { delay: 'aws:lambda:invocation-add-delay' } });
    const entry = await registerUndo(fault, run);
    const running = await startFault(fault, durationSec, run);
    await invokeUntil(({ ms }) => ms >= delayMs);
    const { status, effect, fis } = await running.done;
    expect(status).toBe('completed');
    // The function asks for a slow poll of 20 s.
    expect((effect.startMs ?? 0) - (fis.startMs ?? 0)).toBeGreaterThanOrEqual(20_000);
    expect((effect.startMs ?? 0) - (fis.startMs ?? 0)).toBeLessThan(22_000);
    expect((fis.endMs ?? 0) - (effect.endMs ?? 0)).toBeLessThan(2000);
    expect(run.events).toContainEqual(
      expect.objectContaining({ kind: 'fault-window', of: 'effect', source: 'fis, and a slow poll of the extension (20 s)' }),
    );
    expect(await undo(entry, clients)).toMatchObject({ outcome: 'already-restored', detail: expect.stringContaining('FIS ended it') });
    await releasePointer(fault, clients);
    expect((await undoEntries(clients)).entries).toEqual([]);
    await invokeUntil(({ ms }) => ms < delayMs);
  });

  it('of a run that was killed is stopped by recover, from the site alone', async () => {
    const run = context();
    const fault = await find('lambda-delay');
    await registerUndo(fault, run);
    const { experimentId } = await startFault(fault, durationSec, run);
    await invokeUntil(({ ms }) => ms >= delayMs);
    expect(await recover(clients, { clock: lab.context.clock })).toMatchObject([{ fault: 'lambda-delay', outcome: 'already-restored' }]);
    const { experiment } = await clients.fis.send(new GetExperimentCommand({ id: experimentId }));
    expect(experiment?.state?.status).toBe('stopped');
    await invokeUntil(({ ms }) => ms < delayMs);
    expect((await clients.fis.send(new ListExperimentsCommand({}))).experiments?.every(({ state }) => state?.status !== 'running')).toBe(true);
  });
});

describe.each([
  ['lambda-error', 'AWS/Lambda Errors Sum above 10 of complete', { FunctionError: 'Unhandled', status: undefined }],
  ['lambda-http-response', 'AWS/ApiGateway 5xx Sum above 10 of shop', { FunctionError: undefined, status: 502 }],
] as const)('%s', (name, probe, injected) => {
  it('is found with its probe, answers for the function, and stops when it is told to', async () => {
    const fault = await find(name);
    expect(probeOf(fault)).toBe(probe);
    const running = await startFault(fault, durationSec, context());
    await invokeUntil(({ FunctionError, status }) => FunctionError === injected.FunctionError && status === injected.status);
    await running.stop();
    expect((await running.done).status).toBe('stopped');
    await invokeUntil(({ FunctionError, status }) => FunctionError === undefined && status === undefined);
  });
});
