import { Histogram } from './histogram.ts';
import { quantileOfSorted } from './quantile.ts';
import { sortWhole } from './sort.ts';

/** Values kept one by one before they go into a histogram: 64 KB. */
const exactUpTo = 16_384;

/**
 * Whole numbers from 0 to 2^32-1 (microseconds, here) and their quantiles: exact over up to 16,384 values,
 * to within `histogramRelativeError` above; count, maximum and sum are always exact.
 */
export class Distribution {
  #values = new Uint32Array(16);
  #histogram: Histogram | undefined;
  #sorted = true;
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** 0 when nothing was added. */
  get max(): number {
    return this.#max;
  }

  /** Undefined when nothing was added. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  add(value: number): void {
    if (this.#histogram) this.#histogram.add(value);
    else if (this.#count === exactUpTo) this.#toHistogram().add(value);
    else {
      if (this.#count === this.#values.length) this.#grow();
      this.#values[this.#count] = value;
      this.#sorted = false;
    }
    this.#count++;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
  }

  merge(other: Distribution): void {
    if (!other.#histogram) {
      for (const value of other.#values.subarray(0, other.#count)) this.add(value);
      return;
    }
    (this.#histogram ?? this.#toHistogram()).merge(other.#histogram);
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#max = Math.max(this.#max, other.#max);
  }

  /** The nearest-rank quantile; undefined when nothing was added. Whether it is a figure is `minimumSamples`' to say. */
  quantile(q: number): number | undefined {
    return this.#histogram ? this.#histogram.quantile(q) : quantileOfSorted(this.#sortedValues(), q);
  }

  /** How many values lie below each of `edges`; above 16,384 values to within `histogramRelativeError` of an edge. */
  countsBelow(edges: readonly number[]): number[] {
    const histogram = this.#histogram;
    if (histogram) return edges.map((edge) => histogram.countBelow(edge));
    const values = this.#sortedValues();
    return edges.map((edge) => countBelow(values, edge));
  }

  #sortedValues(): Uint32Array {
    const values = this.#values.subarray(0, this.#count);
    if (!this.#sorted) sortWhole(values);
    this.#sorted = true;
    return values;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }

  #toHistogram(): Histogram {
    const histogram = new Histogram();
    for (const value of this.#values.subarray(0, this.#count)) histogram.add(value);
    this.#values = new Uint32Array(0);
    this.#histogram = histogram;
    return histogram;
  }
}

/** How many of the sorted values lie below `edge`. */
function countBelow(sorted: Uint32Array, edge: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < edge) low = middle + 1;
    else high = middle;
  }
  return low;
}
