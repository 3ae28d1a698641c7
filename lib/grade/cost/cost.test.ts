import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Numbers } from '../../core/numbers.ts';
import { packageRoot } from '../../core/package-root.ts';
import type { RunRecord } from '../../record/reader.ts';
import type { CollectedMetric, ResourceConfiguration } from '../../record/types.ts';
import { knownCost } from '../indicators/known-cost.ts';
import { costFigures } from './cost.ts';

const minuteMs = 60_000;
const prices = Numbers.fromFile(join(packageRoot(), 'config', 'prices', 'us-east-1.yaml'));

interface Changes {
  readonly journal?: readonly unknown[];
  /** Successful orders by minute of the run, and answers of 429. */
  readonly orders?: Readonly<Record<number, number>>;
  readonly throttled?: number;
}

/** A run of one hour of these resources, with these metrics: ten minutes of baseline, three of fault, the rest recovery. */
function recordOf(resources: ResourceConfiguration[], metrics: CollectedMetric[] = [], { journal = [], orders = {}, throttled = 0 }: Changes = {}) {
  const manifest = { businessTransaction: { name: 'order', operation: 'place-order' }, site: { region: 'eu-west-9' }, smoke: false, timeScale: 1 };
  const phases = [
    { kind: 'baseline', startMs: 0, endMs: 10 * minuteMs },
    { kind: 'fault', startMs: 10 * minuteMs, endMs: 13 * minuteMs },
    { kind: 'recovery', startMs: 13 * minuteMs, endMs: 60 * minuteMs },
  ];
  const rows = [
    ...Object.entries(orders).flatMap(([minute, count]) => Array.from({ length: count }, () => ({ minute: Number(minute), status: 201 }))),
    ...Array.from({ length: throttled }, () => ({ minute: 0, status: 429 })),
  ];
  const chunk = {
    ...{ count: rows.length, baseMs: 0, names: ['', 'place-order'], operation: rows.map(() => 1), error: rows.map(() => 0) },
    ...{
      startUs: rows.map(({ minute }) => minute * minuteMs * 1000),
      status: rows.map(({ status }) => status),
      ok: rows.map(({ status }) => (status < 400 ? 1 : 0)),
    },
  };
  const record = {
    manifest,
    resources,
    metrics,
    journal,
    phases: () => phases,
    forEachSampleChunk: (visit: (each: unknown) => void) => visit(chunk),
  };
  return record as unknown as RunRecord;
}

test('a provisioned table and its indexes cost their capacity for as long as the run lasted, used or not', () => {
  const capacity = (reads: number, writes: number) => ({ ProvisionedThroughput: { ReadCapacityUnits: reads, WriteCapacityUnits: writes } });
  const table = {
    logicalId: 'Orders',
    physicalId: 'o',
    type: 'AWS::DynamoDB::Table',
    configuration: { ...capacity(100, 50), GlobalSecondaryIndexes: [capacity(20, 50)] },
  };
  const cost = costFigures(recordOf([table]), prices, 10);
  expect(cost.items.map(({ quantity, usd }) => [quantity, Number(usd.toFixed(6))])).toEqual([
    [120, 0.0156],
    [100, 0.065],
  ]);
});

test('an HTTP API that moved more than its requests would at 512 KB each is billed by the bytes', () => {
  const metric = (name: string, value: number): CollectedMetric => ({
    ...{ namespace: 'AWS/ApiGateway', metric: name, dimensions: { ApiId: 'a1' }, statistic: 'Sum', unit: 'Count', periodSec: 60, resource: 'Api' },
    ...{ points: [{ atMs: 0, value }], density: 'dense', complete: true },
  });
  const api = { logicalId: 'Api', physicalId: 'a1', type: 'AWS::ApiGatewayV2::Api', configuration: {} };
  const cost = costFigures(recordOf([api], [metric('Count', 2), metric('DataProcessed', 20 * 1024 * 1024)]), prices, 0);
  expect(cost.items[0]).toMatchObject({ quantity: 40, usd: expect.closeTo(0.00004, 12) });
  expect(cost.perThousandUsd).toMatchObject({ state: 'no-data', reason: 'not one order went through' });
});

