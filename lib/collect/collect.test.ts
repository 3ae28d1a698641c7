import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type ListMetricsCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { beforeEach, describe, expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../core/clock.ts';
import type { CatalogueMetric } from '../models/cloudwatch/metric-catalogue.ts';
import type { CollectedMetric, ResourceConfiguration, Warning } from '../record/types.ts';
import { type CollectRequest, collectMetrics } from './collect.ts';
import { readExcess } from './excess.ts';
import { latenessMs, readMetricCatalogue } from './metric-catalogue.ts';
import type { CollectProgress } from './settle.ts';
import { wantedSeries } from './wanted-series.ts';
import { type AlarmEvent, watchAlarms } from './watch-alarms.ts';

const minuteMs = 60_000;
/** A whole minute. */
const startMs = 1_700_000_040_000;
const endMs = startMs + 3 * minuteMs;

const lambda: ResourceConfiguration = { logicalId: 'PlaceOrder', physicalId: 'shop-place-order', type: 'AWS::Lambda::Function', configuration: {} };
const table: ResourceConfiguration = {
  logicalId: 'Orders',
  physicalId: 'shop-orders',
  type: 'AWS::DynamoDB::Table',
  configuration: { GlobalSecondaryIndexes: [{ IndexName: 'by-status' }] },
};

let clock: VirtualClock;
let warnings: Warning[];
let progress: CollectProgress[];
beforeEach(() => {
  clock = virtualClock(endMs);
  warnings = [];
  progress = [];
});

/** The SDK's client with its calls answered by `answer`, in order of arrival. */
function scripted(answer: (input: object, name: string) => object): CloudWatchClient & { calls: number } {
  const client = new CloudWatchClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const self = Object.assign(client, {
    calls: 0,
    send: async (command: { input: object; constructor: { name: string } }) => {
      self.calls++;
      return answer(command.input, command.constructor.name);
    },
  });
  return self as unknown as CloudWatchClient & { calls: number };
}

type Points = Readonly<Record<number, number>>;

/** CloudWatch with these points (minute of the run -> value) by `<metric> <statistic>` or `<metric>`; undefined for a series without any. */
function metricData(points: (key: string, dimensions: Readonly<Record<string, string>>) => Points | undefined, status = 'Complete') {
  return (input: object): Partial<GetMetricDataCommandOutput> => ({
    MetricDataResults: ((input as GetMetricDataCommandInput).MetricDataQueries ?? []).map(({ Id, MetricStat }) => {
      const { MetricName = '', Dimensions = [] } = MetricStat?.Metric ?? {};
      const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
      const found = Object.entries(points(MetricName, dimensions) ?? {});
      return {
        Id,
        StatusCode: status as 'Complete',
        Timestamps: found.map(([minute]) => new Date(startMs + Number(minute) * minuteMs)),
        Values: found.map(([, value]) => value),
      };
    }),
  });
}

function request(cloudwatch: CloudWatchClient, more: Partial<CollectRequest> = {}): CollectRequest {
  return {
    ...{ cloudwatch, clock, startMs, endMs, resources: [lambda], deadlineMs: endMs + 10 * minuteMs, settleMs: 30_000, lateMs: 0 },
    onProgress: (each) => progress.push(each),
    onWarning: (each) => warnings.push(each),
    ...more,
  };
}

/** Runs a collection to its end, virtual time passing as it waits. */
async function run<Result>(collecting: Promise<Result>): Promise<Result> {
  const settled = collecting.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([settled, clock.advance(1_000).then(() => false)])));
  return collecting;
}

const find = (metrics: readonly CollectedMetric[], metric: string, resource = 'PlaceOrder', statistic = 'Sum') =>
  metrics.find((each) => each.metric === metric && each.resource === resource && each.statistic === statistic);

