import { afterEach, describe, expect, it } from 'vitest';
import { wallClock } from '../../core/clock.ts';
import type { WireRequest, WireResponse } from '../contract.ts';
import { bundleFiles } from './bundle.ts';
import { FunctionHosts, type FunctionHostsOptions } from './function-hosts.ts';
import type { HostedEnvironment } from './hosted-environment.ts';
import { processMs, type ResultMessage } from './messages.ts';

let hosts: FunctionHosts | undefined;
let nextDefinition = 1;

afterEach(() => hosts?.stop());

type Wire = (request: WireRequest) => Promise<WireResponse>;

const noWire: Wire = () => Promise.reject(new Error('nothing is to be sent'));

function newHosts(wire: Wire = noWire, more: Partial<FunctionHostsOptions> = {}): FunctionHosts {
  hosts = new FunctionHosts({ wall: wallClock(), count: 1, wire, ...more });
  return hosts;
}

async function environmentOf(code: string, { name = 'f', runtime = 'nodejs22.x', variables = {} } = {}): Promise<HostedEnvironment> {
  const id = nextDefinition++;
  const bundle = await bundleFiles(new Map([['index.js', Buffer.from(code)]]), 'index.js');
  const fixed = { handler: 'index.handler', memoryMb: 1769, region: 'us-east-1', logGroup: '/aws/lambda/f' };
  hosts?.define({ id, name, arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, ...bundle, ...fixed, runtime, variables });
  const environment = hosts?.start(id, 'stream') as HostedEnvironment;
  expect((await environment.started).error).toBeUndefined();
  return environment;
}

async function run(environment: HostedEnvironment, event: unknown = {}): Promise<ResultMessage & { readonly value: unknown }> {
  const end = await environment.invoke({ requestId: 'r', payload: JSON.stringify(event), timeoutMs: 5000, traceId: 't', dueAt: processMs() });
  if (end.kind !== 'result') throw new Error(end.kind);
  return { ...end, value: JSON.parse(end.payload) };
}

const getItem = `
  const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
  const get = (client) => client.send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } }));`;

function answer(status: number, body: object, modelledMs?: number): WireResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { status, headers, body: JSON.stringify(body), ...(modelledMs === undefined ? {} : { modelledMs }) } as WireResponse;
}

describe('a handler with a callback', () => {
  it('is answered with what it calls back with, once what it has opened is closed', async () => {
    newHosts();
    const cases = [
      ['(event, context, done) => { setTimeout(() => done(null, { ok: 1 }), 40); }', { ok: 1 }],
      ['(event, context, done) => { done(null, "first"); done(null, "second"); }', 'first'],
      ['(event, context, done) => { const o = {}; setTimeout(() => { o.late = 1; }, 30); done(null, o); }', { late: 1 }],
      ['(event, context, done) => { context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 5); done(null, 7); }', 7],
      ['(event, context, done) => { setTimeout(() => {}, 20); return 5; }', null],
      ['() => 5', null],
    ] as const;
    for (const [handler, expected] of cases) {
      const { failed, value } = await run(await environmentOf(`exports.handler = ${handler};`));
      expect({ handler, failed, value }).toEqual({ handler, failed: false, value: expected });
    }
    const failing = await run(await environmentOf('exports.handler = (e, c, done) => { setTimeout(() => done(new RangeError("no")), 10); };'));
    expect(failing).toMatchObject({ failed: true, value: { errorType: 'RangeError', errorMessage: 'no' } });
  });

  it('waits for an SDK call between its attempts too', async () => {
    let attempts = 0;
    newHosts(async () =>
      ++attempts < 3 ? answer(500, { __type: 'InternalServerError', message: 'again' }) : answer(200, { Item: { id: { S: 'a' } } }),
    );
    const environment = await environmentOf(
      `${getItem} const client = new DynamoDBClient({}); exports.handler = (e, c, done) => { get(client).then(({ Item }) => done(null, Item.id.S), done); };`,
    );
    expect((await run(environment)).value).toBe('a');
    expect(attempts).toBe(3);
  });
});

