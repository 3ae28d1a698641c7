import type { Numbers } from '../../core/numbers.ts';
import { priceOf } from '../../models/price.ts';
import type { CollectedMetric, ResourceConfiguration } from '../../record/types.ts';
import { findSeries, minuteMs } from '../cloudwatch.ts';

/** So many units of a dimension, a key of the price list, that a resource used. */
export interface UsageItem {
  readonly resource: string;
  readonly dimension: string;
  readonly quantity: number;
  readonly source: string;
}

/** What a part of the system used, and by name what is not in it. */
export interface Bill {
  readonly items: readonly UsageItem[];
  /** What has no price, or no usage to multiply it with: its cost is not known. */
  readonly unpriced: readonly string[];
  /** What AWS bills and neither CloudWatch nor the services tell: with it, the cost is the least it can be. */
  readonly untold: readonly string[];
  /** What was metered by a collection that was not complete: its quantity, and so its cost, is not known. */
  readonly incomplete: readonly string[];
}

/** Bills the resources of one type from what CloudWatch metered; one file a service, listed in `system.ts`. */
export interface Biller {
  /** CloudFormation types that it bills. */
  readonly types: readonly string[];
  bill(resource: ResourceConfiguration, context: BillContext): Bill;
}

/** What was metered, and over which time. */
export interface BillContext {
  readonly resources: readonly ResourceConfiguration[];
  readonly metrics: readonly CollectedMetric[];
  readonly prices: Numbers;
  /** How long capacity was held, hours of the site's time. */
  readonly hours: number;
  /** Starts of the clock minutes whose usage counts; absent: all that was collected. */
  readonly minutes?: ReadonlySet<number>;
}

/** `quantity` units of `dimension`; where the price list does not have it, a name for what is missing. */
export function used(context: BillContext, resource: string, dimension: string, quantity: number, source: string, complete = true): Bill {
  if (!priceOf(context.prices, dimension)) return missing(`${resource}: ${dimension}`);
  return { ...nothing, items: [{ resource, dimension, quantity, source }], incomplete: complete ? [] : [`${resource}: ${dimension}`] };
}

/** Usage of a resource over the time that counts; undefined where the metric was not collected. Without a point nothing was used. */
export function usage(
  context: BillContext,
  resource: ResourceConfiguration,
  query: { namespace: string; metric: string; dimensions: readonly string[] },
) {
  const series = findSeries(context.metrics, { ...query, statistic: 'Sum' }).filter((each) => isOf(each, resource));
  if (series.length === 0) return undefined;
  const { total, complete } = totalIn(series, context.minutes);
  return { total, source: `${query.namespace} ${query.metric}${complete ? '' : ' (collection not complete)'}`, complete };
}

/** The sum of the points in these minutes, of all points where none are given. A point without a value leaves the sum open. */
export function totalIn(series: readonly CollectedMetric[], minutes: ReadonlySet<number> | undefined): { total: number; complete: boolean } {
  let total = 0;
  let complete = series.every((each) => each.complete);
  for (const { points } of series) {
    for (const { atMs, value } of points) {
      if (minutes && !minutes.has(Math.floor(atMs / minuteMs) * minuteMs)) continue;
      if (Number.isFinite(value)) total += value;
      else complete = false;
    }
  }
  return { total, complete };
}

/** A number of the price list such as a step; the list of an older record may not have it, then nothing is rounded or added. */
export function metering(prices: Numbers, key: string, otherwise: number): number {
  return prices.has(key) ? prices.number(key) : otherwise;
}

/** The time that is billed, in months: of what has a price a month, so much is charged. */
export function monthsOf({ hours, prices }: BillContext): number {
  return hours / metering(prices, 'price.month-hours', Number.POSITIVE_INFINITY);
}

export const nothing: Bill = { items: [], unpriced: [], untold: [], incomplete: [] };

export function together(...bills: readonly Bill[]): Bill {
  return {
    items: bills.flatMap(({ items }) => items),
    unpriced: bills.flatMap(({ unpriced }) => unpriced),
    untold: bills.flatMap(({ untold }) => untold),
    incomplete: bills.flatMap(({ incomplete }) => incomplete),
  };
}

export function missing(...unpriced: readonly string[]): Bill {
  return { ...nothing, unpriced };
}

export function untold(...names: readonly string[]): Bill {
  return { ...nothing, untold: names };
}

export function isOf(metric: CollectedMetric, { logicalId, physicalId }: ResourceConfiguration): boolean {
  return metric.resource === logicalId || Object.values(metric.dimensions).includes(physicalId);
}
