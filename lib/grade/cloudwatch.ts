import { clockTime } from '../core/time-format.ts';
import type { CollectedMetric } from '../record/types.ts';
import { noData, value } from './figure.ts';
import type { Figure } from './types.ts';

export const minuteMs = 60_000;

/** Which of the collected series are meant: `dimensions` are the names of all of its dimensions, so that no sum counts a thing twice. */
export interface SeriesQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: string;
  readonly dimensions: readonly string[];
}

export function findSeries(metrics: readonly CollectedMetric[], query: SeriesQuery): CollectedMetric[] {
  const wanted = [...query.dimensions].sort().join();
  return metrics.filter(
    (each) =>
      each.namespace === query.namespace &&
      each.metric === query.metric &&
      each.statistic === query.statistic &&
      Object.keys(each.dimensions).sort().join() === wanted,
  );
}

/**
 * What the metric says of one clock minute: the sum of its points there (one, where its period is a minute), or the largest for statistics that
 * cannot be added. Without a point, 0 where the metric is sparse and its witness had data, else undefined: absent is not zero.
 */
export function minuteValue(metric: CollectedMetric, minute: number): number | undefined {
  const inside = metric.points.filter(({ atMs }) => atMs >= minute && atMs < minute + minuteMs).map((point) => point.value);
  if (inside.length > 0) return isSum(metric) ? inside.reduce((sum, each) => sum + each, 0) : Math.max(...inside);
  if (metric.density === 'dense') return undefined;
  return metric.witnessed?.some((atMs) => atMs >= minute && atMs < minute + minuteMs) ? 0 : undefined;
}

/**
 * The sum (or the largest) over whole clock minutes; one minute without data, or an incomplete collection, and there is no figure.
 * @param isIdleZero whether a minute without data means that nothing was done in it, and so nothing was counted
 */
export function figureOverMinutes(
  metric: CollectedMetric,
  minutes: readonly number[],
  unit: string,
  isIdleZero: (minute: number) => boolean = () => false,
): Figure {
  const name = `${metric.namespace} ${metric.metric} of ${metric.resource || 'the account'}`;
  if (minutes.length === 0) return noData(unit, 'no whole clock minute to grade');
  if (metric.periodSec > 60) return noData(unit, `${name} has periods of ${metric.periodSec} s, longer than a minute`);
  if (!metric.complete) return noData(unit, `the collection of ${name} was not complete`);
  let total = isSum(metric) ? 0 : Number.NEGATIVE_INFINITY;
  for (const minute of minutes) {
    const amount = minuteValue(metric, minute) ?? (isIdleZero(minute) ? 0 : undefined);
    if (amount === undefined) return noData(unit, `${name} has no data for ${clockTime(minute)}`);
    total = isSum(metric) ? total + amount : Math.max(total, amount);
  }
  return value(total, unit, 'cloudwatch', metric.periodSec);
}

/** Minutes in which CloudWatch had a point of any resource, by namespace: in those it did tell. */
export function toldMinutes(metrics: readonly CollectedMetric[]): ReadonlyMap<string, ReadonlySet<number>> {
  const minutes = new Map<string, Set<number>>();
  for (const { namespace, points } of metrics) {
    const known = minutes.get(namespace) ?? new Set();
    for (const { atMs } of points) known.add(Math.floor(atMs / minuteMs) * minuteMs);
    minutes.set(namespace, known);
  }
  return minutes;
}

/** The sum over the whole run: all that was collected. A series without any point adds nothing. */
export function totalOf(series: readonly CollectedMetric[]): { total: number; complete: boolean } {
  const total = series.reduce((sum, metric) => sum + metric.points.reduce((part, point) => part + point.value, 0), 0);
  return { total, complete: series.every(({ complete }) => complete) };
}

function isSum({ statistic }: CollectedMetric): boolean {
  return statistic === 'Sum' || statistic === 'SampleCount';
}
