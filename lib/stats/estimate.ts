import { cosines, degreesFor, varianceOfSum } from './long-run-variance.ts';
import type { LatencySeconds, RatioSeconds } from './seconds.ts';

/** A figure of one phase with what is known of its error. */
export interface Estimate {
  readonly value: number;
  /** Samples, or whatever the ratio divides by, that it is made of. */
  readonly count: number;
  /** The bound `z` standard errors above the value (below it when negative); infinite where the data hold none. */
  at(z: number): number;
  /** What each second contributes to the figure's error, to first order; they add up to 0 over the phase itself. */
  readonly terms: Float64Array;
  /** Of the sum of the terms, with the dependence between seconds in it. */
  readonly standardError: number;
  /** Degrees of freedom of the standard error. */
  readonly degrees: number;
}

/**
 * Quantile q of a phase. The terms are shares above the quantile in excess of 1 - q; a bound is the quantile as many standard errors of that share away
 * (Woodruff 1952), so that no density is estimated and the upper bound of a tail quantile is as far off as the tail is thin.
 */
export function quantileEstimate(latency: LatencySeconds, q: number): Estimate {
  const { histogram } = latency;
  const counts = latency.counts();
  const terms = latency.above(q).map((above, second) => (above - (1 - q) * (counts[second] ?? 0)) / latency.count);
  const error = errorOf(terms);
  const independent = (q * (1 - q)) / error.standardError ** 2;
  return {
    value: histogram.smoothQuantile(q),
    count: latency.count,
    ...error,
    at: (z) => histogram.smoothQuantile(error.standardError === 0 ? q : shareAt(q, z, independent)),
  };
}

/**
 * The share of values seen below a point that is z standard errors off if q of them were below it in truth: sqrt(2 n KL(share, q)) = z, the signed root of
 * the binomial deviance, with n independent values of the same standard error. Close to q + z * standardError where shares are not extreme; beyond 1 (or
 * below 0) where even all values on one side would not be z off.
 */
export function shareAt(q: number, z: number, n: number): number {
  const part = (observed: number, expected: number): number => (observed === 0 ? 0 : observed * Math.log(observed / expected));
  const reached = (share: number): boolean => 2 * n * (part(share, q) + part(1 - share, 1 - q)) >= z * z;
  const end = z > 0 ? 1 : 0;
  if (!reached(end)) return z > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  let [near, far] = [q, end];
  for (let i = 0; i < 50; i++) {
    const middle = (near + far) / 2;
    if (reached(middle)) far = middle;
    else near = middle;
  }
  return far;
}

/** A ratio of two sums over the phase; linear in its terms. */
export function ratioEstimate({ numerator, denominator }: RatioSeconds): Estimate {
  const whole = sum(denominator);
  const value = sum(numerator) / whole;
  const terms = numerator.map((part, second) => (part - value * (denominator[second] ?? 0)) / whole);
  const error = errorOf(terms);
  return { value, count: whole, ...error, at: (z) => value + z * error.standardError };
}

function errorOf(terms: Float64Array): Pick<Estimate, 'terms' | 'degrees' | 'standardError'> {
  const degrees = degreesFor(terms.length);
  return { terms, degrees, standardError: Math.sqrt(varianceOfSum(terms, cosines(terms.length, degrees))) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