test('what has no price, and what was not metered, is named; without a price list there is no cost', () => {
  const resources = [
    { logicalId: 'Bucket', physicalId: 'b', type: 'AWS::S3::Bucket', configuration: {} },
    { logicalId: 'Worker', physicalId: 'w', type: 'AWS::Lambda::Function', configuration: { MemorySize: 128 } },
    { logicalId: 'Role', physicalId: 'r', type: 'AWS::IAM::Role', configuration: {} },
  ];
  const cost = costFigures(recordOf(resources), prices, 1);
  expect([cost.unpriced, cost.totalUsd.state]).toEqual([['Bucket (AWS::S3::Bucket)', 'Worker: AWS/Lambda Invocations was not collected'], 'no-data']);
  expect(costFigures(recordOf(resources), undefined, 1).totalUsd).toMatchObject({ state: 'no-data', reason: 'there is no price list for eu-west-9' });
});

/** One series of one resource with these points, a minute each. */
function series(namespace: string, metric: string, dimensions: Record<string, string>, resource: string, values: number[], statistic = 'Sum') {
  const points = values.map((value, minute) => ({ atMs: minute * 60_000, value }));
  const rest = { unit: 'Count', periodSec: 60, density: 'dense' as const, complete: true };
  return { namespace, metric, dimensions, statistic, resource, points, ...rest };
}

test('a REST API costs its requests, and its parts nothing', () => {
  const [api, stage] = ['RestApi', 'Stage'].map((type) => ({
    logicalId: type,
    physicalId: 'a1',
    type: `AWS::ApiGateway::${type}`,
    configuration: {},
  }));
  const count = series('AWS/ApiGateway', 'Count', { ApiName: 'shop' }, 'RestApi', [1_500_000, 500_000]);
  const cost = costFigures(recordOf([api!, stage!], [count]), prices, 0);
  expect(cost.items).toMatchObject([{ resource: 'RestApi', dimension: 'apigateway.rest-request', quantity: 2_000_000, usd: expect.closeTo(7, 9) }]);
  expect(cost.unpriced).toEqual([]);
});

test('Standard machines cost the transitions of the account, once; without them they are named', () => {
  const machine = (logicalId: string, type: string) => ({
    ...{ logicalId, physicalId: `arn:${logicalId}`, type: 'AWS::StepFunctions::StateMachine', configuration: { type } },
  });
  const transitions = series('AWS/States', 'ConsumedCapacity', { ServiceMetric: 'StateTransition' }, '', [10_000, 2_000]);
  const calls = series('AWS/States', 'ConsumedCapacity', { APIName: 'StartExecution' }, '', [1_000]);
  const one = costFigures(recordOf([machine('Saga', 'STANDARD')], [transitions, calls]), prices, 1_000);
  expect(one.items).toMatchObject([
    {
      resource: 'Saga',
      dimension: 'states.standard-transition',
      quantity: 12_000,
      usd: expect.closeTo(0.3, 9),
      source: expect.stringContaining('whole account'),
    },
  ]);
  const two = costFigures(recordOf([machine('Saga', 'STANDARD'), machine('Refunds', 'STANDARD')], [transitions]), prices, 1_000);
  expect(two.items.map(({ resource, quantity }) => [resource, quantity])).toEqual([['Standard state machines', 12_000]]);
  const none = costFigures(recordOf([machine('Saga', 'STANDARD')]), prices, 1_000);
  expect([none.items, none.unpriced]).toEqual([[], ['Saga: state transitions, which CloudWatch did not tell']]);
});

