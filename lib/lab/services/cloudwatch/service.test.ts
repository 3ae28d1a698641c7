import { join } from 'node:path';
import type {
  DescribeAlarmHistoryOutput,
  DescribeAlarmsOutput,
  GetMetricDataOutput,
  GetMetricStatisticsOutput,
  ListMetricsOutput,
  ListTagsForResourceOutput,
} from '@aws-sdk/client-cloudwatch';
import { beforeEach, describe, expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../../../core/clock.ts';
import { Numbers } from '../../../core/numbers.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { seededRng } from '../../../core/rng.ts';
import type { CallContext, LabContext, LabService } from '../../contract.ts';
import { createCloudWatchService } from './service.ts';
import { createMetricStore, type MetricStore } from './store.ts';

const quotas = Numbers.fromFolder(join(packageRoot(), 'config', 'quotas'));
const call: CallContext = { requestId: 'r', caller: { kind: 'http' }, arrivedMs: 0, modelledMs: 0 };
const minuteMs = 60_000;
/** A whole minute. */
const startMs = 1_700_000_040_000;

/** What any of the operations answers; every member of AWS's outputs is optional. */
type Answer = GetMetricDataOutput &
  GetMetricStatisticsOutput &
  ListMetricsOutput &
  DescribeAlarmsOutput &
  DescribeAlarmHistoryOutput &
  ListTagsForResourceOutput;

interface Setup {
  clock: VirtualClock;
  store: MetricStore;
  service: LabService;
  send(operation: string, input: object): Promise<Answer>;
}

function setup(asAwsIs = false): Setup {
  const clock = virtualClock(startMs);
  const store = createMetricStore(clock);
  const unused = (): never => {
    throw new Error('not used');
  };
  const context: LabContext = {
    account: '123456789012',
    region: 'us-east-1',
    clock,
    wall: clock,
    rng: seededRng('test'),
    quotas,
    latency: quotas,
    delays: false,
    asAwsIs,
    metrics: store,
    meter: () => undefined,
    endpoint: unused,
    call: unused,
    wire: unused,
    arn: (service, resource) => `arn:aws:${service}:us-east-1:123456789012:${resource}`,
  };
  const service = createCloudWatchService(context, store);
  const send = async (operation: string, input: object): Promise<Answer> => {
    const found = service.operations[operation]!;
    found.admit?.(input as never, call);
    return (await found.act(input as never, call)) as Answer;
  };
  return { clock, store, service, send };
}

const at = (minute: number): Date => new Date(startMs + minute * minuteMs);
const throttles = (store: MetricStore) => store.series('AWS/Lambda', 'Throttles', { FunctionName: 'f' }, 'Count');
const throttlesQuery = (more: object = {}) => ({
  Id: 't',
  MetricStat: {
    Metric: { Namespace: 'AWS/Lambda', MetricName: 'Throttles', Dimensions: [{ Name: 'FunctionName', Value: 'f' }] },
    Period: 60,
    Stat: 'Sum',
  },
  ...more,
});

let lab: Setup;
beforeEach(() => {
  lab = setup();
});

describe('PutMetricData', () => {
  const put = (datum: object, namespace = 'Shop') => lab.send('PutMetricData', { Namespace: namespace, MetricData: [{ MetricName: 'm', ...datum }] });

  it.each([
    ['a reserved namespace', () => put({ Value: 1 }, 'AWS/Shop'), 'InvalidParameterValue'],
    ['no value', () => put({}), 'MissingParameter'],
    ['value and set', () => put({ Value: 1, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } }), 'InvalidParameterCombination'],
    ['NaN', () => put({ Value: Number.NaN }), 'InvalidParameterValue'],
    ['2^361', () => put({ Value: 2 ** 361 }), 'InvalidParameterValue'],
    ['a time of 15 days ago', () => put({ Value: 1, Timestamp: at(-15 * 24 * 60) }), 'InvalidParameterValue'],
    ['a time in 3 hours', () => put({ Value: 1, Timestamp: at(180) }), 'InvalidParameterValue'],
    ['a resolution of 30', () => put({ Value: 1, StorageResolution: 30 }), 'InvalidParameterValue'],
    [
      '1,001 metrics',
      () => lab.send('PutMetricData', { Namespace: 'n', MetricData: Array(1001).fill({ MetricName: 'm', Value: 1 }) }),
      'InvalidParameterValue',
    ],
  ])('refuses %s', async (_name, act, name) => {
    await expect(act()).rejects.toMatchObject({ name, statusCode: 400 });
  });

  it('stores nothing of a call that has a fault', async () => {
    const MetricData = [{ MetricName: 'm', Value: 1 }, { MetricName: 'm' }];
    await expect(lab.send('PutMetricData', { Namespace: 'Shop', MetricData })).rejects.toThrow();
    expect((await lab.send('ListMetrics', { Namespace: 'Shop' })).Metrics).toEqual([]);
  });

  it('keeps seconds of high-resolution metrics only', async () => {
    await put({ Values: [1, 3], Counts: [2, 1], StorageResolution: 1, Unit: 'Count' });
    await lab.send('PutMetricData', { Namespace: 'Shop', MetricData: [{ MetricName: 'slow', Value: 1 }] });
    const read = (MetricName: string, Period: number) =>
      lab.send('GetMetricStatistics', {
        Namespace: 'Shop',
        MetricName,
        StartTime: at(0),
        EndTime: at(1),
        Period,
        Statistics: ['Sum', 'SampleCount'],
      });
    expect((await read('m', 1)).Datapoints).toEqual([{ Timestamp: at(0), Unit: 'Count', Sum: 5, SampleCount: 3 }]);
    expect((await read('slow', 1)).Datapoints).toEqual([]);
    expect((await read('slow', 60)).Datapoints).toHaveLength(1);
  });
});