describe('what an invocation took longer than modelled', () => {
  it('counts calls side by side once, calls one after the other each, and a timer only where something follows it', async () => {
    const lateMs = 20;
    newHosts(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2 * lateMs));
      return answer(200, {}, lateMs);
    });
    const environment = await environmentOf(`${getItem} const client = new DynamoDBClient({});
      exports.handler = async ({ beside = 0, after = 0, busyMs = 0 }) => {
        await Promise.all(Array.from({ length: beside }, () => get(client)));
        for (let i = 0; i < after; i++) await get(client);
        if (busyMs === 0) return 1;
        setTimeout(() => undefined, 1);
        await new Promise((resolve) => setTimeout(resolve, 2 * busyMs));
        return 2;
      };
      const start = exports.handler;
      exports.handler = async (event) => {
        const done = start(event);
        for (const untilMs = performance.now() + (event.busyMs ?? 0); performance.now() < untilMs; );
        return done;
      };`);
    await run(environment, { after: 1 });
    const beside = (await run(environment, { beside: 20 })).lateMs;
    expect(beside).toBeGreaterThan(lateMs * 0.8);
    expect(beside).toBeLessThan(lateMs * 2.5);
    expect((await run(environment, { after: 3 })).lateMs).toBeGreaterThan(lateMs * 3 * 0.8);
    // The first timer is due while the handler keeps the thread for 60 ms, the second, which is waited for, is not.
    expect((await run(environment, { busyMs: 60 })).lateMs).toBeLessThan(30);
  });
});

describe("the SDK's clients", () => {
  it('only warn of a request that exceeds its time-out, unless they are told to throw', async () => {
    newHosts(async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return answer(200, {});
    });
    const environment = await environmentOf(`${getItem} exports.handler = async (requestHandler) => {
      const client = new DynamoDBClient({ maxAttempts: 1, requestHandler });
      return get(client).then(() => 'answered', ({ name }) => name);
    };`);
    const warned = await run(environment, { requestTimeout: 10 });
    expect(warned.value).toBe('answered');
    expect(warned.lines?.join()).toMatch(/\tWARN\t@smithy\/node-http-handler - \[WARN\] a request has exceeded the configured 10 ms requestTimeout/);
    expect((await run(environment, { requestTimeout: 10, throwOnRequestTimeout: true })).value).toBe('TimeoutError');
    expect((await run(environment, { requestTimeout: 1000, throwOnRequestTimeout: true })).value).toBe('answered');
    expect((await run(environment, { socketTimeout: 10 })).value).toBe('TimeoutError');
  });
});

describe('a function that uses up the heap of its host', () => {
  it('ends the host, is named for it, and has a host of its own from then on', async () => {
    const incidents: string[] = [];
    const { promise: told, resolve } = Promise.withResolvers<void>();
    newHosts(noWire, {
      heapMb: 48,
      onIncident: (text) => {
        incidents.push(text);
        if (text.includes('of its own')) resolve();
      },
    });
    const small = await environmentOf('exports.handler = async () => 1;', { name: 'small' });
    const greedy = await environmentOf('exports.handler = async () => { const kept = []; for (;;) kept.push(new Array(1e5).fill({})); };', {
      name: 'greedy',
    });
    expect((await run(small)).value).toBe(1);
    await expect(run(greedy)).rejects.toThrow('lost');
    await told;
    expect(incidents.join()).toMatch(/memory limit.*while it ran greedy.*greedy ended its host; from now on it has a host of its own/);
    expect(small.dead).toBe(true);
    expect((await run(await environmentOf('exports.handler = async () => 2;', { name: 'small' }))).value).toBe(2);
  });
});

describe('clients of the SDK in one host', () => {
  it('share what they look up, but neither settings nor variables of a function', async () => {
    newHosts();
    const asked = async (config: string, variables = {}): Promise<unknown> => {
      const code = `${getItem} const client = new DynamoDBClient(${config});
        exports.handler = async () => [await client.config.maxAttempts(), await client.config.region(), await client.config.useFipsEndpoint()];`;
      return (await run(await environmentOf(code, { variables }))).value;
    };
    const usual = await asked('{ maxAttempts: 7, useFipsEndpoint: true }');
    expect(usual).toEqual([7, 'us-east-1', true]);
    const first = (await asked('{}')) as [number];
    expect(first).toEqual([expect.any(Number), 'us-east-1', false]);
    expect(first[0]).not.toBe(7);
    expect(await asked('{}', { AWS_MAX_ATTEMPTS: '9' })).toEqual([9, 'us-east-1', false]);
    expect(await asked("{ region: 'eu-west-1' }")).toEqual([first[0], 'eu-west-1', false]);
  });
});
