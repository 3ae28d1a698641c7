import { bucketOf, middleOf } from './buckets.ts';
import { Histogram } from './histogram.ts';

/**
 * Latencies of one phase, kept by the second in which the requests started: what comparisons between runs are made of, because seconds of one run are
 * not independent. Two bytes a sample; values are whole numbers (microseconds, here) in the buckets of `Histogram`.
 */
export class LatencySeconds {
  readonly histogram = new Histogram();
  readonly #seconds: { buckets: Uint16Array; count: number }[];

  constructor(seconds: number) {
    this.#seconds = Array.from({ length: seconds }, () => ({ buckets: new Uint16Array(8), count: 0 }));
  }

  /** How many seconds the phase has, with requests or without. */
  get seconds(): number {
    return this.#seconds.length;
  }

  get count(): number {
    return this.histogram.count;
  }

  /** A value of second `second`, counted from the phase's start; what lies outside the phase is not counted. */
  add(second: number, value: number): void {
    const own = this.#seconds[second];
    if (!own) return;
    if (own.count === own.buckets.length) {
      const larger = new Uint16Array(own.count * 2);
      larger.set(own.buckets);
      own.buckets = larger;
    }
    const bucket = bucketOf(value);
    own.buckets[own.count++] = bucket;
    this.histogram.addBucket(bucket);
  }

  /** Adds another's samples second by second, as of a second generator of the same phase. */
  merge(other: LatencySeconds): void {
    other.forEach((second, value) => {
      this.add(second, value);
    });
  }

  /** Every sample with its second, to the histogram's error. */
  forEach(visit: (second: number, value: number) => void): void {
    this.#seconds.forEach(({ buckets, count }, second) => {
      for (let i = 0; i < count; i++) visit(second, middleOf(buckets[i] as number));
    });
  }

  /** Requests by second. */
  counts(): Float64Array {
    return Float64Array.from(this.#seconds, (second) => second.count);
  }

  /** How much of each second lies above quantile q of all: whole samples, and of the quantile's own bucket the share above the cut. */
  above(q: number): Float64Array {
    const { bucket: cut, below } = this.histogram.cut(q);
    return Float64Array.from(this.#seconds, ({ buckets, count }) => {
      let above = 0;
      for (let i = 0; i < count; i++) {
        const bucket = buckets[i] as number;
        if (bucket > cut) above++;
        else if (bucket === cut) above += 1 - below;
      }
      return above;
    });
  }
}

/** Two sums kept by second whose ratio is a figure: failed over all requests, requests over seconds, cost over orders. */
export interface RatioSeconds {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}
