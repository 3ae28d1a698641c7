import type { MetricDatum, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Bucket } from '../../../models/cloudwatch/bucket.ts';
import { dimensionsOf } from './dimensions.ts';
import { invalidCombination, invalidValue, missingParameter, required } from './errors.ts';
import type { MetricStore } from './store.ts';

export interface PutLimits {
  readonly metricsPerCall: number;
  readonly valuesPerMetric: number;
  readonly dimensions: number;
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** Bounds of a metric's value: CloudWatch takes -2^360 to 2^360. */
const largestValue = 2 ** 360;

/**
 * Stores custom metrics. The whole call is validated before anything is stored. Entities are accepted and not kept.
 * Throws what AWS does: MissingParameter, InvalidParameterValue, InvalidParameterCombination.
 */
export function putMetricData(store: MetricStore, nowMs: number, limits: PutLimits, input: PutMetricDataCommandInput): void {
  const namespace = required(input.Namespace, 'Namespace');
  if (namespace.startsWith('AWS/') || namespace.startsWith(':')) throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  const data = [...(input.MetricData ?? []), ...(input.EntityMetricData ?? []).flatMap((entity) => entity.MetricData ?? [])];
  if (data.length === 0) throw missingParameter('The parameter MetricData is required.');
  if (data.length > limits.metricsPerCall) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${limits.metricsPerCall}.`);
  }
  const writes = data.map((datum, index) => writeOf(datum, `MetricData.member.${index + 1}`, nowMs, limits));
  for (const write of writes) {
    const series = store.series(namespace, write.metric, write.dimensions, write.unit);
    if (write.highResolution) series.addHighResolution(write.atMs, write.add);
    else series.addTo(write.atMs, write.add);
  }
}

function writeOf(datum: MetricDatum, where: string, nowMs: number, limits: PutLimits) {
  const atMs = datum.Timestamp?.getTime() ?? nowMs;
  if (atMs < nowMs - limits.oldestMs || atMs > nowMs + limits.newestMs) {
    throw invalidValue(`The parameter ${where}.Timestamp must specify a time within the past two weeks and no more than two hours ahead.`);
  }
  const resolution = datum.StorageResolution ?? 60;
  if (resolution !== 1 && resolution !== 60) throw invalidValue(`The value ${resolution} for parameter ${where}.StorageResolution is invalid.`);
  return {
    metric: required(datum.MetricName, `${where}.MetricName`),
    dimensions: dimensionsOf(datum.Dimensions, `${where}.Dimensions`, limits.dimensions),
    unit: datum.Unit ?? 'None',
    atMs,
    highResolution: resolution === 1,
    add: valuesOf(datum, where, limits),
  };
}

function valuesOf(datum: MetricDatum, where: string, limits: PutLimits): (bucket: Bucket) => void {
  const given = (['Value', 'Values', 'StatisticValues'] as const).filter((name) => datum[name] !== undefined);
  if (given.length === 0) throw missingParameter(`At least one of the parameters ${where}.Value, Values and StatisticValues must be specified.`);
  if (given.length > 1) {
    throw invalidCombination(`The parameters ${where}.${given[0]} and ${where}.${given[1]} are mutually exclusive and you have specified both.`);
  }
  if (datum.StatisticValues) return statisticSetOf(datum.StatisticValues, `${where}.StatisticValues`);
  if (datum.Values) return listOf(datum.Values, datum.Counts, where, limits);
  const value = checkedValue(datum.Value, `${where}.Value`);
  return (bucket) => bucket.add(value);
}

function listOf(values: readonly number[], counts: readonly number[] | undefined, where: string, limits: PutLimits): (bucket: Bucket) => void {
  if (values.length > limits.valuesPerMetric) {
    throw invalidValue(`The collection ${where}.Values must not have a size greater than ${limits.valuesPerMetric}.`);
  }
  if (counts && counts.length !== values.length) throw invalidValue(`The parameters ${where}.Values and ${where}.Counts must have the same size.`);
  const pairs = values.map(
    (value, index) => [checkedValue(value, `${where}.Values`), checkedValue(counts?.[index] ?? 1, `${where}.Counts`)] as const,
  );
  if (pairs.some(([, count]) => count < 0)) throw invalidValue(`The parameter ${where}.Counts must not hold negative values.`);
  return (bucket) => {
    for (const [value, count] of pairs) if (count > 0) bucket.add(value, count);
  };
}

function statisticSetOf(set: NonNullable<MetricDatum['StatisticValues']>, where: string): (bucket: Bucket) => void {
  const sampleCount = checkedValue(required(set.SampleCount, `${where}.SampleCount`), `${where}.SampleCount`);
  const sum = checkedValue(required(set.Sum, `${where}.Sum`), `${where}.Sum`);
  const minimum = checkedValue(required(set.Minimum, `${where}.Minimum`), `${where}.Minimum`);
  const maximum = checkedValue(required(set.Maximum, `${where}.Maximum`), `${where}.Maximum`);
  if (sampleCount <= 0) throw invalidValue(`The value ${sampleCount} for parameter ${where}.SampleCount is invalid.`);
  if (minimum > maximum) throw invalidValue(`The parameter ${where}.Maximum must be greater than or equal to ${where}.Minimum.`);
  return (bucket) => bucket.addSet({ sampleCount, sum, minimum, maximum });
}

function checkedValue(value: number | undefined, where: string): number {
  if (value === undefined || !Number.isFinite(value) || Math.abs(value) > largestValue) {
    throw invalidValue(`The value ${value} for parameter ${where} is invalid.`);
  }
  return value;
}