describe('collectMetrics', () => {
  it('reads twice when nothing changes, and keeps sparse, dense and witness apart', async () => {
    const data = metricData((metric, { FunctionName }) => {
      if (FunctionName !== 'shop-place-order') return undefined;
      return ({ Invocations: { 0: 100, 1: 100 }, Throttles: { 1: 7 }, Duration: { 0: 12, 1: 13 } } as Record<string, Points>)[metric];
    });
    const cloudwatch = scripted(data);
    const metrics = await run(collectMetrics(request(cloudwatch)));
    expect(cloudwatch.calls).toBe(2);
    expect(clock.now() - endMs).toBeLessThanOrEqual(31_000);
    expect(find(metrics, 'Throttles')).toEqual({
      namespace: 'AWS/Lambda',
      metric: 'Throttles',
      dimensions: { FunctionName: 'shop-place-order' },
      statistic: 'Sum',
      unit: 'Count',
      periodSec: 60,
      resource: 'PlaceOrder',
      points: [{ atMs: startMs + minuteMs, value: 7 }],
      density: 'sparse',
      witnessed: [startMs, startMs + minuteMs],
      complete: true,
    });
    // Nothing at all in minute 2: no witness there, so absence stays no-data.
    expect(find(metrics, 'Errors')).toMatchObject({ points: [], witnessed: [startMs, startMs + minuteMs] });
    // Invocations in minute 2 are as unknown as throttles; in minute 1 throttles witness for invocations.
    expect(find(metrics, 'Invocations')).toMatchObject({ witnessed: [startMs + minuteMs] });
    expect(find(metrics, 'Duration', 'PlaceOrder', 'p99')).toMatchObject({ density: 'dense', complete: true });
    expect(find(metrics, 'Duration', 'PlaceOrder', 'p99')).not.toHaveProperty('witnessed');
    expect(find(metrics, 'ConcurrentExecutions', '', 'Maximum')).toMatchObject({ dimensions: {}, points: [] });
    expect(warnings).toEqual([]);
  });

  it('waits for late points, and on while they change', async () => {
    const cloudwatch = scripted((input) => {
      const late = clock.now() < endMs + 100_000 ? { 0: 50 } : { 0: 100, 1: 100 };
      return metricData((metric) => (metric === 'Invocations' ? late : undefined))(input);
    });
    // Where nothing is said to be late, two reads that agree too early are believed.
    const hasty = await run(collectMetrics(request(cloudwatch)));
    expect(find(hasty, 'Invocations')?.points).toHaveLength(1);
    clock = virtualClock(endMs);
    progress = [];
    const patient = await run(collectMetrics(request(cloudwatch, { lateMs: 120_000 })));
    expect(find(patient, 'Invocations')).toMatchObject({ complete: true, points: [{ value: 100 }, { value: 100 }] });
    expect(progress.map(({ reads }) => reads)).toEqual([0, 1, 2, 3]);
    expect(clock.now() - endMs).toBeLessThan(160_000);
  });

  it('ends at the deadline with what it has, and says which series did not settle', async () => {
    const cloudwatch = scripted((input) => metricData((metric) => (metric === 'Invocations' ? { 0: clock.now() } : { 0: 1 }))(input));
    const metrics = await run(collectMetrics(request(cloudwatch, { deadlineMs: endMs + 2 * minuteMs })));
    expect(find(metrics, 'Invocations')?.complete).toBe(false);
    expect(find(metrics, 'Throttles')?.complete).toBe(true);
    expect(warnings).toMatchObject([
      { code: 'metrics-incomplete', message: expect.stringContaining('AWS/Lambda Invocations of PlaceOrder'), invalidates: false },
    ]);
    expect(clock.now()).toBeLessThanOrEqual(endMs + 2 * minuteMs + 1_000);
  });

  it('never takes a query for complete that CloudWatch does not', async () => {
    const cloudwatch = scripted(metricData(() => ({ 0: 1 }), 'InternalError'));
    const metrics = await run(collectMetrics(request(cloudwatch, { deadlineMs: endMs + minuteMs })));
    expect(metrics.every(({ complete }) => !complete)).toBe(true);
  });

  it('follows pages and sends at most 500 queries a call', async () => {
    const sizes: number[] = [];
    const resources = Array.from({ length: 60 }, (_, index) => ({ ...lambda, logicalId: `F${index}`, physicalId: `f${index}` }));
    const cloudwatch = scripted((input) => {
      const { MetricDataQueries = [], NextToken } = input as GetMetricDataCommandInput;
      if (NextToken === undefined) sizes.push(MetricDataQueries.length);
      const minute = NextToken === undefined ? 0 : 1;
      const page = metricData(() => ({ [minute]: minute + 1 }), NextToken === undefined ? 'PartialData' : 'Complete')(input);
      return NextToken === undefined ? { ...page, NextToken: 'more' } : page;
    });
    const metrics = await run(collectMetrics(request(cloudwatch, { resources })));
    expect(Math.max(...sizes)).toBe(500);
    expect(find(metrics, 'Invocations', 'F59')).toMatchObject({ complete: true, points: [{ value: 1 }, { value: 2 }] });
  });

  it('reads whole minutes, a table by its indexes, and leaves out operations that never ran', async () => {
    const windows = new Set<string>();
    const cloudwatch = scripted((input) => {
      const { StartTime, EndTime } = input as GetMetricDataCommandInput;
      windows.add(`${StartTime?.getTime()}-${EndTime?.getTime()}`);
      return metricData((metric, { Operation }) => {
        if (metric === 'SuccessfulRequestLatency') return Operation === 'PutItem' ? { 1: 4 } : undefined;
        return undefined;
      })(input);
    });
    const metrics = await run(collectMetrics(request(cloudwatch, { resources: [table], startMs: startMs + 5_000, endMs: endMs - 5_000 })));
    expect([...windows]).toEqual([`${startMs}-${endMs}`]);
    expect(metrics.filter(({ metric }) => metric === 'SuccessfulRequestLatency').map(({ dimensions }) => dimensions['Operation'])).toEqual(
      Array(5).fill('PutItem'),
    );
    expect(metrics.some(({ metric }) => metric === 'ThrottledRequests')).toBe(false);
    const indexed = metrics.find(
      ({ metric, dimensions }) => metric === 'WriteThrottleEvents' && dimensions['GlobalSecondaryIndexName'] === 'by-status',
    );
    expect(indexed).toMatchObject({ resource: 'Orders', points: [], witnessed: [startMs + minuteMs] });
    expect(metrics.some(({ namespace }) => namespace === 'AWS/Lambda')).toBe(false);
  });

  it('tries again after a throttle and stops at once when access is denied', async () => {
    let failures = 3;
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
    const cloudwatch = scripted((input) => {
      if (failures-- > 0) throw throttled;
      return metricData(() => undefined)(input);
    });
    expect((await run(collectMetrics(request(cloudwatch)))).every(({ complete }) => complete)).toBe(true);
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    const refusing = scripted(() => {
      throw denied;
    });
    await expect(run(collectMetrics(request(refusing)))).rejects.toBe(denied);
    const dead = scripted(() => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { name: 'Error' });
    });
    const unreadable = run(collectMetrics(request(dead, { deadlineMs: clock.now() + minuteMs })));
    await expect(unreadable).rejects.toMatchObject({ code: 'metrics-unreadable', exit: 'invalid' });
  });
});

