/**
 * Checkouts of the saga a second on this machine, k6 included: customers browse, fill a cart, order and look until their order is confirmed, through the
 * HTTP API and without added latency. At least 200 a second, nothing throttled, every invariant clean; CPU a checkout by process, and where in the lab.
 * `node bench/saga.ts [seconds, 60] [checkouts a second, 215]`
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { wallClock } from '../lib/core/clock.ts';
import { findK6 } from '../lib/traffic/k6/find.ts';
import { cpuByPart, lab, spent } from './saga/cpu.ts';
import { drained, evidence } from './saga/evidence.ts';
import { sagaClients } from './saga/lab.ts';
import type { ThreadProfiles } from './saga/profile.ts';

const barPerSec = 200;
const [seconds = 60, rate = 215] = process.argv.slice(2).map(Number);
/** Sustained is what comes after the environments have started: they come one by one as the rate climbs, and are there for all that follows. */
const warmUp = { seconds: 40, ratePerSec: rate };
const profiled = { seconds: 15, ratePerSec: Math.ceil(rate * 0.6) };
const path = (file: string): string => fileURLToPath(new URL(`saga/${file}`, import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'proofload-bench-'));
const k6 = await findK6({ env: process.env, clock: wallClock(), onProgress: (text) => console.error(text) });

interface Ready {
  readonly endpoint: string;
  readonly url: string;
  readonly folder: string;
  readonly names: Readonly<Record<string, string>>;
}

interface Leg {
  /** From the first customer's coming until the last order was confirmed. */
  readonly tookSec: number;
  readonly requests: number;
  readonly checkouts: number;
  readonly dropped: number;
  readonly failed: number;
}

async function ask<Answer>(server: ChildProcess, command: string): Promise<Answer> {
  const answer = new Promise<string>((resolve) => {
    let text = '';
    const read = (data: Buffer): void => {
      text += String(data);
      if (!text.endsWith('\n')) return;
      server.stdout?.off('data', read);
      resolve(text);
    };
    server.stdout?.on('data', read);
  });
  if (command !== '') server.stdin?.write(`${command}\n`);
  return JSON.parse(await answer) as Answer;
}

interface K6Summary {
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

async function leg({ endpoint, url, folder, names }: Ready, name: string, forSec: number, ratePerSec: number, more = {}): Promise<Leg> {
  const summary = join(work, `${name}.json`);
  const env = {
    BASE_URL: url,
    DATA_FOLDER: folder,
    SEED: name,
    RATE_PER_SEC: ratePerSec,
    SECONDS: forSec,
    THINK_MIN_SEC: 0,
    THINK_MAX_SEC: 0,
    ...more,
  };
  const args = ['run', '--quiet', '--no-usage-report', `--summary-export=${summary}`];
  const startedAt = performance.now();
  await promisify(execFile)(k6.path, [...args, ...Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]), path('flow.k6.ts')], {
    maxBuffer: 2 ** 26,
    // Collects k6's garbage less often: it has the memory.
    env: { ...process.env, GOGC: '400' },
  });
  const clients = sagaClients(endpoint);
  await drained(clients, names);
  clients.destroy();
  const tookSec = (performance.now() - startedAt) / 1000;
  const { metrics } = JSON.parse(readFileSync(summary, 'utf8')) as K6Summary;
  const of = (metric: string, value: string): number => metrics[metric]?.[value] ?? 0;
  return {
    tookSec,
    requests: of('http_reqs', 'count'),
    checkouts: of('iterations', 'count'),
    dropped: of('dropped_iterations', 'count'),
    failed: of('http_req_failed', 'passes') + of('checks', 'fails'),
  };
}

type Cpu = Readonly<Record<string, number>>;

const ms = (value: number): string => value.toFixed(2).padStart(7);

/** Milliseconds of CPU a checkout, by part, and of the lab's threads by the code that they were in. */
function printCpu(cpu: Cpu, profile: ThreadProfiles): void {
  const all = Object.values(cpu).reduce((sum, each) => sum + each, 0);
  console.log(`ms of CPU a checkout: ${all.toFixed(2)}`);
  for (const [part, value] of Object.entries(cpu)) {
    console.log(`  ${ms(value)}  ${part}`);
    const areas = part === lab.main ? profile['main'] : part === lab.hosts ? mergedHosts(profile) : undefined;
    if (areas) printAreas(areas, value);
  }
}

