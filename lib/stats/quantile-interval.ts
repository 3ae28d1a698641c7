import { binomialCdf } from './probability.ts';

/** Ranks, from 1, of the sorted values that bound a quantile; 0 and n + 1 stand for no bound. */
export interface RankInterval {
  readonly low: number;
  readonly high: number;
  /** The chance that they do: at least what was asked for, and more because ranks are whole. */
  readonly coverage: number;
}

/**
 * The order statistics that bound the q-quantile of n independent values with `confidence`, whatever their distribution: the number of values below the
 * quantile is binomial (David & Nagaraja, "Order Statistics", 7.1), and each side leaves out at most half of the rest. For values that are not
 * independent, such as latencies of neighbouring seconds, this is too narrow: see `compareQuantiles`, whose figures carry their own intervals.
 */
export function quantileRanks(n: number, q: number, confidence = 0.95): RankInterval {
  const outside = (1 - confidence) / 2;
  const chance = (k: number): number => binomialCdf(k, n, q);
  const low = leastWhole(n + 1, (k) => chance(k) > outside);
  const high = leastWhole(n + 1, (k) => chance(k) >= 1 - outside) + 1;
  return { low, high, coverage: chance(high - 1) - chance(low - 1) };
}

/** The least whole number in [0, belowExclusive) for which `holds`, which holds for all above it as well. */
function leastWhole(belowExclusive: number, holds: (k: number) => boolean): number {
  let [low, high] = [0, belowExclusive - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
