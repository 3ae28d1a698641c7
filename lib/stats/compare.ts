import type { Rng } from '../core/rng.ts';
import { type Bounded, Contrast, type Margin, noMargin } from './contrast.ts';
import { type Estimate, quantileEstimate, ratioEstimate } from './estimate.ts';
import { minimumSamples } from './quantile.ts';
import type { LatencySeconds, RatioSeconds } from './seconds.ts';

/** Seconds below which a phase cannot tell how dependent its seconds are. */
const minimumSeconds = 60;

export interface ComparisonOptions {
  readonly rng: Rng;
  /** Of the block bootstrap; 2,000 unless told. */
  readonly resamples?: number;
  /** Of the intervals; 0.95 unless told. */
  readonly confidence?: number;
}

/** One figure of two runs, held against each other. */
export interface Compared {
  readonly state: 'compared';
  readonly before: Bounded;
  readonly after: Bounded;
  /** after - before. */
  readonly difference: Bounded;
  /** after / before; absent where before is 0. */
  readonly ratio: Bounded | undefined;
  /** The chance of a difference as large, in either direction, between two runs of the same system. */
  readonly pValue: number;
  /** The chance of an `after` as large if in truth it were just `relative` times `before` plus `absolute` (1 and 0 unless told): small, it is larger. */
  pAbove(margin?: Partial<Margin>): number;
  /** The same of an `after` as small: small, it is below the margin. */
  pBelow(margin?: Partial<Margin>): number;
  /** The two figures' own errors, for `detectableShift` and `secondsFor`. */
  readonly estimates: { readonly before: Estimate; readonly after: Estimate };
}

export type Comparison = Compared | { readonly state: 'no-data'; readonly reason: string };

/**
 * Quantile q (0 < q < 1) of the latencies of two phases: block bootstrap of the studentized difference over seconds, see docs/models/statistics.md.
 * No-data where either phase has too few samples for the quantile or too few seconds.
 */
export function compareQuantiles(before: LatencySeconds, after: LatencySeconds, q: number, options: ComparisonOptions): Comparison {
  const needed = minimumSamples(q);
  const count = Math.min(before.count, after.count);
  if (count < needed)
    return { state: 'no-data', reason: `a comparison of p${Number((q * 100).toFixed(3))} needs ${needed} samples of each run, there are ${count}` };
  return compare(before.seconds, after.seconds, () => [quantileEstimate(before, q), quantileEstimate(after, q)], options);
}

/** A ratio of sums over two phases, such as an error rate (failed over all) or a rate (requests over seconds), in the same way. */
export function compareRatios(before: RatioSeconds, after: RatioSeconds, options: ComparisonOptions): Comparison {
  const empty = [before, after].some(({ denominator }) => !denominator.some((part) => part > 0));
  if (empty) return { state: 'no-data', reason: 'there is nothing to divide by in one of the runs' };
  return compare(before.denominator.length, after.denominator.length, () => [ratioEstimate(before), ratioEstimate(after)], options);
}

function compare(beforeSec: number, afterSec: number, estimate: () => [Estimate, Estimate], options: ComparisonOptions): Comparison {
  const seconds = Math.min(beforeSec, afterSec);
  if (seconds < minimumSeconds) return { state: 'no-data', reason: `a comparison needs ${minimumSeconds} s of each run, there are ${seconds} s` };
  const { rng, resamples = 2_000, confidence = 0.95 } = options;
  const [before, after] = estimate();
  const contrast = new Contrast(before, after, resamples, rng);
  const law = contrast.law(noMargin);
  const z = law.distanceOf(1 - confidence);
  const against = (margin: Partial<Margin>): [number, ReturnType<Contrast['law']>] => {
    const whole = { ...noMargin, ...margin };
    return [contrast.standardErrorsApart(whole), whole.relative === 1 && whole.absolute === 0 ? law : contrast.law(whole)];
  };
  return {
    state: 'compared',
    ...contrast.bounds(confidence),
    difference: contrast.difference(z),
    ratio: contrast.ratio(z),
    pValue: law.twoSided(contrast.standardErrorsApart(noMargin)),
    pAbove: (margin = {}) => {
      const [apart, of] = against(margin);
      return of.above(apart);
    },
    pBelow: (margin = {}) => {
      const [apart, of] = against(margin);
      return of.below(apart);
    },
    estimates: { before, after },
  };
}
