/**
 * StartExecution over HTTP of the lab, which runs each execution with its limits, metering and history, against moto_server, which only books it; k6 on
 * the same machine, turn by turn, a new state machine for each leg. At least 15 times as many a second.
 * `node bench/start-execution.ts [seconds a leg, 8] [rounds, 3] [virtual users, 32]`
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { wallClock } from '../lib/core/clock.ts';
import { findK6 } from '../lib/traffic/k6/find.ts';

const bar = 15;
const [seconds = '8', rounds = '3', users = '32'] = process.argv.slice(2);
const motoPort = 5734;
const path = (file: string): string => fileURLToPath(new URL(`start-execution/${file}`, import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'proofload-bench-'));

const definition = {
  StartAt: 'Price',
  States: {
    Price: { Type: 'Pass', Parameters: { 'total.$': 'States.MathAdd($.net, $.tax)', 'customer.$': '$.customer' }, Next: 'Choose' },
    Choose: { Type: 'Choice', Choices: [{ Variable: '$.total', NumericGreaterThan: 100, Next: 'Label' }], Default: 'Done' },
    Label: { Type: 'Pass', Result: { kind: 'large' }, ResultPath: '$.label', Next: 'Done' },
    Done: { Type: 'Succeed' },
  },
};

interface Server {
  readonly name: 'lab' | 'moto';
  readonly endpoint: string;
  readonly process: ChildProcess;
}

interface Leg {
  readonly machine: string;
  readonly started: number;
  readonly ratePerSec: number;
}

interface K6Summary {
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

async function startOurs(): Promise<Server> {
  const child = spawn(process.execPath, ['--min-semi-space-size=64', '--max-semi-space-size=64', path('server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())));
  return { name: 'lab', endpoint: `http://127.0.0.1:${port}`, process: child };
}

async function startMoto(): Promise<Server | undefined> {
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(motoPort)], { stdio: 'ignore' });
  const found = await new Promise<boolean>((resolve) => child.once('spawn', () => resolve(true)).once('error', () => resolve(false)));
  if (!found) return undefined;
  const endpoint = `http://127.0.0.1:${motoPort}`;
  for (let tries = 0; tries < 200; tries++) {
    if (await fetch(`${endpoint}/moto-api/`).catch(() => undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { name: 'moto', endpoint, process: child };
}

const config = ({ endpoint }: Server) => ({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'AKIALAB', secretAccessKey: 'bench' } });

async function leg(k6: string, server: Server, round: number): Promise<Leg> {
  const sfn = new SFNClient(config(server));
  const name = `bench-${round}`;
  const create = new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn: 'arn:aws:iam::000000000000:role/bench' });
  const { stateMachineArn: machine = '' } = await sfn.send(create);
  sfn.destroy();
  const summary = join(work, 'summary.json');
  const args = ['run', '--quiet', '--no-usage-report', '--vus', users, '--duration', `${seconds}s`, `--summary-export=${summary}`];
  const env = ['-e', `ENDPOINT=${server.endpoint}/`, '-e', `MACHINE=${machine}`];
  await promisify(execFile)(k6, [...args, ...env, path('flow.k6.ts')], {
    maxBuffer: 2 ** 26,
    // Collects k6's garbage less often: it has the memory.
    env: { ...process.env, GOGC: '400' },
  });
  const { metrics } = JSON.parse(readFileSync(summary, 'utf8')) as K6Summary;
  const [requests, failed] = [metrics['http_reqs'] ?? {}, metrics['http_req_failed']?.['passes'] ?? 0];
  if (failed > 0) throw new Error(`${server.name} refused ${failed} of ${requests['count']} StartExecution`);
  return { machine, started: requests['count'] ?? 0, ratePerSec: requests['rate'] ?? 0 };
}

/** What AWS/States says of a machine's executions: all must have succeeded, and no transition may have waited. */
async function assertRan(server: Server, { machine, started }: Leg): Promise<void> {
  const client = new CloudWatchClient(config(server));
  const now = Date.now();
  const MetricDataQueries = ['ExecutionsSucceeded', 'ExecutionThrottled'].map((MetricName) => {
    const Metric = { Namespace: 'AWS/States', MetricName, Dimensions: [{ Name: 'StateMachineArn', Value: machine }] };
    return { Id: MetricName.charAt(0).toLowerCase() + MetricName.slice(1), MetricStat: { Metric, Period: 60, Stat: 'Sum' } };
  });
  const [StartTime, EndTime] = [new Date(now - 3_600_000), new Date(now + 60_000)];
  const { MetricDataResults = [] } = await client.send(new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries }));
  client.destroy();
  const [succeeded = 0, throttled = 0] = MetricDataResults.map(({ Values = [] }) => Values.reduce((sum, each) => sum + each, 0));
  if (succeeded !== started || throttled > 0)
    throw new Error(`of ${started} executions ${succeeded} succeeded and ${throttled} transitions waited: the figures are worthless`);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const k6 = await findK6({ env: process.env, clock: wallClock(), onProgress: (text) => console.error(text) });
const ours = await startOurs();
const moto = await startMoto();
try {
  const rates: Record<Server['name'], number[]> = { lab: [], moto: [] };
  for (let round = 0; round < Number(rounds); round++) {
    const run = await leg(k6.path, ours, round);
    await assertRan(ours, run);
    rates.lab.push(run.ratePerSec);
    if (moto) rates.moto.push((await leg(k6.path, moto, round)).ratePerSec);
  }
  for (const [name, all] of Object.entries(rates)) {
    if (all.length > 0) console.log(`StartExecution ${name}: ${Math.round(median(all))}/s (${all.map(Math.round).join(' ')})`);
  }
  console.log('the lab ran every execution to its end; throttles 0');
  if (moto) {
    const ratio = median(rates.lab.map((rate, round) => rate / (rates.moto[round] ?? Number.NaN)));
    console.log(`lab / moto: ${ratio.toFixed(1)} (bar: at least ${bar}) ${ratio >= bar ? 'holds' : 'MISSED'}`);
    if (ratio < bar) process.exitCode = 1;
  } else console.log('lab / moto: not measured, moto_server is not on the PATH');
} finally {
  ours.process.kill();
  moto?.process.kill();
  rmSync(work, { recursive: true, force: true });
}
