import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  paginateGetMetricData,
  paginateListMetrics,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallClock } from '../../lib/core/clock.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let client: CloudWatchClient;
const minuteMs = 60_000;
const timeScale = 60;

beforeAll(async () => {
  lab = await startTestLab({ timeScale });
  client = new CloudWatchClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  client?.destroy();
  await lab?.stop();
});

/** Start of the lab's minute, `minutes` ago. */
const minuteAgo = (minutes: number): Date => new Date((Math.floor(lab.context.clock.now() / minuteMs) - minutes) * minuteMs);

describe('custom metrics', () => {
  it('come back through GetMetricData and GetMetricStatistics, page after page', async () => {
    const Dimensions = [{ Name: 'Shop', Value: 'one' }];
    const times = [5, 4, 3, 2].map(minuteAgo);
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Orders',
        MetricData: times.map((Timestamp, index) => ({
          MetricName: 'Placed',
          Dimensions,
          Timestamp,
          Values: [index, 10],
          Counts: [1, 2],
          Unit: 'Count',
        })),
      }),
    );
    const StartTime = minuteAgo(6);
    const EndTime = new Date(minuteAgo(0).getTime() + minuteMs);
    const Metric = { Namespace: 'Orders', MetricName: 'Placed', Dimensions };
    const MetricDataQueries = [
      { Id: 'sum', MetricStat: { Metric, Period: 60, Stat: 'Sum' } },
      { Id: 'median', MetricStat: { Metric, Period: 60, Stat: 'p50' } },
      { Id: 'twice', Expression: 'sum * 2' },
    ];
    const values: Record<string, number[]> = {};
    let pages = 0;
    for await (const page of paginateGetMetricData(
      { client },
      { MetricDataQueries, StartTime, EndTime, ScanBy: 'TimestampAscending', MaxDatapoints: 5 },
    )) {
      pages++;
      for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) values[Id] = [...(values[Id] ?? []), ...Values];
    }
    expect(pages).toBe(3);
    expect(values).toEqual({ sum: [20, 21, 22, 23], median: [10, 10, 10, 10], twice: [40, 42, 44, 46] });
    const statistics = await client.send(
      new GetMetricStatisticsCommand({ ...Metric, StartTime, EndTime, Period: 60, Statistics: ['Maximum'], ExtendedStatistics: ['p99'] }),
    );
    expect(statistics.Datapoints).toHaveLength(4);
    expect(statistics.Datapoints?.[0]).toEqual({ Timestamp: times[0], Unit: 'Count', Maximum: 10, ExtendedStatistics: { p99: 10 } });
  });

  it('are listed with their dimensions', async () => {
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Orders', Dimensions: [{ Name: 'Shop' }] }));
    expect(Metrics).toEqual([{ Namespace: 'Orders', MetricName: 'Placed', Dimensions: [{ Name: 'Shop', Value: 'one' }] }]);
  });

  it('are refused with the names that the SDK gives AWS’s errors', async () => {
    const put = (Namespace: string, datum: object) =>
      client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', ...datum }] }));
    await expect(put('AWS/Orders', { Value: 1 })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(put('Orders', {})).rejects.toMatchObject({ name: 'MissingRequiredParameterException' });
    const both = { Value: 1, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } };
    await expect(put('Orders', both)).rejects.toMatchObject({ name: 'InvalidParameterCombinationException' });
    const query = { Id: 's', Expression: "SEARCH('x', 'Sum', 60)" };
    const search = new GetMetricDataCommand({ MetricDataQueries: [query], StartTime: minuteAgo(1), EndTime: minuteAgo(0) });
    await expect(client.send(search)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('not supported in the lab'),
    });
  });
});

it('the lab says through CloudWatch how busy it was', async () => {
  const found: string[] = [];
  for await (const page of paginateListMetrics({ client }, { Namespace: 'Proofload/Lab' })) {
    found.push(...(page.Metrics ?? []).map(({ MetricName, Dimensions }) => `${MetricName} ${Dimensions?.[0]?.Value ?? ''}`.trim()));
  }
  expect(found).toContain('EventLoopUtilization');
  expect(found).toContain('Excess monitoring.ListMetrics');
});

describe('alarms', () => {
  const AlarmName = 'too-few';
  const stateOf = async () => (await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))).MetricAlarms?.[0];

  it('evaluate on the lab’s clock and keep their history', async () => {
    await client.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName, Namespace: 'Orders', MetricName: 'Nothing', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1 },
        ...{ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching', Tags: [{ Key: 'team', Value: 'shop' }] },
      }),
    );
    expect(await stateOf()).toMatchObject({ StateValue: 'INSUFFICIENT_DATA', EvaluationPeriods: 1, Threshold: 1, TreatMissingData: 'breaching' });
    const wall = wallClock();
    const giveUpMs = wall.now() + 10_000;
    while ((await stateOf())?.StateValue !== 'ALARM' && wall.now() < giveUpMs) await wall.sleep(100);
    const alarm = await stateOf();
    expect(alarm).toMatchObject({ StateValue: 'ALARM', StateUpdatedTimestamp: expect.any(Date) });
    expect(alarm?.StateReason).toContain('treated as [Breaching]');
    const history = await client.send(new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: 'StateUpdate' }));
    expect(history.AlarmHistoryItems?.map((item) => item.HistorySummary)).toEqual(['Alarm updated from INSUFFICIENT_DATA to ALARM']);
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: alarm?.AlarmArn }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  });

  it('are set by hand and deleted', async () => {
    await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'OK', StateReason: 'by hand' }));
    expect(await stateOf()).toMatchObject({ StateValue: 'OK', StateReason: 'by hand' });
    await client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
    expect(await stateOf()).toBeUndefined();
    await expect(client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }))).rejects.toMatchObject({
      name: 'ResourceNotFound',
      $metadata: { httpStatusCode: 404 },
    });
    const metric = { AlarmName, Namespace: 'Orders', MetricName: 'Nothing', Statistic: 'Sum' as const, EvaluationPeriods: 1, Threshold: 1 };
    const odd = new PutMetricAlarmCommand({ ...metric, Period: 45, ComparisonOperator: 'LessThanThreshold' });
    await expect(client.send(odd)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
