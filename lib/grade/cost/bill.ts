import type { Numbers } from '../../core/numbers.ts';
import { priceOf, usdFor } from '../../models/price.ts';
import type { RunRecord } from '../../record/reader.ts';
import type { CollectedMetric, ResourceConfiguration } from '../../record/types.ts';
import { findSeries, totalOf } from '../cloudwatch.ts';
import type { CostItem } from '../types.ts';

/** What a part of the system cost: priced items, and by name what has no price or no usage to multiply it with. */
export interface Bill {
  readonly items: readonly CostItem[];
  readonly unpriced: readonly string[];
  /** What was priced from usage whose collection was not complete, by name: its quantity, and so its cost, is not known. */
  readonly incomplete: readonly string[];
}

/** Prices the resources of one type from what CloudWatch metered; one file a service, listed in `cost.ts`. */
export interface Biller {
  /** CloudFormation types that it prices. */
  readonly types: readonly string[];
  bill(resource: ResourceConfiguration, context: BillContext): Bill;
}

export interface BillContext {
  readonly record: RunRecord;
  readonly prices: Numbers;
  /** From the first phase's start to the last one's end, hours of the site's time. */
  readonly hours: number;
}

/** `quantity` units of `dimension`, a key of the price list; where the list does not have it, a name for what is missing. */
export function priced(context: BillContext, resource: string, dimension: string, quantity: number, source: string, complete = true): Bill {
  const price = priceOf(context.prices, dimension);
  if (!price) return missing(`${resource}: ${dimension}`);
  const { status, date } = price.entry;
  const item: CostItem = {
    resource,
    dimension,
    quantity,
    unit: price.unit,
    unitPriceUsd: price.tiers[0]?.usdPerUnit ?? 0,
    usd: usdFor(price, quantity),
    source: `${source}; list price of ${date}${status === 'documented' ? '' : `, ${status}`}`,
  };
  return { items: [item], unpriced: [], incomplete: complete ? [] : [`${resource}: ${dimension}`] };
}

/** Usage of a resource over the whole run; undefined where the metric was not collected. Without a point nothing was used. */
export function usage(
  context: BillContext,
  resource: ResourceConfiguration,
  query: { namespace: string; metric: string; dimensions: readonly string[] },
) {
  const series = findSeries(context.record.metrics, { ...query, statistic: 'Sum' }).filter((each) => isOf(each, resource));
  if (series.length === 0) return undefined;
  const { total, complete } = totalOf(series);
  return { total, source: `${query.namespace} ${query.metric}${complete ? '' : ' (collection not complete)'}`, complete };
}

export function together(...bills: readonly Bill[]): Bill {
  return {
    items: bills.flatMap(({ items }) => items),
    unpriced: bills.flatMap(({ unpriced }) => unpriced),
    incomplete: bills.flatMap(({ incomplete }) => incomplete),
  };
}

export function missing(...unpriced: readonly string[]): Bill {
  return { items: [], unpriced, incomplete: [] };
}

function isOf(metric: CollectedMetric, { logicalId, physicalId }: ResourceConfiguration): boolean {
  return metric.resource === logicalId || Object.values(metric.dimensions).includes(physicalId);
}
