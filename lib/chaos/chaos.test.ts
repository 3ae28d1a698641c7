import { Readable } from 'node:stream';
import { FisClient } from '@aws-sdk/client-fis';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import type { AwsClients } from '../core/aws-clients.ts';
import { virtualClock } from '../core/clock.ts';
import type { JournalEvent } from '../record/types.ts';
import { effectWindow } from './automation.ts';
import { siteFlags } from './commands.ts';
import { type ActionsMode, startExperiment } from './experiment-options.ts';
import { previewFault } from './preview.ts';
import { dynamodbHotKey } from './settings/dynamodb-hot-key.ts';
import { lambdaReservedConcurrency } from './settings/lambda-reserved-concurrency.ts';
import { startFault } from './start.ts';
import type { ChaosContext, DeployedFault } from './types.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
/** A FIS client whose requests go to `answer`, as the bytes that AWS would get. */
function scriptedFis(answer: (sent: Sent) => { status?: number; body: object }): { fis: FisClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const handle = async (request: Sent & { body?: string }) => {
    sent.push({ method: request.method, path: request.path, body: request.body ?? '', headers: request.headers });
    const { status = 200, body } = answer(request);
    const bytes = Readable.from([Buffer.from(JSON.stringify(body))]);
    return { response: { statusCode: status, headers: { 'content-type': 'application/json' }, body: bytes } };
  };
  const fis = new FisClient({ region: 'us-east-1', credentials, maxAttempts: 1, requestHandler: { handle } as never });
  return { fis, sent };
}

const fault: DeployedFault = {
  name: 'lambda-throttle',
  templateId: 'EXT1',
  stack: 's',
  setting: 'lambda:reserved-concurrency',
  resource: 'f',
  set: '1',
  pointer: '/p',
  actions: {},
  description: '',
};

function contextWith(fis: FisClient): ChaosContext & { events: JournalEvent[]; clock: ReturnType<typeof virtualClock> } {
  const events: JournalEvent[] = [];
  return { clients: { fis } as AwsClients, clock: virtualClock(), runId: 'r1', journal: (event) => events.push(event), events };
}

describe('startExperiment', () => {
  test.each<ActionsMode>(['skip-all', 'run-all'])('puts %s on the wire, which the SDK would drop, and reads its echo', async (mode) => {
    const { fis, sent } = scriptedFis(() => ({ body: { experiment: { id: 'EXP1', experimentOptions: { actionsMode: mode } } } }));
    const { experiment, echoed } = await startExperiment(fis, { clientToken: 't', experimentTemplateId: 'EXT1', tags: { a: 'ü' } }, mode);
    expect(experiment.id).toBe('EXP1');
    expect(echoed).toBe(mode);
    expect(sent).toHaveLength(1);
    const [{ method, path, body, headers }] = sent as [Sent];
    expect(`${method} ${path}`).toBe('POST /experiments');
    expect(body).toBe(`{"clientToken":"t","experimentTemplateId":"EXT1","tags":{"a":"ü"},"experimentOptions":{"actionsMode":"${mode}"}}`);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(headers['authorization']).toContain('content-length');
  });

  test('two at once keep their own modes', async () => {
    const { fis, sent } = scriptedFis(({ body }) => ({ body: { experiment: { experimentOptions: JSON.parse(body).experimentOptions } } }));
    const modes: ActionsMode[] = ['skip-all', 'run-all'];
    const results = await Promise.all(modes.map((mode) => startExperiment(fis, { clientToken: mode, experimentTemplateId: 'e' }, mode)));
    expect(results.map(({ echoed }) => echoed)).toEqual(modes);
    for (const { body } of sent) expect(JSON.parse(body)).toMatchObject({ clientToken: JSON.parse(body).experimentOptions.actionsMode });
  });
});

describe('previewFault', () => {
  test('stops at once an experiment whose reply does not echo skip-all', async () => {
    const { fis, sent } = scriptedFis(() => ({ body: { experiment: { id: 'EXP1', state: { status: 'initiating' } } } }));
    await expect(previewFault(fault, contextWith(fis))).rejects.toMatchObject({
      code: 'preview-not-skipped',
      message: expect.stringContaining('was stopped at once'),
    });
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /experiments', 'DELETE /experiments/EXP1']);
  });

  test.each([
    ['Target resolution returned empty set', 'fault-target-empty'],
    ['The role cannot be assumed', 'preview-failed'],
  ])('says why it failed: %s', async (reason, code) => {
    const experiment = { id: 'EXP1', state: { status: 'failed', reason }, experimentOptions: { actionsMode: 'skip-all' } };
    const { fis } = scriptedFis(() => ({ body: { experiment } }));
    await expect(previewFault(fault, contextWith(fis))).rejects.toMatchObject({ code, exit: 'usage', message: expect.stringContaining(reason) });
  });

  test('lists what its targets were resolved to', async () => {
    const experiment = {
      id: 'EXP1',
      state: { status: 'completed' },
      actions: { a: { actionId: 'aws:fis:wait' } },
      experimentOptions: { actionsMode: 'skip-all' },
    };
    const resolvedTargets = ['arn:f', 'arn:g'].map((arn) => ({ targetName: 'fns', resourceType: 'aws:lambda:function', targetInformation: { arn } }));
    const { fis } = scriptedFis(({ path }) => ({ body: path.endsWith('/resolvedTargets') ? { resolvedTargets } : { experiment } }));
    expect(await previewFault(fault, contextWith(fis))).toEqual({
      experimentId: 'EXP1',
      actions: { a: 'aws:fis:wait' },
      targets: { fns: [{ arn: 'arn:f' }, { arn: 'arn:g' }] },
      documentParameters: [],
    });
  });
});

