import { nearestRank } from './quantile.ts';

/** Buckets in each doubling; a value's bucket is at most 1/256 of it wide. */
const subBuckets = 256;
const subBits = 8;
const bucketCount = (32 - subBits + 1) * subBuckets;

/**
 * Largest relative error of a quantile read from a histogram: half a bucket's width, 1/512, because a bucket answers with its middle.
 * Values below 512 are exact.
 */
export const histogramRelativeError = 1 / 512;

/**
 * Counts of whole numbers from 0 to 2^32-1 in buckets that are linear within a doubling and double in width from one to the next
 * (the layout of HdrHistogram): constant memory (25 KB), constant time, and merging is adding.
 */
export class Histogram {
  readonly #counts = new Uint32Array(bucketCount);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number, times = 1): void {
    const index = bucketOf(value);
    this.#counts[index] = (this.#counts[index] ?? 0) + times;
    this.#count += times;
  }

  merge(other: Histogram): void {
    for (let index = 0; index < bucketCount; index++) this.#counts[index] = (this.#counts[index] ?? 0) + (other.#counts[index] ?? 0);
    this.#count += other.#count;
  }

  /** The nearest-rank quantile, to within `histogramRelativeError`; undefined when nothing was added. */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = nearestRank(q, this.#count);
    let seen = 0;
    for (let index = 0; index < bucketCount; index++) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank) return middleOf(index);
    }
    return undefined;
  }
}

/** With v in [2^(8+s), 2^(9+s)), s >= 0: bucket (s + 1) * 256 + (v >> s) - 256; below 256 the value itself. */
function bucketOf(value: number): number {
  const whole = value >>> 0;
  const shift = 31 - Math.clz32(whole) - subBits;
  return shift <= 0 ? whole : shift * subBuckets + (whole >>> shift);
}

function middleOf(index: number): number {
  const shift = Math.floor(index / subBuckets) - 1;
  if (shift <= 0) return index;
  const low = (index - shift * subBuckets) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}