function mergedHosts(profile: ThreadProfiles): Record<string, number> {
  const merged: Record<string, number> = {};
  for (const [thread, areas] of Object.entries(profile)) {
    if (thread === 'main') continue;
    for (const [area, value] of Object.entries(areas)) merged[area] = (merged[area] ?? 0) + value;
  }
  return merged;
}

function printAreas(areas: Cpu, threadMs: number): void {
  const all = Object.values(areas).reduce((sum, each) => sum + each, 0);
  const shares = Object.entries(areas).map(([area, value]) => [area, (value / all) * threadMs] as const);
  const shown = shares.filter(([, value]) => value >= 0.05).sort((a, b) => b[1] - a[1]);
  for (const [area, value] of shown) console.log(`     ${ms(value)}  ${area}`);
  console.log(`     ${ms(threadMs - shown.reduce((sum, [, value]) => sum + value, 0))}  the rest`);
}

/** The lab's main thread is the one part that more cores cannot share. */
function printOutlook(cpu: Cpu): void {
  const cores = availableParallelism();
  const all = Object.values(cpu).reduce((sum, each) => sum + each, 0);
  const [k6Ms = 0, mainMs = 1] = [cpu['k6'], cpu[lab.main]];
  const ceiling = 1000 / mainMs;
  const perSec = (coreCount: number, msEach: number): number => Math.round(Math.min((coreCount * 1000) / msEach, ceiling));
  console.log('checkouts a second that this CPU time allows');
  console.log(
    `  ${perSec(cores, all)} on ${cores} cores, as here; ${perSec(cores, all - k6Ms)} with k6 on another machine; ${perSec(2 * cores, all)} on ${2 * cores} cores`,
  );
  console.log(`  ${Math.round(ceiling)} at most, because one thread of the lab takes every call: beyond that only less work a call helps`);
}

function printLeg(measured: Leg, found: Awaited<ReturnType<typeof evidence>>, before: number): void {
  const confirmed = (found.orders['CONFIRMED'] ?? 0) - before;
  const perSec = confirmed / measured.tookSec;
  const unaccounted = measured.checkouts - confirmed;
  console.log(`${perSec.toFixed(0)} checkouts/s confirmed (bar: at least ${barPerSec}) ${perSec >= barPerSec ? 'holds' : 'MISSED'}`);
  console.log(
    `  ${confirmed} orders in ${measured.tookSec.toFixed(1)} s, start of k6 and drain included; ${(measured.requests / measured.checkouts).toFixed(1)} requests each; ${measured.dropped} customers not sent for lack of virtual users`,
  );
  console.log(`  failed requests and checks ${measured.failed}, throttles ${found.throttles}, violated invariants ${found.violations.length}`);
  for (const violation of found.violations.slice(0, 10)) console.log(`    ${violation}`);
  if (perSec < barPerSec) process.exitCode = 1;
  if (measured.failed + found.throttles + found.violations.length > 0 || unaccounted !== 0)
    throw new Error('throttled, failed or not accounted for: the figures are worthless');
}

const server = spawn(process.execPath, ['--min-semi-space-size=64', '--max-semi-space-size=64', path('server.ts')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
try {
  const ready = await ask<Ready>(server, '');
  const clients = sagaClients(ready.endpoint);
  const warm = await leg(ready, 'warm-up', warmUp.seconds, warmUp.ratePerSec, { RAMP: 'yes' });
  const before = cpuByPart(server.pid);
  const measured = await leg(ready, 'measured', seconds, rate);
  const cpu = spent(before, cpuByPart(server.pid), measured.checkouts);
  printLeg(measured, await evidence(clients, ready.names, Date.now()), warm.checkouts);
  clients.destroy();
  await ask(server, 'profile');
  await leg(ready, 'profiled', profiled.seconds, profiled.ratePerSec);
  printCpu(cpu, await ask<ThreadProfiles>(server, 'report'));
  printOutlook(cpu);
} finally {
  server.kill();
  rmSync(work, { recursive: true, force: true });
}