test("AWS's own example of Express: 64 MB for 10 s are 0.625 GB-s, and a request", () => {
  const tail = { logicalId: 'Tail', physicalId: 'arn:tail', type: 'AWS::StepFunctions::StateMachine', configuration: { type: 'EXPRESS' } };
  const own = { StateMachineArn: 'arn:tail' };
  const metrics = [
    series('AWS/States', 'ExecutionsStarted', own, 'Tail', [100, 0, 100]),
    series('AWS/States', 'ExpressExecutionBilledDuration', own, 'Tail', [1_000_000, 0, 1_000_000]),
    series('AWS/States', 'ExpressExecutionBilledMemory', own, 'Tail', [64, 640, 64], 'Average'),
  ];
  const cost = costFigures(recordOf([tail], metrics), prices, 1);
  expect(cost.items.map(({ dimension, quantity }) => [dimension, quantity])).toEqual([
    ['states.express-request', 200],
    ['states.express-gb-second', 125],
  ]);
  expect(cost.items[1]?.usd).toBeCloseTo((125 / 3600) * 0.06, 9);
});

test('a queue costs the least requests that can have carried its messages, and its empty receives', () => {
  const queue = { logicalId: 'Jobs', physicalId: 'http://x/1/jobs', type: 'AWS::SQS::Queue', configuration: {} };
  const metric = (name: string, values: number[]) => series('AWS/SQS', name, { QueueName: 'jobs' }, 'Jobs', values);
  const counts = (bytes: number) => [
    metric('NumberOfMessagesSent', [95]),
    metric('NumberOfMessagesReceived', [95]),
    metric('NumberOfMessagesDeleted', [91]),
    metric('NumberOfEmptyReceives', [7, 8]),
    metric('SentMessageSize', [bytes]),
  ];
  const quantityOf = (bytes: number) => costFigures(recordOf([queue], counts(bytes)), prices, 1).items.map(({ quantity }) => quantity);
  expect([quantityOf(95_000), quantityOf(20 * 65_536)]).toEqual([[10 + 10 + 10 + 15], [20 + 10 + 10 + 15]]);
  expect(costFigures(recordOf([queue], counts(1)), prices, 1).untold).toEqual(['Jobs: requests that carried fewer than ten messages']);
  expect(costFigures(recordOf([queue]), prices, 1).unpriced).toEqual(['Jobs: AWS/SQS metrics were not collected']);
});

const func = (configuration: Record<string, unknown> = {}) => ({
  ...{ logicalId: 'Order', physicalId: 'order', type: 'AWS::Lambda::Function' },
  configuration: { MemorySize: 1024, Architectures: ['x86_64'], Runtime: 'nodejs22.x', ...configuration },
});
const lambda = (metric: string, values: number[], statistic = 'Sum') =>
  series('AWS/Lambda', metric, { FunctionName: 'order' }, 'Order', values, statistic);
const each = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const perDimension = (items: readonly { dimension: string; usd: number }[]) =>
  Object.fromEntries(items.map(({ dimension, usd }) => [dimension, Number(usd.toFixed(9))]));

test('a function costs requests, memory, the storage above 512 MB, and logs; an invocation is a millisecond at least', () => {
  const metrics = [lambda('Invocations', [1000]), lambda('Duration', [100_000])];
  const cost = costFigures(recordOf([func({ EphemeralStorage: { Size: 1536 } })], metrics), prices, 1);
  expect(perDimension(cost.items)).toEqual({
    'lambda.request': 0.0002,
    'lambda.gb-second-x86': 0.00166667,
    'lambda.storage-gb-second': 0.00000309,
    'logs.ingested-gb': Number(((1000 * 512 * 0.5) / 2 ** 30).toFixed(9)),
  });
  const short = costFigures(recordOf([func({ Architectures: ['arm64'] })], [lambda('Invocations', [1000]), lambda('Duration', [300])]), prices, 1);
  expect(short.items.find(({ dimension }) => dimension === 'lambda.gb-second-arm')?.quantity).toBe(1);
});

