import type { Indicator } from './indicator.ts';
import { knownCost } from './known-cost.ts';

export const costRunIndicator: Indicator = {
  name: 'cost_run',
  unit: 'USD',
  of: 'run',
  category: 'cost',
  meaning: 'cost of the whole run in US dollars, that of its own tools included',
  read: ({ cost }) => knownCost(cost, cost.totalUsd),
};
