import type { Numbers } from '../../core/numbers.ts';
import { priceOf, usdFor } from '../../models/price.ts';
import { noData, value } from '../figure.ts';
import type { CostItem, Figure } from '../types.ts';
import type { Bill, UsageItem } from './bill.ts';

/**
 * What the items cost. AWS's tiers hold for all that an account uses of a dimension in a month, so the items of one dimension share what their sum
 * costs, each by its quantity.
 */
export function charge(items: readonly UsageItem[], prices: Numbers): CostItem[] {
  const totals = new Map<string, number>();
  for (const { dimension, quantity } of items) totals.set(dimension, (totals.get(dimension) ?? 0) + quantity);
  return items.flatMap((item) => {
    const price = priceOf(prices, item.dimension);
    if (!price) return [];
    const total = totals.get(item.dimension) ?? 0;
    const first = price.tiers[0]?.usdPerUnit ?? 0;
    const unitPriceUsd = total > (price.tiers[1]?.from ?? Number.POSITIVE_INFINITY) ? usdFor(price, total) / total : first;
    const { status, date } = price.entry;
    const source = `${item.source}; list price of ${date}${status === 'documented' ? '' : `, ${status}`}`;
    return [{ ...item, unit: price.unit, unitPriceUsd, usd: item.quantity * unitPriceUsd, source }];
  });
}

/** The same usage, so many times as much: what a shorter time says of a longer one. */
export function scaled(items: readonly UsageItem[], factor: number): UsageItem[] {
  return items.map((item) => ({ ...item, quantity: item.quantity * factor }));
}

export function sumOf(items: readonly { readonly usd: number }[]): number {
  return items.reduce((sum, { usd }) => sum + usd, 0);
}

/** Why there is no cost: nothing was metered, or not all of it. Usage that was not completely collected is no usage at all. */
export function unknownCost({ items, incomplete }: Pick<Bill, 'items' | 'incomplete'>): Figure | undefined {
  if (incomplete.length > 0) return noData('USD', `the collection of the usage was not complete: ${incomplete.join(', ')}`);
  return items.length === 0 ? noData('USD', 'no usage was collected for any resource') : undefined;
}

export function usdFigure(usd: number): Figure {
  return value(usd, 'USD', 'price-list', 60);
}
