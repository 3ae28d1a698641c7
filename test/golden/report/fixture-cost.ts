import type { CostFigures, CostItem } from '../../../lib/grade/types.ts';

function item(resource: string, dimension: string, quantity: number, unit: string, unitPriceUsd: number): CostItem {
  return { resource, dimension, quantity, unit, unitPriceUsd, usd: quantity * unitPriceUsd, source: 'AWS price list, eu-central-1' };
}

const items: CostItem[] = [
  item('CheckoutApi', 'requests', 15_510, 'requests', 0.000001),
  item('PlaceOrderFunction', 'requests', 2739, 'requests', 0.0000002),
  item('PlaceOrderFunction', 'duration', 41.085, 'GB-s', 0.0000166667),
  item('CreateCartFunction', 'requests', 3412, 'requests', 0.0000002),
  item('CreateCartFunction', 'duration', 17.06, 'GB-s', 0.0000166667),
  item('OrdersTable', 'write request units', 5478, 'WRU', 0.000000625),
  item('OrdersTable', 'read request units', 3567, 'RRU', 0.000000125),
];
const total = items.reduce((sum, { usd }) => sum + usd, 0);

/** What the fixture's run cost. */
export const fixtureCost: CostFigures = {
  totalUsd: { state: 'value', value: total, unit: 'USD', source: 'price-list', resolutionSec: 0 },
  perThousandUsd: { state: 'value', value: (total / 2670) * 1000, unit: 'USD', source: 'price-list', resolutionSec: 0 },
  transaction: 'orders',
  transactions: 2670,
  items,
  unpriced: [],
  currencyNote: 'US dollars without tax; free tiers are off.',
};