describe('GetMetricData', () => {
  it('answers metric and math, newest first, page after page', async () => {
    for (let minute = 0; minute < 5; minute++) throttles(lab.store).add(minute + 1, startMs + minute * minuteMs);
    const input = {
      MetricDataQueries: [throttlesQuery(), { Id: 'double', Expression: 't * 2', Label: 'twice' }],
      StartTime: at(0),
      EndTime: at(5),
      MaxDatapoints: 3,
    };
    const pages: Answer[] = [];
    let NextToken: string | undefined;
    do {
      pages.push(await lab.send('GetMetricData', { ...input, NextToken }));
      ({ NextToken } = pages.at(-1)!);
    } while (NextToken);
    const values = (id: string) => pages.flatMap((page) => page.MetricDataResults!.filter((each) => each.Id === id).flatMap((each) => each.Values));
    expect(values('t')).toEqual([5, 4, 3, 2, 1]);
    expect(values('double')).toEqual([10, 8, 6, 4, 2]);
    expect(pages[0]!.MetricDataResults).toMatchObject([
      { Id: 't', Label: 'Throttles', StatusCode: 'PartialData', Timestamps: [at(4), at(3), at(2)] },
    ]);
    expect(pages.at(-1)!.MetricDataResults!.at(-1)).toMatchObject({ Id: 'double', Label: 'twice', StatusCode: 'Complete' });
  });

  it.each([
    ['a SEARCH', [{ Id: 's', Expression: "SEARCH('x', 'Sum', 60)" }], /not supported in the lab/],
    ['Metrics Insights', [{ Id: 's', Expression: 'SELECT AVG(x) FROM y' }], /Metrics Insights/],
    ['an unknown id', [throttlesQuery(), { Id: 'e', Expression: 't + x' }], /names x/],
    [
      'a circle',
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ],
      /depends on itself/,
    ],
    ['the same id twice', [throttlesQuery(), throttlesQuery()], /not unique/],
    ['a capital id', [throttlesQuery({ Id: 'T' })], /does not match/],
    ['501 queries', Array.from({ length: 501 }, (_, index) => throttlesQuery({ Id: `q${index}` })), /size greater than 500/],
  ])('refuses %s', async (_name, MetricDataQueries, message) => {
    const sent = lab.send('GetMetricData', { MetricDataQueries, StartTime: at(0), EndTime: at(1) });
    await expect(sent).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringMatching(message) });
  });

  it('shows the running minute, and as AWS is only what is late enough', async () => {
    const read = async (each: Setup) => {
      const output = await each.send('GetMetricData', { MetricDataQueries: [throttlesQuery()], StartTime: at(0), EndTime: at(10) });
      return output.MetricDataResults![0]!.Values;
    };
    throttles(lab.store).add(1);
    expect(await read(lab)).toEqual([1]);
    const late = setup(true);
    throttles(late.store).add(1);
    await late.clock.advance(149_000);
    expect(await read(late)).toEqual([]);
    await late.clock.advance(1_000);
    expect(await read(late)).toEqual([1]);
  });
});