describe('wantedSeries', () => {
  it('knows a queue by its name, and an account by each value of a dimension', () => {
    const queue = { logicalId: 'Jobs', physicalId: 'http://127.0.0.1:4566/123456789012/shop-jobs', type: 'AWS::SQS::Queue', configuration: {} };
    const machine = {
      ...{ logicalId: 'Saga', physicalId: 'arn:aws:states:us-east-1:123456789012:stateMachine:saga' },
      ...{ type: 'AWS::StepFunctions::StateMachine', configuration: { type: 'STANDARD' } },
    };
    const evidence = { source: 'test', date: '2026-11-24', status: 'assumed' as const };
    const metric = (name: string, more: Partial<CatalogueMetric>): CatalogueMetric => ({
      ...{ namespace: 'AWS/SQS', metric: name, resourceTypes: [], eachOf: {}, statistics: ['Sum'], unit: 'Count', periodSec: 60 },
      ...{ lateness: { sec: 0, ...evidence }, density: 'dense', witnesses: [], ...evidence, ...more },
    });
    const catalogue = [
      metric('NumberOfMessagesSent', { resourceTypes: ['AWS::SQS::Queue'], idDimension: 'QueueName' }),
      metric('ExecutionThrottled', { namespace: 'AWS/States', resourceTypes: ['AWS::StepFunctions::StateMachine'], idDimension: 'StateMachineArn' }),
      metric('ThrottledEvents', { namespace: 'AWS/States', eachOf: { APIName: ['StartExecution', 'SendTaskSuccess'] } }),
    ];
    expect(wantedSeries(catalogue, [queue, machine]).map(({ resource, dimensions, optional }) => [resource, dimensions, optional])).toEqual([
      ['Jobs', { QueueName: 'shop-jobs' }, false],
      ['Saga', { StateMachineArn: machine.physicalId }, false],
      ['', { APIName: 'StartExecution' }, true],
      ['', { APIName: 'SendTaskSuccess' }, true],
    ]);
    expect(wantedSeries(catalogue, [queue]).map(({ metric: name }) => name)).toEqual(['NumberOfMessagesSent']);
  });

  it('asks for a REST API by its name, and not at all where that is not known', () => {
    const rest = readMetricCatalogue().filter(({ idDimension }) => idDimension === 'ApiName');
    const api = (configuration: ResourceConfiguration['configuration']) => ({
      logicalId: 'Api',
      physicalId: 'a1',
      type: 'AWS::ApiGateway::RestApi',
      configuration,
    });
    const named = wantedSeries(rest, [api({ Name: 'shop' })]);
    expect(new Set(named.map(({ metric }) => metric))).toEqual(new Set(['Count', '4XXError', '5XXError', 'Latency', 'IntegrationLatency']));
    expect(named.every(({ dimensions }) => dimensions['ApiName'] === 'shop')).toBe(true);
    expect(wantedSeries(rest, [api({})])).toEqual([]);
  });
});

