import type { Datapoint, GetMetricStatisticsCommandInput, GetMetricStatisticsCommandOutput, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { dateOf } from '../../../core/time-format.ts';
import type { Bucket } from '../../../models/cloudwatch/bucket.ts';
import { isPeriod, periodStart, resolutionOf } from '../../../models/cloudwatch/periods.ts';
import { isBasicStatistic, statisticNamed } from '../../../models/cloudwatch/statistics.ts';
import { dimensionsOf } from './dimensions.ts';
import { invalidCombination, invalidValue, missingParameter, required } from './errors.ts';
import type { MetricReader } from './metric-reader.ts';
import type { MetricStore } from './store.ts';

export interface StatisticsLimits {
  readonly statisticsDatapoints: number;
  readonly dimensions: number;
}

/** Statistics of one metric; periods are counted from the start that was asked for, rounded down to its minute (or to its period below a minute). */
export function getMetricStatistics(
  store: MetricStore,
  reader: MetricReader,
  limits: StatisticsLimits,
  input: GetMetricStatisticsCommandInput,
): Omit<GetMetricStatisticsCommandOutput, '$metadata'> {
  const namespace = required(input.Namespace, 'Namespace');
  const metric = required(input.MetricName, 'MetricName');
  const periodSec = checkedPeriod(required(input.Period, 'Period'));
  const dimensions = dimensionsOf(input.Dimensions, 'Dimensions', limits.dimensions);
  const [startMs, endMs] = checkedRange(input, periodSec, limits.statisticsDatapoints);
  const names = checkedStatistics(input);
  const units = input.Unit === undefined ? store.find(namespace, metric, dimensions).map((series) => series.unit) : [input.Unit];
  const points = units.flatMap((unit) =>
    reader
      .periods({ namespace, metric, dimensions, unit, periodSec, startMs, endMs, originMs: startMs })
      .map((bucket) => datapointOf(bucket, unit, names)),
  );
  return { Label: metric, Datapoints: points };
}

function checkedPeriod(periodSec: number): number {
  if (!isPeriod(periodSec)) {
    throw invalidValue(`The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${periodSec}.`);
  }
  return periodSec;
}

function checkedRange(input: GetMetricStatisticsCommandInput, periodSec: number, atMost: number): [number, number] {
  const from = required(input.StartTime, 'StartTime').getTime();
  const endMs = required(input.EndTime, 'EndTime').getTime();
  if (from >= endMs) throw invalidCombination('The parameter StartTime must be less than the parameter EndTime.');
  const startMs = periodStart(from, resolutionOf(periodSec) === 60 ? 60 : periodSec);
  const asked = Math.ceil((endMs - startMs) / (periodSec * 1000));
  if (asked > atMost) {
    throw invalidCombination(
      `You have requested up to ${asked} datapoints, which exceeds the limit of ${atMost}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  return [startMs, endMs];
}

function checkedStatistics(input: GetMetricStatisticsCommandInput): readonly string[] {
  const basic = input.Statistics ?? [];
  const extended = input.ExtendedStatistics ?? [];
  if (basic.length === 0 && extended.length === 0)
    throw missingParameter('At least one of the parameters Statistics and ExtendedStatistics must be specified.');
  for (const name of basic) if (!isBasicStatistic(name)) throw invalidValue(`The value ${name} for parameter Statistics is invalid.`);
  for (const name of extended) {
    if (isBasicStatistic(name) || !statisticNamed(name))
      throw invalidValue(`The value ${name} for parameter ExtendedStatistics is invalid (the lab has percentiles only).`);
  }
  return [...basic, ...extended];
}

function datapointOf(bucket: Bucket, unit: string, names: readonly string[]): Datapoint {
  const basic: Record<string, number> = {};
  const extended: Record<string, number> = {};
  for (const name of names) {
    const value = statisticNamed(name)?.(bucket);
    if (value !== undefined) (isBasicStatistic(name) ? basic : extended)[name] = value;
  }
  return {
    Timestamp: dateOf(bucket.startMs),
    Unit: unit as StandardUnit,
    ...basic,
    ...(Object.keys(extended).length > 0 ? { ExtendedStatistics: extended } : {}),
  };
}