test('a month is the baseline times 730 hours, and tiers hold for the sums of the month over all resources', () => {
  // 100,000 requests a minute at each of two doors in the baseline, none later: 43.8 million a day, 8.76 billion a month.
  const doors = ['One', 'Two'].map((logicalId) => ({ logicalId, physicalId: logicalId, type: 'AWS::ApiGatewayV2::Api', configuration: {} }));
  const counts = doors.map(({ logicalId }) => series('AWS/ApiGateway', 'Count', { ApiId: logicalId }, logicalId, each(10, 100_000)));
  const cost = costFigures(recordOf(doors, counts), prices, 0);
  const month = 200_000 * 60 * 730;
  expect(cost.monthUsd).toMatchObject({ state: 'value', value: expect.closeTo(300 + ((month - 300e6) * 0.9) / 1e6, 6) });
  expect(cost.month.map(({ quantity }) => quantity)).toEqual([month / 2, month / 2]);
  expect(cost.month[0]?.usd).toBe(cost.month[1]?.usd);
  expect(cost.totalUsd).toMatchObject({ value: expect.closeTo(2, 9) });
});

test('what the fault cost: its phase beyond the price that its orders had in the baseline', () => {
  const metrics = [lambda('Invocations', [...each(10, 1000), ...each(3, 4000), ...each(47, 0)]), lambda('Duration', [...each(10, 0), ...each(3, 0)])];
  const orders = Object.fromEntries([...each(10, 500), ...each(3, 100)].map((count, minute) => [minute, count]));
  const cost = costFigures(recordOf([func()], metrics, { orders }), prices, 5300);
  const invocation = 0.2 / 1e6 + (512 * 0.5) / 2 ** 30 + 0.001 * 0.0000166667;
  expect(cost.phases).toMatchObject([
    { phase: 'baseline', minutes: 10, transactions: 5000, perThousandUsd: { value: expect.closeTo(2000 * invocation, 12) } },
    { phase: 'fault', minutes: 3, transactions: 300, perThousandUsd: { value: expect.closeTo(40_000 * invocation, 12) } },
    { phase: 'recovery', perThousandUsd: { state: 'no-data', reason: 'not one order went through' } },
  ]);
  expect(cost.fault?.extraUsd).toMatchObject({ value: expect.closeTo((12_000 - 300 * 2) * invocation, 12) });
  expect(cost.fault?.items[0]).toMatchObject({ resource: 'Order' });
  const lost = costFigures(recordOf([func()], metrics, { orders: { 0: 500 } }), prices, 500);
  expect(lost.fault?.extraUsd).toMatchObject({ value: expect.closeTo(12_000 * invocation, 12) });
});

