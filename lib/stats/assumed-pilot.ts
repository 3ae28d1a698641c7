import { type Estimate, shareAt } from './estimate.ts';
import { normalQuantile } from './probability.ts';

/**
 * How latencies vary where no run has shown it yet: log-normal within a second, around a level that changes from second to second and remembers the
 * last one's. The spreads are of logarithms. Assumed; bench/statistics.ts draws from the same law.
 */
export const assumedNoise = { withinSd: 0.5, levelSd: 0.1, correlation: 0.5 } as const;

/** A law that is assumed is no estimate of few degrees: it is neither luckily calm nor unluckily loud. */
const degrees = 1_000;

/**
 * Quantile q of a phase that nobody has run yet, in units of the median: what `sizeFor` needs of a pilot. The share above the quantile has the variance
 *
 *     q (1 - q) / count  +  (phi(z_q) / withinSd)^2 levelSd^2 (1 + correlation) / (1 - correlation) / seconds
 *
 * that of independent requests, and that of a level which shifts whole seconds; phi is the normal density at the quantile.
 */
export function assumedPilot(q: number, seconds: number, ratePerSec: number): Estimate {
  const { withinSd, levelSd, correlation } = assumedNoise;
  const zq = normalQuantile(q);
  const density = Math.exp(-(zq ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const count = Math.round(seconds * ratePerSec);
  const ofLevel = ((density / withinSd) * levelSd) ** 2 * ((1 + correlation) / (1 - correlation));
  const variance = (q * (1 - q)) / count + ofLevel / seconds;
  const at = (z: number): number => {
    const share = shareAt(q, z, (q * (1 - q)) / variance);
    if (share >= 1) return Number.POSITIVE_INFINITY;
    return share <= 0 ? 0 : Math.exp(withinSd * normalQuantile(share));
  };
  return { value: Math.exp(withinSd * zq), count, at, terms: new Float64Array(seconds), standardError: Math.sqrt(variance), degrees };
}
