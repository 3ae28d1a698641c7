import { noData } from '../figure.ts';
import type { CostFigures, Figure } from '../types.ts';
import type { IndicatorValue } from './indicator.ts';

/** A figure of the cost as objectives take it: with a resource whose cost is not known it is not known either, and never what is left. */
export function knownCost({ unpriced }: CostFigures, figure: Figure): IndicatorValue {
  if (figure.state === 'no-data' || unpriced.length === 0) return { figure };
  return { figure: noData(figure.unit, `without a price: ${unpriced.join(', ')}`) };
}
