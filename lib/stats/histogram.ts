import { bucketCount, bucketOf, lowerEdgeOf, middleOf, widthOf } from './buckets.ts';
import { nearestRank } from './quantile.ts';

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
  /** Counts up to and with each bucket; made when asked for, gone when a count changes. */
  #cumulated: Float64Array | undefined;

  get count(): number {
    return this.#count;
  }

  add(value: number, times = 1): void {
    this.addBucket(bucketOf(value), times);
  }

  merge(other: Histogram): void {
    for (let index = 0; index < bucketCount; index++) this.#counts[index] = (this.#counts[index] ?? 0) + (other.#counts[index] ?? 0);
    this.#count += other.#count;
    this.#cumulated = undefined;
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

  /**
   * The quantile of the distribution that spreads every bucket's count evenly over its width: continuous in q, so that two runs whose quantiles fall
   * into one bucket still compare. Within a bucket's width of `quantile(q)` wherever neighbouring ranks are. -Infinity below q = 0 and Infinity
   * above q = 1, where these data hold no bound.
   */
  smoothQuantile(q: number): number {
    if (q < 0 || this.#count === 0) return Number.NEGATIVE_INFINITY;
    if (q > 1) return Number.POSITIVE_INFINITY;
    const { bucket, below } = this.cut(q);
    return lowerEdgeOf(bucket) + below * widthOf(bucket);
  }

  /** Where quantile q cuts the counts: the bucket it falls into, and which share of that bucket's count lies below it. */
  cut(q: number): { bucket: number; below: number } {
    const sums = this.#sums();
    const rank = Math.max(q * this.#count, Number.MIN_VALUE);
    let [low, high] = [0, bucketCount - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] as number) >= rank) high = middle;
      else low = middle + 1;
    }
    const before = sums[low - 1] ?? 0;
    return { bucket: low, below: (rank - before) / ((sums[low] as number) - before) };
  }

  /** How many values lie in buckets below the one of `value`: those below it, but for what shares its bucket. */
  countBelow(value: number): number {
    return this.#sums()[bucketOf(value) - 1] ?? 0;
  }

  /** Adds what bucket `bucket` of another histogram, or of a list of buckets, holds. */
  addBucket(bucket: number, times = 1): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + times;
    this.#count += times;
    this.#cumulated = undefined;
  }

  #sums(): Float64Array {
    this.#cumulated ??= this.#counts.reduce((sums, count, bucket) => {
      sums[bucket] = (sums[bucket - 1] ?? 0) + count;
      return sums;
    }, new Float64Array(bucketCount));
    return this.#cumulated;
  }
}
