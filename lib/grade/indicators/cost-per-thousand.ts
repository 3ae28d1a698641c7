import type { Indicator } from './indicator.ts';
import { knownCost } from './known-cost.ts';

export const costPerThousandIndicator: Indicator = {
  name: 'cost_per_thousand',
  unit: 'USD',
  of: 'run',
  category: 'cost',
  meaning: 'cost of the system in US dollars for a thousand business transactions',
  read: ({ cost }) => knownCost(cost, cost.perThousandUsd),
};