test('reasons: failed invocations, cold starts beside the total, empty receives, throttles, capacity that nobody used', () => {
  const queue = { logicalId: 'Jobs', physicalId: 'http://x/1/jobs', type: 'AWS::SQS::Queue', configuration: { FifoQueue: 'true' } };
  const sqs = (name: string, values: number[]) => series('AWS/SQS', name, { QueueName: 'jobs' }, 'Jobs', values);
  const table = {
    ...{ logicalId: 'Orders', physicalId: 'orders', type: 'AWS::DynamoDB::Table' },
    configuration: { ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 5 } },
  };
  const dynamodb = (metric: string, values: number[]) => series('AWS/DynamoDB', metric, { TableName: 'orders' }, 'Orders', values);
  const machine = { logicalId: 'Saga', physicalId: 'arn:saga', type: 'AWS::StepFunctions::StateMachine', configuration: { type: 'STANDARD' } };
  const api = { logicalId: 'Api', physicalId: 'a1', type: 'AWS::ApiGatewayV2::Api', configuration: {} };
  const metrics = [
    ...[lambda('Invocations', [100]), lambda('Errors', [25]), lambda('Throttles', [40]), lambda('Duration', [100])],
    lambda('ConcurrentExecutions', [3, 12], 'Maximum'),
    ...[sqs('NumberOfMessagesSent', [100]), sqs('NumberOfMessagesReceived', [130]), sqs('NumberOfMessagesDeleted', [100])],
    sqs('NumberOfEmptyReceives', [1000]),
    ...[dynamodb('ConsumedReadCapacityUnits', [9000]), dynamodb('ConsumedWriteCapacityUnits', [18_000])],
    series('AWS/States', 'ConsumedCapacity', { ServiceMetric: 'StateTransition' }, '', [500]),
    series('AWS/ApiGateway', 'Count', { ApiId: 'a1' }, 'Api', [1000]),
  ];
  const cost = costFigures(recordOf([{ ...func(), invokedBy: ['Saga'] }, queue, table, machine, api], metrics, { throttled: 7 }), prices, 1);
  const ofFunction = cost.items.filter(({ resource }) => resource === 'Order').reduce((sum, { usd }) => sum + usd, 0);
  expect(cost.reasons.map(({ reason, resource, quantity, usd, inTotal }) => [reason, resource, quantity, usd, inTotal])).toEqual([
    ['retries', 'Order', 25, expect.closeTo(ofFunction / 4, 12), true],
    ['retries', 'Jobs', 30, expect.closeTo((3 * 0.5) / 1e6, 12), true],
    ['cold starts', 'Order', 12, expect.closeTo(12 * 0.1448 * 0.0000166667, 12), false],
    ['idle pollers', 'Jobs', 1000, expect.closeTo(0.0005, 12), true],
    ['throttled attempts', 'Order', 40, expect.closeTo(0.001, 12), true],
    ['throttled attempts', 'Api', 7, expect.closeTo(0.000007, 12), true],
    ['unused capacity', 'Orders', 7.5, expect.closeTo(7.5 * 0.00013, 12), true],
  ]);
});

test('instruments: action-minutes, steps, alarms and reads, apart from the system', () => {
  const api = { logicalId: 'Api', physicalId: 'a1', type: 'AWS::ApiGatewayV2::Api', configuration: {} };
  const journal = [
    { at: 0, kind: 'fault-started', fault: 'lambda-throttle', experimentId: 'EXP1' },
    { at: 0, kind: 'fault-window', fault: 'lambda-throttle', of: 'fis', window: { startMs: 0, endMs: 150_000 }, source: '' },
    ...['store', 'apply', 'wait', 'restore'].map((step) => ({
      at: 0,
      kind: 'fault-step',
      fault: 'lambda-throttle',
      step,
      state: 'Success',
      startMs: 1,
    })),
    { at: 0, kind: 'collected', series: 50, complete: true, detail: '' },
    { at: 0, kind: 'guards-published', guards: 2, requests: 180 },
  ];
  const cost = costFigures(
    recordOf([api], [series('AWS/ApiGateway', 'Count', { ApiId: 'a1' }, 'Api', [1000])], { journal, orders: { 0: 1 } }),
    prices,
    1,
  );
  expect(perDimension(cost.items.filter(({ resource }) => resource === 'proofload'))).toEqual({
    'fis.action-minute': 0.3,
    'ssm.automation-step': 0.008,
    'cloudwatch.alarm-month': Number((0.1 / 730).toFixed(9)),
    'cloudwatch.high-resolution-alarm-month': Number((0.6 / 730).toFixed(9)),
    'cloudwatch.custom-metric-month': Number((0.6 / 730).toFixed(9)),
    'cloudwatch.request': 0.0018,
    'cloudwatch.get-metric-data': 0.001,
  });
  expect([cost.systemUsd, cost.perThousandUsd]).toMatchObject([{ value: expect.closeTo(0.001, 12) }, { value: expect.closeTo(1, 9) }]);
});