it('GetMetricStatistics counts periods from its start, keeps units apart and bounds the points', async () => {
  const base = {
    Namespace: 'AWS/Lambda',
    MetricName: 'Throttles',
    Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
    StartTime: at(1),
    EndTime: at(7),
  };
  for (let minute = 0; minute < 7; minute++) throttles(lab.store).add(1, startMs + minute * minuteMs);
  lab.store.series('AWS/Lambda', 'Throttles', { FunctionName: 'f' }, 'None').add(7, startMs + minuteMs);
  const output = await lab.send('GetMetricStatistics', { ...base, Period: 300, Statistics: ['Sum'], ExtendedStatistics: ['p50'] });
  expect(output.Datapoints).toEqual([
    { Timestamp: at(1), Unit: 'Count', Sum: 5, ExtendedStatistics: { p50: 1 } },
    { Timestamp: at(6), Unit: 'Count', Sum: 1, ExtendedStatistics: { p50: 1 } },
    { Timestamp: at(1), Unit: 'None', Sum: 7, ExtendedStatistics: { p50: 7 } },
  ]);
  await expect(lab.send('GetMetricStatistics', { ...base, EndTime: at(1500), Period: 60, Statistics: ['Sum'] })).rejects.toMatchObject({
    name: 'InvalidParameterCombination',
    message: expect.stringContaining('exceeds the limit of 1440'),
  });
  await expect(lab.send('GetMetricStatistics', { ...base, Period: 60 })).rejects.toMatchObject({ name: 'MissingParameter' });
});

it('ListMetrics filters by dimension name or value and by recent activity', async () => {
  for (const name of ['f', 'g']) lab.store.series('AWS/Lambda', 'Errors', { FunctionName: name }, 'Count').add(1);
  lab.store.series('AWS/Lambda', 'Errors', {}, 'Count').add(1);
  const list = async (more: object) => (await lab.send('ListMetrics', { Namespace: 'AWS/Lambda', ...more })).Metrics!.length;
  expect(await list({})).toBe(3);
  expect(await list({ Dimensions: [{ Name: 'FunctionName' }] })).toBe(2);
  expect(await list({ Dimensions: [{ Name: 'FunctionName', Value: 'g' }] })).toBe(1);
  await lab.clock.advance(4 * 3_600_000);
  lab.store.series('AWS/Lambda', 'Errors', { FunctionName: 'f' }, 'Count').add(1);
  expect(await list({ RecentlyActive: 'PT3H' })).toBe(1);
});