describe('startFault', () => {
  test('survives readings that fail, and gives up after five in a row', async () => {
    let readings = 0;
    let failing = (n: number): boolean => n >= 2 && n <= 5;
    const { fis } = scriptedFis(({ method }) => {
      if (method === 'POST') return { body: { experiment: { id: 'EXP1' } } };
      if (failing(++readings)) return { status: 500, body: { message: 'down' } };
      return { body: { experiment: { state: { status: readings < 7 ? 'running' : 'completed', reason: 'r' }, startTime: 1000, endTime: 1061 } } };
    });
    const context = contextWith(fis);
    const running = await startFault(fault, 60, context);
    await context.clock.advance(0);
    for (let second = 0; second < 20; second++) await context.clock.advance(1000);
    expect(await running.done).toEqual({
      experimentId: 'EXP1',
      status: 'completed',
      reason: 'r',
      effect: {},
      fis: { startMs: 1_000_000, endMs: 1_061_000 },
    });
    expect(context.events.flatMap((event) => (event.kind === 'fault-state' ? [event.state] : []))).toEqual(['running', 'completed']);
    failing = () => true;
    const lost = await startFault(fault, 60, context);
    for (let second = 0; second < 20; second++) await context.clock.advance(1000);
    await expect(lost.done).rejects.toThrow('down');
  });
});

test('follows a fault whose steps it may not read, and says so once', async () => {
  const { fis } = scriptedFis(({ method }) => {
    const actions = { a: { actionId: 'aws:ssm:start-automation-execution', parameters: { documentArn: 'arn:document/d' } } };
    const ending = { state: { status: method === 'POST' ? 'initiating' : 'completed' }, creationTime: 1000, startTime: 1000, endTime: 1061 };
    return { body: { experiment: { id: 'EXP1', actions, ...ending } } };
  });
  const context = contextWith(fis);
  const denied = Object.assign(new Error('not authorized to perform ssm:DescribeAutomationExecutions'), { name: 'AccessDeniedException' });
  const ssm = new SSMClient({ region: 'us-east-1', credentials, requestHandler: { handle: () => Promise.reject(denied) } as never });
  const running = await startFault(fault, 60, { ...context, clients: { fis, ssm } as AwsClients });
  for (let second = 0; second < 5; second++) await context.clock.advance(1000);
  expect(await running.done).toMatchObject({ status: 'completed', effect: {} });
  expect(context.events.flatMap((event) => (event.kind === 'warning' ? [event.warning.code] : []))).toEqual(['steps-unreadable']);
});

describe('effectWindow', () => {
  const step = (name: string, startMs: number, api?: string, state = 'Success') => ({
    name,
    state,
    startMs,
    endMs: startMs + 10,
    ...(api ? { api } : {}),
  });
  const apply = step('apply', 100, 'PutFunctionConcurrency');

  test.each<[string, Parameters<typeof effectWindow>[0], object]>([
    ['nothing ran', [], {}],
    [
      'from apply to the step that put it back',
      [apply, step('restore', 200, 'GetParameter'), step('restoreAbsent', 300, 'DeleteFunctionConcurrency')],
      { startMs: 110, endMs: 310 },
    ],
    ['a restore that only reads restores nothing', [apply, step('restore', 200, 'get_parameter'), step('restoreChoice', 300)], { startMs: 110 }],
    ['a restore that failed neither', [apply, step('restoreFound', 300, 'PutFunctionConcurrency', 'Failed')], { startMs: 110 }],
    ['an apply that failed begins nothing', [{ ...apply, state: 'Failed' }, step('restore', 200, 'put_x')], { endMs: 210 }],
  ])('%s', (_, steps, expected) => expect(effectWindow(steps)).toEqual(expected));
});

test('commands reach the site: the setting, the region and the endpoint', async () => {
  expect(lambdaReservedConcurrency.command('f', 'absent')).toBe('aws lambda delete-function-concurrency --function-name f');
  expect(lambdaReservedConcurrency.command('f', '0')).toBe(
    'aws lambda put-function-concurrency --function-name f --reserved-concurrent-executions 0',
  );
  expect(dynamodbHotKey.command('t', "{'a'}")).toContain(`--value '{'\\''a'\\''}'`);
  const flags = (endpoint?: string) =>
    siteFlags({ ssm: new SSMClient({ region: 'eu-west-1', credentials, ...(endpoint ? { endpoint } : {}) }) } as AwsClients);
  expect(await flags()).toBe(' --region eu-west-1');
  expect(await flags('http://127.0.0.1:4566')).toBe(' --region eu-west-1 --endpoint-url http://127.0.0.1:4566');
});