test('storage is priced where the record tells what the table and its indexes hold, by the hours of the run', () => {
  const table = {
    ...{ logicalId: 'Orders', physicalId: 'o', type: 'AWS::DynamoDB::Table', stored: { bytes: 2 ** 30, items: 10_737_418.24 } },
    configuration: { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
  };
  const cost = costFigures(recordOf([table]), prices, 1);
  expect(cost.items.at(-1)).toMatchObject({ dimension: 'dynamodb.storage-gb-month', usd: expect.closeTo((2 * 0.25) / 730, 9) });
  expect([cost.untold, cost.month.at(-1)?.usd]).toEqual([[], expect.closeTo(0.5, 9)]);
});

test('an objective on cost has no data where a resource has no price, whatever the rest cost', () => {
  const api = { logicalId: 'Api', physicalId: 'a1', type: 'AWS::ApiGatewayV2::Api', configuration: {} };
  const bucket = { logicalId: 'Bucket', physicalId: 'b', type: 'AWS::S3::Bucket', configuration: {} };
  const count = series('AWS/ApiGateway', 'Count', { ApiId: 'a1' }, 'Api', [1000]);
  const [whole, open] = [[api], [api, bucket]].map((resources) => costFigures(recordOf(resources, [count]), prices, 1));
  expect(knownCost(whole!, whole!.perThousandUsd).figure).toMatchObject({ state: 'value', value: expect.closeTo(1, 9) });
  expect(knownCost(open!, open!.perThousandUsd).figure).toMatchObject({ state: 'no-data', reason: 'without a price: Bucket (AWS::S3::Bucket)' });
  expect(open!.totalUsd).toMatchObject({ state: 'value', value: expect.closeTo(0.001, 9) });
});

test('usage of two runs together costs what they cost apart, more usage never less, and never NaN', () => {
  const used = fc.record({ requests: fc.nat(100_000), ms: fc.nat(1000), empty: fc.nat(100_000), units: fc.nat(100_000) });
  type Used = { requests: number; ms: number; empty: number; units: number };
  const table = { logicalId: 'Orders', physicalId: 'o', type: 'AWS::DynamoDB::Table', configuration: { BillingMode: 'PAY_PER_REQUEST' } };
  const queue = { logicalId: 'Jobs', physicalId: 'http://x/1/jobs', type: 'AWS::SQS::Queue', configuration: {} };
  const totalOf = (...runs: Used[]): number => {
    const values = (of: (run: Used) => number): number[] => runs.map(of);
    const cost = costFigures(
      recordOf(
        [func(), table, queue],
        [
          lambda(
            'Invocations',
            values(({ requests }) => requests),
          ),
          lambda(
            'Duration',
            values(({ requests, ms }) => requests * (1 + ms)),
          ),
          ...['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'].map((metric) =>
            series(
              'AWS/DynamoDB',
              metric,
              { TableName: 'o' },
              'Orders',
              values(({ units }) => units),
            ),
          ),
          ...['MessagesSent', 'MessagesReceived', 'MessagesDeleted'].map((name) =>
            series('AWS/SQS', `NumberOf${name}`, { QueueName: 'jobs' }, 'Jobs', [0]),
          ),
          series(
            'AWS/SQS',
            'NumberOfEmptyReceives',
            { QueueName: 'jobs' },
            'Jobs',
            values(({ empty }) => empty),
          ),
        ],
      ),
      prices,
      1,
    );
    return cost.systemUsd.state === 'value' ? cost.systemUsd.value : Number.NaN;
  };
  fc.assert(
    fc.property(used, used, (one, other) => {
      const [a, b, both] = [totalOf(one), totalOf(other), totalOf(one, other)];
      expect(Math.abs(both - a - b)).toBeLessThanOrEqual(1e-9 * (1 + both));
      expect(both).toBeGreaterThanOrEqual(a);
    }),
  );
});

test('a point without a value leaves the cost open, and is no number of dollars', () => {
  const cost = costFigures(recordOf([func()], [lambda('Invocations', [10, Number.NaN]), lambda('Duration', [100, 100])]), prices, 1);
  expect(cost.totalUsd).toMatchObject({ state: 'no-data', reason: expect.stringContaining('Order: lambda.request') });
});
