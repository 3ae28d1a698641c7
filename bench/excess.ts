/**
 * What the lab adds to its modelled delays at 500 requests a second (HTTP API -> function -> one DynamoDB write) with the
 * default latency: the p99 of each operation must stay under max(2 ms, 5 % of that operation's p99).
 * `node bench/excess.ts [seconds, 120] [rate, 500]`
 */
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { wallClock } from '../lib/core/clock.ts';
import { findK6 } from '../lib/traffic/k6/find.ts';

const [seconds = '120', rate = '500'] = process.argv.slice(2);
const path = (file: string): string => fileURLToPath(new URL(`http-api/${file}`, import.meta.url));

/** Each operation with AWS's own metric of how long it takes. */
const operations = [
  { operation: 'apigateway.Request', namespace: 'AWS/ApiGateway', metric: 'Latency', dimension: 'ApiId' },
  { operation: 'lambda.Invoke', namespace: 'AWS/Lambda', metric: 'Duration', dimension: undefined },
  { operation: 'dynamodb.PutItem', namespace: 'AWS/DynamoDB', metric: 'SuccessfulRequestLatency', dimension: 'TableName' },
] as const;

const k6 = await findK6({ env: process.env, clock: wallClock(), onProgress: (text) => console.error(text) });
const server = spawn(process.execPath, [path('server.ts'), 'delays'], { stdio: ['pipe', 'pipe', 'inherit'] });
const { endpoint, url, dimensions } = JSON.parse(
  await new Promise<string>((resolve) => server.stdout.once('data', (data) => resolve(String(data)))),
) as {
  endpoint: string;
  url: string;
  dimensions: Record<string, string>;
};
try {
  const args = ['run', '--quiet', '--no-usage-report', '-e', `BASE_URL=${url}`, '-e', `RATE_PER_SEC=${rate}`, '-e', `SECONDS=${seconds}`];
  await promisify(execFile)(k6.path, [...args, path('steady.k6.ts')], { maxBuffer: 2 ** 26 });
  report(await read());
} finally {
  server.kill();
}

async function read(): Promise<Map<string, number[]>> {
  const client = new CloudWatchClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'AKIALAB', secretAccessKey: 'bench' } });
  const query = (Id: string, Namespace: string, MetricName: string, Stat: string, given: Record<string, string>) => {
    const Dimensions = Object.entries(given).map(([Name, Value]) => ({ Name, Value }));
    return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat } };
  };
  const queries = operations.flatMap(({ operation, namespace, metric, dimension }, index) => [
    query(`excess${index}`, 'Proofload/Lab', 'Excess', 'p99', { Operation: operation }),
    query(`p99of${index}`, namespace, metric, 'p99', {
      ...(dimension ? { [dimension]: dimensions[dimension] ?? '' } : {}),
      ...(dimension === 'TableName' ? { Operation: 'PutItem' } : {}),
    }),
  ]);
  const now = Date.now();
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 60_000),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        ...queries,
        query('loop', 'Proofload/Lab', 'EventLoopUtilization', 'Average', {}),
        query('count', 'AWS/Lambda', 'Invocations', 'Sum', {}),
      ],
    }),
  );
  client.destroy();
  return new Map((answer.MetricDataResults ?? []).map(({ Id = '', Values = [] }: MetricDataResult) => [Id, Values]));
}

/** The first minute holds the cold starts of the machine itself (compilation), the last one may be a stump: the ones between are judged. */
function report(found: ReadonlyMap<string, readonly number[]>): void {
  const middle = (id: string): readonly number[] => {
    const values = found.get(id) ?? [];
    return values.length > 2 ? values.slice(1, -1) : values;
  };
  const worst = (id: string): number => Math.max(...middle(id));
  console.log(
    `${rate} requests/s for ${seconds} s, ${(found.get('count') ?? []).reduce((sum, each) => sum + each, 0)} invocations; event loop ${middle('loop')
      .map((each) => each.toFixed(0))
      .join(' ')} % busy by the minute`,
  );
  for (const [index, { operation }] of operations.entries()) {
    const [excessMs, p99Ms] = [worst(`excess${index}`), worst(`p99of${index}`)];
    const limitMs = Math.max(2, 0.05 * p99Ms);
    const holds = excessMs <= limitMs;
    console.log(
      `${operation.padEnd(18)}  excess p99 ${excessMs.toFixed(2)} ms, limit ${limitMs.toFixed(2)} ms (its p99 is ${p99Ms.toFixed(1)} ms): ${holds ? 'holds' : 'MISSED'}`,
    );
    if (!holds) process.exitCode = 1;
  }
}
