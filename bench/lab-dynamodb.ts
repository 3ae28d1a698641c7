import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';

/**
 * GetItem and PutItem through the lab's whole pipeline (no added latency) against bare dynalite and against moto_server, each in a process of
 * its own, with the same client, turn by turn; medians and their ratios.
 * `node bench/lab-dynamodb.ts [seconds a leg, 5] [rounds, 3]`
 */
const [seconds = '5', rounds = '3'] = process.argv.slice(2);
const connections = 32;
const bars = { dynalite: 0.75, moto: 15 };
const run = promisify(execFile);
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

interface Server {
  readonly name: 'lab' | 'dynalite' | 'moto';
  readonly port: number;
  readonly process: ChildProcess;
}

interface Leg {
  readonly ratePerSec: number;
  readonly cpuUsPerRequest: number;
}

async function startNode(name: 'lab' | 'dynalite'): Promise<Server> {
  const child = spawn(process.execPath, [path('lab-dynamodb-server.ts'), name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => child.stdout.once('data', (data) => resolve(Number(String(data)))));
  return { name, port, process: child };
}

async function startMoto(): Promise<Server | undefined> {
  const port = 5733;
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const found = await new Promise<boolean>((resolve) => child.once('spawn', () => resolve(true)).once('error', () => resolve(false)));
  if (!found) return undefined;
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(`http://127.0.0.1:${port}/moto-api/`).catch(() => undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { name: 'moto', port, process: child };
}

const config = ({ port }: Server) => ({
  region: 'us-east-1',
  endpoint: `http://127.0.0.1:${port}`,
  credentials: { accessKeyId: 'AKIALAB', secretAccessKey: 'bench' },
});

/** Capacity far above what can be sent, so that nothing is throttled; admission is computed all the same. */
async function createTable(server: Server): Promise<void> {
  const client = new DynamoDBClient(config(server));
  await client.send(
    new CreateTableCommand({
      TableName: 'bench',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: 1_000_000, WriteCapacityUnits: 1_000_000 },
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 }, { TableName: 'bench' });
  client.destroy();
}

/** User and system time of a process in microseconds, where the system tells (Linux). */
function cpuUs({ process: { pid } }: Server): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function leg(server: Server, operation: string): Promise<Leg> {
  const before = cpuUs(server);
  const { stdout } = await run(process.execPath, [path('lab-load-client.ts'), String(server.port), operation, seconds, String(connections)]);
  const { ratePerSec, answers, failures } = JSON.parse(stdout) as { ratePerSec: number; answers: number; failures: number };
  if (failures > 0) throw new Error(`${server.name} failed ${failures} of ${answers} ${operation}`);
  // The set-up of a leg writes 1,000 items.
  return { ratePerSec, cpuUsPerRequest: (cpuUs(server) - before) / (answers + 1000) };
}

async function throttles(server: Server): Promise<number> {
  const client = new CloudWatchClient(config(server));
  const stats = ['ReadThrottleEvents', 'WriteThrottleEvents'].map((MetricName, i) => ({
    Id: `m${i}`,
    MetricStat: { Metric: { Namespace: 'AWS/DynamoDB', MetricName, Dimensions: [{ Name: 'TableName', Value: 'bench' }] }, Period: 60, Stat: 'Sum' },
  }));
  const now = Date.now();
  const read = await client.send(
    new GetMetricDataCommand({ StartTime: new Date(now - 3_600_000), EndTime: new Date(now + 60_000), MetricDataQueries: stats }),
  );
  client.destroy();
  return (read.MetricDataResults ?? []).flatMap(({ Values }) => Values ?? []).reduce((sum, each) => sum + each, 0);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

const servers = [await startNode('lab'), await startNode('dynalite'), ...[await startMoto()].filter((each) => each !== undefined)];
try {
  for (const server of servers) await createTable(server);
  for (const operation of ['GetItem', 'PutItem']) {
    const legs = new Map<string, Leg[]>();
    for (let round = 0; round < Number(rounds); round++) {
      for (const server of servers) legs.set(server.name, [...(legs.get(server.name) ?? []), await leg(server, operation)]);
    }
    const rate = (name: string): number => median((legs.get(name) ?? []).map(({ ratePerSec }) => ratePerSec));
    for (const [name, all] of legs) {
      const rates = all.map(({ ratePerSec }) => Math.round(ratePerSec)).join(' ');
      console.log(
        `${operation} ${name}: ${Math.round(rate(name))}/s (${rates}), CPU ${median(all.map((each) => each.cpuUsPerRequest)).toFixed(1)} us a request`,
      );
    }
    for (const name of ['dynalite', 'moto'] as const) {
      if (!legs.has(name)) console.log(`${operation} lab / ${name}: not measured, ${name} is not on the PATH`);
      else {
        const ratio = rate('lab') / rate(name);
        console.log(`${operation} lab / ${name}: ${ratio.toFixed(2)} (bar: at least ${bars[name]}) ${ratio >= bars[name] ? 'holds' : 'MISSED'}`);
      }
    }
  }
  const refused = await throttles(servers[0] as Server);
  if (refused !== 0) throw new Error(`the lab throttled ${refused} requests: the figures are worthless`);
  console.log('throttles in the lab: 0');
} finally {
  for (const server of servers) server.process.kill();
}
