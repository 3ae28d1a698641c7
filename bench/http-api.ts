import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { wallClock } from '../lib/core/clock.ts';
import { findK6 } from '../lib/traffic/k6/find.ts';

/**
 * HTTP API -> function -> one DynamoDB write, with k6 on the same machine: requests a second, excess, growth of the lab's memory over writes to
 * 10,000 fixed keys, bytes a stored item.
 * `node bench/http-api.ts [seconds, 300] [virtual users, 64] [delays|none]`
 */
interface Server {
  readonly process: ChildProcess;
  readonly endpoint: string;
  readonly url: string;
}

const [secondsText = '300', users = '64', latency = 'delays'] = process.argv.slice(2);
const seconds = Number(secondsText);
const bars = { ratePerSec: 1500, rssGrowth: 0.05 };
const path = (file: string): string => fileURLToPath(new URL(`http-api/${file}`, import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'proofload-bench-'));

const keys = 10_000;

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, ['--expose-gc', path('server.ts'), latency], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  return { process: child, ...(JSON.parse(line) as { endpoint: string; url: string }) };
}

/** Bytes that the lab's main thread holds after a collection. */
async function heldBytes({ process: child }: Server): Promise<number> {
  const answer = new Promise<number>((resolve) => child.stdout?.once('data', (data) => resolve(Number(String(data)))));
  child.stdin?.write('\n');
  return answer;
}

/** Writes each key once, and says by how much that made the lab larger; the first key is written before, to warm up. */
async function bytesPerItem(server: Server): Promise<number> {
  const put = async (key: number): Promise<void> => {
    const body = JSON.stringify({ text: 'x'.repeat(400), count: key });
    const response = await fetch(`${server.url}/items/key-${key}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    if (response.status !== 201) throw new Error(`status ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  for (let i = 0; i < 3000; i += 10) await Promise.all(Array.from({ length: 10 }, () => put(0)));
  const before = await heldBytes(server);
  for (let key = 1; key < keys; key += 9) await Promise.all(Array.from({ length: 9 }, (_, i) => put(key + i)));
  return ((await heldBytes(server)) - before) / (keys - 1);
}

/** Resident memory in MB, where the system tells (Linux). */
const rssMb = (pid: number | undefined): number => (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20;
const cpuSec = (pid: number | undefined): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

async function metrics(endpoint: string): Promise<Record<string, number[]>> {
  const client = new CloudWatchClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'AKIALAB', secretAccessKey: 'bench' } });
  const stat = (Id: string, Namespace: string, MetricName: string, Stat: string, dimensions: Record<string, string> = {}) => ({
    Id,
    MetricStat: {
      Metric: { Namespace, MetricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) },
      Period: 60,
      Stat,
    },
  });
  const MetricDataQueries = [
    stat('invocations', 'AWS/Lambda', 'Invocations', 'Sum'),
    stat('throttles', 'AWS/Lambda', 'Throttles', 'Sum'),
    stat('errors', 'AWS/Lambda', 'Errors', 'Sum'),
    stat('frontDoorExcess', 'Proofload/Lab', 'Excess', 'p99', { Operation: 'apigateway.Request' }),
    stat('invokeExcess', 'Proofload/Lab', 'Excess', 'p99', { Operation: 'lambda.Invoke' }),
    stat('putExcess', 'Proofload/Lab', 'Excess', 'p99', { Operation: 'dynamodb.PutItem' }),
    stat('loop', 'Proofload/Lab', 'EventLoopUtilization', 'Average'),
  ];
  const now = Date.now();
  const read = await client.send(
    new GetMetricDataCommand({ StartTime: new Date(now - 3_600_000), EndTime: new Date(now + 60_000), MetricDataQueries }),
  );
  client.destroy();
  return Object.fromEntries((read.MetricDataResults ?? []).map(({ Id = '', Values = [] }) => [Id, [...Values].reverse()]));
}

