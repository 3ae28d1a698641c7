import type { Distribution } from '../stats/distribution.ts';
import { minimumSamples } from '../stats/quantile.ts';
import type { Figure, FigureSource, LatencyFigures } from './types.ts';

export function noData(unit: string, reason: string): Figure {
  return { state: 'no-data', unit, reason };
}

export function value(amount: number, unit: string, source: FigureSource, resolutionSec: number, samples?: number): Figure {
  return { state: 'value', value: amount, unit, source, resolutionSec, ...(samples === undefined ? {} : { samples }) };
}

/** Quantile `q` of latencies in us as a figure in ms; no-data over too few samples. */
export function quantileFigure(latencyUs: Distribution, q: number): Figure {
  const needed = minimumSamples(q);
  const us = latencyUs.quantile(q);
  if (us === undefined || latencyUs.count < needed)
    return noData('ms', `p${Number((q * 100).toFixed(3))} needs ${needed} samples, there are ${latencyUs.count}`);
  return value(us / 1000, 'ms', 'client', 1, latencyUs.count);
}

export function latencyFigures(latencyUs: Distribution): LatencyFigures {
  return {
    p50: quantileFigure(latencyUs, 0.5),
    p90: quantileFigure(latencyUs, 0.9),
    p95: quantileFigure(latencyUs, 0.95),
    p99: quantileFigure(latencyUs, 0.99),
    max: latencyUs.count === 0 ? noData('ms', 'no request') : value(latencyUs.max / 1000, 'ms', 'client', 1, latencyUs.count),
  };
}

/** Failed requests in percent of all. */
export function errorRateFigure(count: number, failed: number): Figure {
  return count === 0 ? noData('%', 'no request') : value((failed / count) * 100, '%', 'client', 1, count);
}
