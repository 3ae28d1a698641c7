import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaledClock, wallClock } from '../../lib/core/clock.ts';
import type { Arrival, Health, Sample } from '../../lib/record/types.ts';
import { findK6 } from '../../lib/traffic/k6/find.ts';
import { inspectFlow } from '../../lib/traffic/k6/inspect.ts';
import type { K6Binary } from '../../lib/traffic/k6/probe.ts';
import { k6Environment, spawnK6 } from '../../lib/traffic/k6/process.ts';
import { startK6 } from '../../lib/traffic/k6/run.ts';
import { wrapperScript } from '../../lib/traffic/k6/script.ts';
import { dropCause } from '../../lib/traffic/ledger.ts';
import type { RunningTraffic, TrafficLog, TrafficPlan } from '../../lib/traffic/types.ts';

const wall = wallClock();
const folder = (name: string): string => fileURLToPath(new URL(`./k6/${name}`, import.meta.url));
const servers: ChildProcess[] = [];
let k6: K6Binary;
let workFolder: string;

interface KnownServer {
  readonly url: string;
  log(): Promise<{ meantMs: number; heldMs: number }[]>;
  stall(ms: number): Promise<void>;
}

async function startServer(latencyMs: number): Promise<KnownServer> {
  const child = spawn(process.execPath, [folder('known-latency-server.ts'), String(latencyMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(child);
  const port = await new Promise<string>((resolve) => child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    log: async () => (await (await fetch(`${url}/log`)).json()) as { meantMs: number; heldMs: number }[],
    stall: async (ms) => void (await fetch(`${url}/stall?ms=${ms}`)),
  };
}

interface Evidence {
  readonly samples: Sample[];
  readonly arrivals: Arrival[];
  readonly health: Health[];
  readonly logs: TrafficLog[];
  readonly traffic: RunningTraffic;
}

async function start(server: KnownServer, changes: Partial<TrafficPlan> = {}, binary: K6Binary = k6): Promise<Evidence> {
  const seen = { samples: [] as Sample[], arrivals: [] as Arrival[], health: [] as Health[], logs: [] as TrafficLog[] };
  const traffic = await startK6(binary, {
    name: 'known',
    flowFile: folder('flow.k6.ts'),
    env: { BASE_URL: server.url },
    segments: [{ durationSec: 3, fromPerSec: 20, toPerSec: 60 }],
    longestFlowSec: 5,
    clock: wall,
    workFolder: mkdtempSync(join(workFolder, 'run-')),
    processEnv: process.env,
    onSamples: (samples) => void seen.samples.push(...samples),
    onArrivals: (arrivals) => void seen.arrivals.push(...arrivals),
    onHealth: (health) => void seen.health.push(health),
    onLog: (line) => void seen.logs.push(line),
    ...changes,
  });
  return { ...seen, traffic };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

function latenessMs(arrivals: readonly Arrival[]): number[] {
  return arrivals.flatMap(({ startMs, intendedMs }) => (startMs === undefined ? [] : [startMs - intendedMs]));
}

beforeAll(async () => {
  workFolder = mkdtempSync(join(tmpdir(), 'proofload-k6-'));
  k6 = await findK6({ env: process.env, clock: wall, onProgress: () => {} });
}, 300_000);

afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(workFolder, { recursive: true, force: true });
});

describe('k6 against a server of known latency', () => {
  test('every request is there, and p50 and p99 are the server’s within 1 %, a stall included', async () => {
    const server = await startServer(800);
    const { traffic, samples, arrivals } = await start(server);
    await traffic.started;
    await wall.sleep(1000);
    await server.stall(1600);
    const outcome = await traffic.ended;
    const log = await server.log();
    const measured = samples.map((sample) => sample.durationMs);

    expect(outcome).toMatchObject({
      how: 'finished',
      exitCode: 0,
      complete: true,
      plannedArrivals: 120,
      iterations: 120,
      dropped: 0,
      unaccounted: 0,
    });
    expect([outcome.requests, samples.length, log.length]).toEqual([120, 120, 120]);
    expect(samples.every(({ operation, status, error, ok }) => operation === 'GetItem' && status === 200 && error === '' && ok)).toBe(true);
    for (const share of [0.5, 0.99]) {
      const held = log.map((each) => each.heldMs); // 800 ms or the stall's rest, and what this machine's load added in the server
      const ratio = quantile(measured, share) / quantile(held, share);
      expect(ratio).toBeGreaterThan(0.99);
      expect(ratio).toBeLessThan(1.01);
    }
    expect(
      quantile(
        log.map((each) => each.meantMs),
        0.99,
      ),
    ).toBeGreaterThan(2000);
    expect(outcome.checks).toEqual([{ name: 'answered 200', passed: 120, failed: 0 }]);
    expect(outcome.receivedBytes).toBeGreaterThan(120 * 100);
    expect(arrivals.length).toBe(120);
    expect(Math.min(...latenessMs(arrivals))).toBeGreaterThanOrEqual(0);
    expect(quantile(latenessMs(arrivals), 0.5)).toBeLessThan(10);
  });

  test('CSV of a k6 without our output tells the same', async () => {
    const server = await startServer(20);
    const { traffic, samples, arrivals } = await start(server, {}, { ...k6, output: 'csv' });
    const outcome = await traffic.ended;
    expect(outcome).toMatchObject({ how: 'finished', complete: true, requests: 120, iterations: 120, unaccounted: 0 });
    expect([samples.length, arrivals.length, (await server.log()).length]).toEqual([120, 120, 120]);
    expect(outcome.checks).toEqual([{ name: 'answered 200', passed: 120, failed: 0 }]);
    expect(quantile(latenessMs(arrivals), 0.5)).toBeLessThan(10);
  });

  test('arrivals that the stalled system leaves no virtual user for are counted, each with its cause', async () => {
    const server = await startServer(10);
    const segments = [{ durationSec: 3, fromPerSec: 40, toPerSec: 40 }];
    const { traffic, samples, arrivals, health } = await start(server, { segments, longestFlowSec: 0.2 });
    await traffic.started;
    await server.stall(1500);
    const outcome = await traffic.ended;
    const drops = arrivals.filter((arrival) => arrival.dropped !== undefined);
    expect(outcome.plannedArrivals).toBe(120);
    expect(outcome.iterations + outcome.dropped).toBe(120 - outcome.unaccounted);
    expect(drops.length).toBe(outcome.dropped);
    expect(drops.length).toBeGreaterThan(25);
    expect(samples.length).toBe((await server.log()).length);
    const possible = new Set(health.map((each) => dropCause(each, cpus().length)));
    for (const drop of drops) expect(possible).toContain(drop.dropped);
    expect(latenessMs(arrivals).every((ms) => ms < 500)).toBe(true);
  });

  test('begins when told, and reports on the site’s clock', async () => {
    const server = await startServer(5);
    const site = scaledClock(20, 1_700_000_000_000);
    const startAtMs = site.now() + 2000 * 20;
    const { traffic, samples, arrivals } = await start(server, {
      clock: site,
      startAtMs,
      segments: [{ durationSec: 1, fromPerSec: 20, toPerSec: 20 }],
    });
    const began = await traffic.started;
    expect(began - startAtMs).toBeGreaterThanOrEqual(0);
    expect(began - startAtMs).toBeLessThan(200 * 20);
    await traffic.ended;
    expect(arrivals.length).toBe(20);
    expect(arrivals[0]!.intendedMs - began).toBeCloseTo(50 * 20, -2);
    expect(samples.every((sample) => sample.startMs > startAtMs && sample.startMs < site.now())).toBe(true);
  });
});

describe('ends other than the planned one', () => {
  test('thresholds of the flow’s own that were crossed are named', async () => {
    const server = await startServer(50);
    const { traffic } = await start(server, { env: { BASE_URL: server.url, LIMIT_MS: '1' } });
    expect(await traffic.ended).toMatchObject({
      how: 'finished',
      exitCode: 99,
      complete: true,
      thresholdsCrossed: ['http_req_duration{name:GetItem}'],
    });
  });

  test('a killed k6: what came until then is there, and the outcome says that it is not all', async () => {
    const { traffic, samples } = await start(await startServer(5));
    await traffic.started;
    await wall.sleep(1000);
    process.kill(traffic.pid, 'SIGKILL');
    const outcome = await traffic.ended;
    expect(outcome).toMatchObject({ how: 'killed', signal: 'SIGKILL', complete: false });
    expect(outcome.detail).toMatch(/killed \(SIGKILL\).*without their closing row/);
    expect(samples.length).toBeGreaterThan(10);
    expect(outcome.requests).toBe(samples.length);
  });

  test('stopped by us: k6 ends at once, with its closing row', async () => {
    const { traffic } = await start(await startServer(5));
    await traffic.started;
    await wall.sleep(500);
    const beganMs = wall.now();
    const outcome = await traffic.stop();
    expect(wall.now() - beganMs).toBeLessThan(3000);
    expect(outcome).toMatchObject({ how: 'stopped', exitCode: 105, complete: true });
  });

  test('Ctrl-C in the terminal, which reaches our process group, does not reach k6', async () => {
    const { traffic } = await start(await startServer(5));
    await traffic.started;
    const groupOf = (pid: number): string => execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    expect(groupOf(traffic.pid)).toBe(String(traffic.pid));
    expect(groupOf(process.pid)).not.toBe(groupOf(traffic.pid));
    await traffic.stop();
  });

  test('nobody reads any more: k6 ends by itself', async () => {
    const server = await startServer(5);
    const script = join(workFolder, 'orphan.js');
    const segments = [{ durationSec: 60, fromPerSec: 20, toPerSec: 20 }];
    writeFileSync(script, wrapperScript({ flowFile: folder('flow.k6.ts'), name: 'x', segments, virtualUsers: 5, gracefulStopSec: 1, tags: {} }));
    const { child, rows } = spawnK6(k6, script, workFolder, k6Environment(process.env, { BASE_URL: server.url }));
    rows.once('data', () => rows.destroy());
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).not.toBe(0);
  }, 15_000);
});

describe('flows that do not load', () => {
  const inspect = (flow: string, env: Record<string, string> = { BASE_URL: 'http://127.0.0.1:1' }) =>
    inspectFlow({ k6, flowFile: folder(flow), name: 'known', env, processEnv: process.env, workFolder });

  test('a good one is read, with its thresholds', async () => {
    expect(await inspect('flow.k6.ts')).toEqual({ thresholds: ['http_req_duration{name:GetItem}'] });
  });
  test.each([
    ['throws.k6.ts', /the catalogue is empty/],
    ['no-default.k6.ts', /no default function/],
    ['absent.k6.ts', /absent\.k6\.ts/],
  ])('%s is refused with what k6 says', async (flow, message) => {
    await expect(inspect(flow)).rejects.toMatchObject({ code: 'flow-failed', exit: 'usage', message: expect.stringMatching(message) });
  });
  test('started all the same, its start fails with the same error and nothing goes on running', async () => {
    const { traffic } = await start(await startServer(5), { flowFile: folder('throws.k6.ts') });
    await expect(traffic.started).rejects.toMatchObject({ code: 'flow-failed' });
    expect(await traffic.ended).toMatchObject({ how: 'failed', exitCode: 107, requests: 0 });
  });
});
