import type { CostFigures, CostItem, Figure } from '../../../lib/grade/types.ts';

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
const tools: CostItem[] = [item('proofload', 'action-minutes', 2, 'action-minutes', 0.1)];

function usd(value: number): Figure {
  return { state: 'value', value, unit: 'USD', source: 'price-list', resolutionSec: 0 };
}

/** What the fixture's run cost. */
export const fixtureCost: CostFigures = {
  totalUsd: usd(total + 0.2),
  systemUsd: usd(total),
  instrumentsUsd: usd(0.2),
  perThousandUsd: usd((total / 2670) * 1000),
  monthUsd: usd(total * 1460),
  month: items.map((each) => ({ ...each, quantity: each.quantity * 1460, usd: each.usd * 1460 })),
  phases: [
    { phase: 'baseline', minutes: 10, usd: usd(0.008), transactions: 900, perThousandUsd: usd(0.00889) },
    { phase: 'fault', minutes: 2, usd: usd(0.0024), transactions: 12, perThousandUsd: usd(0.2) },
    {
      phase: 'recovery',
      minutes: 8,
      usd: usd(0.0067),
      transactions: 0,
      perThousandUsd: { state: 'no-data', unit: 'USD', reason: 'not one order went through' },
    },
  ],
  fault: {
    extraUsd: usd(0.00229),
    items: [
      { resource: 'PlaceOrderFunction', dimension: 'duration', usd: 0.0017 },
      { resource: 'CheckoutApi', dimension: 'requests', usd: 0.0006 },
      { resource: 'OrdersTable', dimension: 'write request units', usd: -0.00001 },
    ],
  },
  reasons: [
    {
      reason: 'retries',
      resource: 'PlaceOrderFunction',
      quantity: 68,
      unit: 'failed invocations',
      usd: 0.00003,
      inTotal: true,
      what: 'invocations that failed, at the mean of all its invocations',
    },
    {
      reason: 'cold starts',
      resource: 'PlaceOrderFunction',
      quantity: 14,
      unit: 'environments',
      usd: 0.000017,
      inTotal: false,
      what: 'inferred: the most environments that ran at once',
    },
  ],
  transaction: 'orders',
  transactions: 2670,
  items: [...items, ...tools],
  unpriced: [],
  untold: ['PlaceOrderFunction: init time of cold starts (in no metric of CloudWatch)'],
  currencyNote: 'US dollars without tax; free tiers are off.',
};
