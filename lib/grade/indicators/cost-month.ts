import type { Indicator } from './indicator.ts';
import { knownCost } from './known-cost.ts';

export const costMonthIndicator: Indicator = {
  name: 'cost_month',
  unit: 'USD',
  of: 'run',
  category: 'cost',
  meaning: "cost of the system in US dollars for a month at the baseline's rate",
  read: ({ cost }) => knownCost(cost, cost.monthUsd),
};
