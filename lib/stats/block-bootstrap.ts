import type { Rng } from '../core/rng.ts';
import { cosines, varianceOfSum } from './long-run-variance.ts';

/** Of every resample of a series: its sum, and the variance that is estimated for that sum. */
export interface Resamples {
  readonly sums: Float64Array;
  readonly variances: Float64Array;
}

/** Seconds in a block: n^(1/3), the rate at which a distribution is best estimated from blocks up to a constant (Hall, Horowitz & Jing 1995). */
export function blockSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(Math.cbrt(seconds) - 1e-9));
}

/**
 * The circular block bootstrap (Politis & Romano 1992): series as long as `terms`, put together from blocks of consecutive terms that begin anywhere,
 * the end joined to the beginning so that every term is drawn equally often. A resample is kept as the sums of its blocks, since its variance comes
 * from cosines that hardly change within a block.
 */
export function resample(terms: Float64Array, degrees: number, resamples: number, rng: Rng): Resamples {
  const length = blockSeconds(terms.length);
  const whole = circularSums(terms, length);
  const rest = circularSums(terms, terms.length % length);
  const blocks = new Float64Array(Math.ceil(terms.length / length));
  const wholeBlocks = Math.floor(terms.length / length);
  const table = cosines(blocks.length, Math.min(degrees, blocks.length - 1));
  const sums = new Float64Array(resamples);
  const variances = new Float64Array(resamples);
  for (let draw = 0; draw < resamples; draw++) {
    let sum = 0;
    for (let block = 0; block < blocks.length; block++) {
      const from = rng.int(terms.length);
      const drawn = (block < wholeBlocks ? whole[from] : rest[from]) as number;
      blocks[block] = drawn;
      sum += drawn;
    }
    sums[draw] = sum;
    variances[draw] = varianceOfSum(blocks, table);
  }
  return { sums, variances };
}

/** For every start the sum of the `length` terms from there on, going round at the end. */
function circularSums(terms: Float64Array, length: number): Float64Array {
  const sums = new Float64Array(terms.length);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += terms[i % terms.length] as number;
  for (let from = 0; from < terms.length; from++) {
    sums[from] = sum;
    sum += (terms[(from + length) % terms.length] as number) - (terms[from] as number);
  }
  return sums;
}