describe('readExcess', () => {
  const listed = (Metrics: ListMetricsCommandOutput['Metrics']) =>
    scripted((input, name) =>
      name === 'ListMetricsCommand' ? { Metrics } : metricData((metric) => (metric === 'Excess' ? { 0: 1.5 } : { 0: 40 }))(input),
    );

  it('is empty where the site publishes none', async () => {
    const cloudwatch = listed([]);
    expect(await run(readExcess(request(cloudwatch)))).toEqual([]);
    expect(cloudwatch.calls).toBe(1);
  });

  it('reads every operation and the event loop where it does', async () => {
    const cloudwatch = listed([
      { Namespace: 'Proofload/Lab', MetricName: 'Excess', Dimensions: [{ Name: 'Operation', Value: 'dynamodb.PutItem' }] },
      { Namespace: 'Proofload/Lab', MetricName: 'EventLoopUtilization', Dimensions: [] },
    ]);
    const metrics = await run(readExcess(request(cloudwatch)));
    expect(metrics.map(({ metric, dimensions, statistic }) => `${metric} ${dimensions['Operation'] ?? ''} ${statistic}`)).toEqual([
      ...['SampleCount', 'p50', 'p99', 'Maximum'].map((statistic) => `Excess dynamodb.PutItem ${statistic}`),
      ...['Average', 'Maximum'].map((statistic) => `EventLoopUtilization  ${statistic}`),
    ]);
  });
});

it('watchAlarms tells the first state and every change, and looks once more at its end', async () => {
  let state = 'OK';
  const events: AlarmEvent[] = [];
  let failing = false;
  const cloudwatch = scripted((input, name) => {
    expect([name, input]).toMatchObject([DescribeAlarmsCommand.name, { AlarmNames: ['stop'] }]);
    if (failing) throw new Error('no network');
    return { MetricAlarms: [{ AlarmName: 'stop', StateValue: state, StateReason: `is ${state}`, StateUpdatedTimestamp: new Date(clock.now()) }] };
  });
  const watch = watchAlarms({
    cloudwatch,
    names: () => ['stop'],
    clock,
    everyMs: 5_000,
    onEvent: (event) => events.push(event),
    onWarning: (each) => warnings.push(each),
  });
  await clock.advance(12_000);
  state = 'ALARM';
  await clock.advance(5_000);
  failing = true;
  await clock.advance(15_000);
  failing = false;
  state = 'INSUFFICIENT_DATA';
  await watch.stop();
  expect(events.map(({ at, state: each, reason }) => [at - endMs, each, reason])).toEqual([
    [0, 'OK', 'is OK'],
    [15_000, 'ALARM', 'is ALARM'],
    [32_000, 'INSUFFICIENT_DATA', 'is INSUFFICIENT_DATA'],
  ]);
  expect(warnings).toMatchObject([{ code: 'alarms-unreadable' }]);
});

it('the catalogue of config/metrics is sound and says how late points may be', () => {
  const catalogue = readMetricCatalogue();
  const namespaces = new Set(['AWS/ApiGateway', 'AWS/DynamoDB', 'AWS/Lambda', 'AWS/SQS', 'AWS/States']);
  expect(new Set(catalogue.map(({ namespace }) => namespace))).toEqual(namespaces);
  expect(catalogue.filter(({ density, witnesses }) => density === 'sparse' && witnesses.length === 0)).toEqual([]);
  expect(latenessMs(catalogue)).toBe(120_000);
});