describe('alarms', () => {
  const alarm = (more: object = {}) => ({
    AlarmName: 'a',
    Namespace: 'AWS/Lambda',
    MetricName: 'Throttles',
    Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    ...more,
  });
  const described = async () => (await lab.send('DescribeAlarms', { AlarmNames: ['a'] })).MetricAlarms![0];

  it('goes from INSUFFICIENT_DATA through OK to ALARM and back, each at the end of a minute', async () => {
    lab.service.start?.();
    await lab.send('PutMetricAlarm', alarm({ AlarmActions: ['arn:aws:sns:us-east-1:123456789012:t'] }));
    expect(await described())!.toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      ActionsEnabled: true,
    });
    await lab.clock.advance(61_000);
    expect((await described())!.StateValue).toBe('INSUFFICIENT_DATA');
    await lab.clock.advance(2_000);
    expect(await described())!.toMatchObject({
      StateValue: 'OK',
      StateReason: expect.stringContaining('1 missing datapoint was treated as [NonBreaching]'),
    });
    throttles(lab.store).add(6);
    await lab.clock.advance(60_000);
    expect(await described())!.toMatchObject({
      StateValue: 'ALARM',
      StateReason:
        'Threshold Crossed: 1 out of the last 1 datapoints [6.0 (14/11/23 22:15:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
      StateUpdatedTimestamp: new Date(startMs + 122_000),
    });
    throttles(lab.store).add(1);
    await lab.clock.advance(60_000);
    expect((await described())!.StateValue).toBe('OK');
    await lab.service.stop?.();
    const { AlarmHistoryItems: items } = await lab.send('DescribeAlarmHistory', { AlarmName: 'a', ScanBy: 'TimestampAscending' });
    expect(items!.map((item) => item.HistorySummary)).toEqual([
      'Alarm "a" created',
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm updated from OK to ALARM',
      'Failed to execute action arn:aws:sns:us-east-1:123456789012:t. The lab executes no alarm actions.',
      'Alarm updated from ALARM to OK',
    ]);
  });

  it('evaluates high-resolution alarms every ten seconds', async () => {
    lab.service.start?.();
    await lab.send('PutMetricAlarm', alarm({ Namespace: 'Shop', MetricName: 'm', Dimensions: undefined, Period: 10 }));
    await lab.send('PutMetricData', { Namespace: 'Shop', MetricData: [{ MetricName: 'm', Value: 9, StorageResolution: 1 }] });
    await lab.clock.advance(12_000);
    expect((await described())!.StateValue).toBe('ALARM');
  });

  it('evaluates metric math', async () => {
    lab.service.start?.();
    const { AlarmName, EvaluationPeriods, ComparisonOperator } = alarm();
    await lab.send('PutMetricAlarm', {
      ...{ AlarmName, EvaluationPeriods, ComparisonOperator, Threshold: 50 },
      Metrics: [
        throttlesQuery({ ReturnData: false }),
        { Id: 'i', MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Invocations' }, Period: 60, Stat: 'Sum' }, ReturnData: false },
        { Id: 'share', Expression: '100 * t / (t + i)' },
      ],
    });
    throttles(lab.store).add(3);
    lab.store.series('AWS/Lambda', 'Invocations', {}, 'Count').add(1);
    await lab.clock.advance(63_000);
    expect(await described())!.toMatchObject({ StateValue: 'ALARM', StateReason: expect.stringContaining('[75.0 (') });
  });

  it('keeps the state of an alarm on AWS/DynamoDB when data are missing, and of a percentile with too few samples', async () => {
    lab.service.start?.();
    await lab.send('PutMetricAlarm', alarm({ Namespace: 'AWS/DynamoDB', TreatMissingData: 'breaching' }));
    await lab.send(
      'PutMetricAlarm',
      alarm({ AlarmName: 'b', Statistic: undefined, ExtendedStatistic: 'p99', EvaluateLowSampleCountPercentile: 'ignore' }),
    );
    throttles(lab.store).add(9);
    await lab.clock.advance(63_000);
    const { MetricAlarms } = await lab.send('DescribeAlarms', { StateValue: 'INSUFFICIENT_DATA' });
    expect(MetricAlarms!.map((each) => each.AlarmName)).toEqual(['a', 'b']);
  });

  it('keeps state and tags over an update, and follows a state set by hand until the next evaluation', async () => {
    lab.service.start?.();
    await lab.send('PutMetricAlarm', alarm({ Tags: [{ Key: 'k', Value: 'v' }] }));
    await lab.send('SetAlarmState', { AlarmName: 'a', StateValue: 'ALARM', StateReason: 'test' });
    await lab.send('PutMetricAlarm', alarm({ Threshold: 7 }));
    const { AlarmArn, StateValue, Threshold } = (await described())!;
    expect([AlarmArn, StateValue, Threshold]).toEqual(['arn:aws:cloudwatch:us-east-1:123456789012:alarm:a', 'ALARM', 7]);
    expect((await lab.send('ListTagsForResource', { ResourceARN: AlarmArn })).Tags).toEqual([{ Key: 'k', Value: 'v' }]);
    await lab.clock.advance(63_000);
    expect((await described())!.StateValue).toBe('OK');
    await lab.send('DisableAlarmActions', { AlarmNames: ['a'] });
    expect((await described())!.ActionsEnabled).toBe(false);
  });

  it.each([
    ['a period of 45', { Period: 45 }, 'ValidationError'],
    ['more than a day', { Period: 3540, EvaluationPeriods: 25 }, 'ValidationError'],
    ['more than a week of hours', { Period: 3600, EvaluationPeriods: 169 }, 'ValidationError'],
    ['M above N', { DatapointsToAlarm: 2 }, 'ValidationError'],
    ['two statistics', { ExtendedStatistic: 'p99' }, 'ValidationError'],
    ['anomaly detection', { ComparisonOperator: 'GreaterThanUpperThreshold', ThresholdMetricId: 'x' }, 'ValidationError'],
    ['six actions', { AlarmActions: Array(6).fill('arn') }, 'ValidationError'],
    ['no namespace', { Namespace: undefined }, 'MissingParameter'],
  ])('refuses %s', async (_name, more, name) => {
    await expect(lab.send('PutMetricAlarm', alarm(more))).rejects.toMatchObject({ name });
  });

  it.each([
    ['a day of minutes', { Period: 60, EvaluationPeriods: 1440 }],
    ['a week of hours', { Period: 3600, EvaluationPeriods: 168 }],
    ['a week of days', { Period: 86_400, EvaluationPeriods: 7 }],
  ])('takes %s', async (_name, more) => {
    await lab.send('PutMetricAlarm', alarm(more));
    expect(await described()).toMatchObject(more);
  });

  it('deletes all named alarms or none', async () => {
    await lab.send('PutMetricAlarm', alarm());
    await expect(lab.send('DeleteAlarms', { AlarmNames: ['a', 'x'] })).rejects.toMatchObject({ name: 'ResourceNotFound', statusCode: 404 });
    expect(await described())!.toBeDefined();
    await lab.send('DeleteAlarms', { AlarmNames: ['a'] });
    expect(await described())!.toBeUndefined();
  });

  it('is made and removed by a template', async () => {
    const [handler] = lab.service.resources!;
    const { AlarmName: _, ...properties } = alarm({ Period: '60', Threshold: '5', ActionsEnabled: 'false' });
    const made = await handler!.create({ stackName: 's', logicalId: 'Stop', properties, templateFolder: '.' });
    expect(made.physicalId).toMatch(/^s-Stop-[0-9A-F]{12}$/);
    const { MetricAlarms } = await lab.send('DescribeAlarms', {});
    expect(MetricAlarms).toMatchObject([
      { AlarmName: made.physicalId, AlarmArn: made.attributes!['Arn'], Period: 60, Threshold: 5, ActionsEnabled: false },
    ]);
    await handler!.remove?.(made.physicalId, {});
    expect((await lab.send('DescribeAlarms', {})).MetricAlarms).toEqual([]);
  });
});

it('throttles as AWS is, and only then', async () => {
  const late = setup(true);
  const describeAlarms = (each: Setup) => Promise.allSettled(Array.from({ length: 10 }, () => each.send('DescribeAlarms', {})));
  expect((await describeAlarms(lab)).filter(({ status }) => status === 'rejected')).toEqual([]);
  const refused = (await describeAlarms(late)).filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([{ reason: { name: 'ThrottlingException', statusCode: 400 } }]);
  await late.clock.advance(1_000);
  await late.send('DescribeAlarms', {});
});