interface K6Summary {
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

async function drive(
  k6: string,
  url: string,
  forSec: number,
): Promise<{ ratePerSec: number; requests: number; p50Ms: number; p99Ms: number; failed: number }> {
  const summary = join(work, 'summary.json');
  const args = ['run', '--quiet', '--no-usage-report', '--vus', users, '--duration', `${forSec}s`, '--summary-trend-stats', 'p(50),p(99)'];
  await promisify(execFile)(k6, [...args, `--summary-export=${summary}`, '-e', `BASE_URL=${url}`, path('flow.k6.ts')], { maxBuffer: 2 ** 26 });
  const { metrics: found } = JSON.parse(readFileSync(summary, 'utf8')) as K6Summary;
  const requests = found['http_reqs'] ?? {};
  const durations = found['http_req_duration'] ?? {};
  const failed = (requests['count'] ?? 0) - (found['iterations']?.['count'] ?? 0) + (found['http_req_failed']?.['passes'] ?? 0);
  return {
    ratePerSec: requests['rate'] ?? 0,
    requests: requests['count'] ?? 0,
    p50Ms: durations['p(50)'] ?? 0,
    p99Ms: durations['p(99)'] ?? 0,
    failed,
  };
}

const round = (values: readonly number[] = []): string => values.map((value) => value.toFixed(1)).join(' ');

const k6 = await findK6({ env: process.env, clock: wallClock(), onProgress: (text) => console.error(text) });
const server = await startServer();
const { pid } = server.process;
const samples: { atSec: number; mb: number }[] = [];
try {
  const item = await bytesPerItem(server);
  const empty = rssMb(pid);
  const startedAt = performance.now();
  const before = cpuSec(pid);
  const watch = setInterval(() => samples.push({ atSec: (performance.now() - startedAt) / 1000, mb: rssMb(pid) }), 5000);
  const result = await drive(k6.path, server.url, seconds);
  clearInterval(watch);
  const cpuUs = ((cpuSec(pid) - before) / result.requests) * 1e6;
  const held = result.ratePerSec >= bars.ratePerSec ? 'holds' : 'MISSED';
  console.log(
    `${Math.round(result.ratePerSec)} requests/s (bar: at least ${bars.ratePerSec}) ${held}; ${users} users, latency ${latency}, failed ${result.failed}`,
  );
  console.log(`p50 ${result.p50Ms.toFixed(1)} ms, p99 ${result.p99Ms.toFixed(1)} ms; CPU of the lab ${cpuUs.toFixed(0)} us a request`);
  const found = await metrics(server.endpoint);
  console.log(
    `by the minute: excess p99 ms of the front door ${round(found['frontDoorExcess'])}, Invoke ${round(found['invokeExcess'])}, PutItem ${round(found['putExcess'])}; event loop % ${round(found['loop'])}`,
  );
  const sum = (id: string): number => (found[id] ?? []).reduce((total, each) => total + each, 0);
  console.log(`invocations ${sum('invocations')}, throttles ${sum('throttles')}, errors ${sum('errors')}`);
  if (sum('throttles') > 0 || sum('invocations') !== result.requests + 3000 + keys - 1)
    throw new Error('throttled, or the books do not balance: the figures are worthless');
  console.log(`bytes a stored item of 0.45 KB: ${Math.round(item)}`);
  console.log(`RSS MB every 5 s: ${Math.round(empty)} | ${samples.map(({ mb }) => Math.round(mb)).join(' ')}`);
  const settled = samples.filter(({ atSec }) => atSec >= 60);
  const [first, last] = [settled[0]?.mb, settled.at(-1)?.mb];
  if (first !== undefined && last !== undefined && seconds >= 120) {
    const growth = last / first - 1;
    console.log(
      `RSS growth after the first minute: ${(growth * 100).toFixed(1)} % (bar: under ${bars.rssGrowth * 100} %) ${growth < bars.rssGrowth ? 'holds' : 'MISSED'}`,
    );
  }
} finally {
  server.process.kill();
  rmSync(work, { recursive: true, force: true });
}
