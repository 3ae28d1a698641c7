import type { Rng } from '../core/rng.ts';
import { cosines, covarianceOfSums, varianceOfSum } from './long-run-variance.ts';

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
  const blocks = blocksOf(terms);
  const table = tableFor(blocks, degrees);
  const [sums, variances] = [new Float64Array(resamples), new Float64Array(resamples)];
  for (let draw = 0; draw < resamples; draw++) {
    for (let block = 0; block < blocks.drawn.length; block++) sums[draw] = (sums[draw] as number) + blocks.draw(block, rng.int(terms.length));
    variances[draw] = varianceOfSum(blocks.drawn, table);
  }
  return { sums, variances };
}

/** Two series of one length, drawn at the same places: what both do at the same time stays together. */
export function resamplePair(
  one: Float64Array,
  other: Float64Array,
  degrees: number,
  resamples: number,
  rng: Rng,
): { one: Resamples; other: Resamples; covariances: Float64Array } {
  const [first, second] = [blocksOf(one), blocksOf(other)];
  const table = tableFor(first, degrees);
  const empty = (): Resamples => ({ sums: new Float64Array(resamples), variances: new Float64Array(resamples) });
  const drawn = { one: empty(), other: empty(), covariances: new Float64Array(resamples) };
  for (let draw = 0; draw < resamples; draw++) {
    for (let block = 0; block < first.drawn.length; block++) {
      const from = rng.int(one.length);
      drawn.one.sums[draw] = (drawn.one.sums[draw] as number) + first.draw(block, from);
      drawn.other.sums[draw] = (drawn.other.sums[draw] as number) + second.draw(block, from);
    }
    drawn.one.variances[draw] = varianceOfSum(first.drawn, table);
    drawn.other.variances[draw] = varianceOfSum(second.drawn, table);
    drawn.covariances[draw] = covarianceOfSums(first.drawn, second.drawn, table);
  }
  return drawn;
}

/** The blocks of a resample of a series; `draw` puts the sum of a block that begins at `from` in its place. */
interface Blocks {
  readonly drawn: Float64Array;
  draw(block: number, from: number): number;
}

function blocksOf(terms: Float64Array): Blocks {
  const length = blockSeconds(terms.length);
  const whole = circularSums(terms, length);
  const rest = circularSums(terms, terms.length % length);
  const wholeBlocks = Math.floor(terms.length / length);
  const drawn = new Float64Array(Math.ceil(terms.length / length));
  return {
    drawn,
    draw: (block, from) => {
      const sum = (block < wholeBlocks ? whole[from] : rest[from]) as number;
      drawn[block] = sum;
      return sum;
    },
  };
}

function tableFor({ drawn }: Blocks, degrees: number): Float64Array {
  return cosines(drawn.length, Math.min(degrees, drawn.length - 1));
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
