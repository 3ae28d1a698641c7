/** Largest relative error of a percentile taken from a distribution that no longer holds every value. */
export const relativeError = 0.01;

/** Up to this many values are kept as they came, and percentiles over them are exact. */
export const exactValues = 64;

const gamma = (1 + relativeError) / (1 - relativeError);
const inverseLogGamma = 1 / Math.log(gamma);
const growBy = 32;

/**
 * How non-negative values are spread, small enough to keep one for each minute of each series.
 * While there are few it holds them; above `exactValues` it counts them in buckets (gamma^(i-1), gamma^i], so that a
 * percentile, read as 2 gamma^i / (gamma + 1), is off by `relativeError` at most (DDSketch, Masson et al., VLDB 2019).
 */
export class Distribution {
  #exact: number[] | undefined = [];
  #zeros = 0;
  #counts = new Float64Array(0);
  /** Bucket index of `#counts[0]`. */
  #first = 0;

  add(value: number, count = 1): void {
    const exact = this.#exact;
    if (exact) {
      if (exact.length + count <= exactValues) {
        for (let i = 0; i < count; i++) exact.push(value);
        return;
      }
      this.#exact = undefined;
      for (const each of exact) this.#count(each, 1);
    }
    this.#count(value, count);
  }

  /** Adds everything that `other` holds. */
  merge(other: Distribution): void {
    if (other.#exact) {
      for (const value of other.#exact) this.add(value);
      return;
    }
    const exact = this.#exact;
    this.#exact = undefined;
    if (exact) for (const value of exact) this.#count(value, 1);
    this.#zeros += other.#zeros;
    for (let i = 0; i < other.#counts.length; i++) {
      const count = other.#counts[i] ?? 0;
      if (count > 0) this.#addAt(other.#first + i, count);
    }
  }

  /** The value below or at which `share` (0 to 1) of all values lie: the ceil(share * n)-th smallest (nearest rank). */
  quantile(share: number, total: number): number {
    const rank = Math.max(1, Math.ceil(share * total));
    if (this.#exact) {
      const sorted = Float64Array.from(this.#exact).sort();
      return sorted[Math.min(rank, sorted.length) - 1] ?? Number.NaN;
    }
    let seen = this.#zeros;
    if (seen >= rank) return 0;
    for (let i = 0; i < this.#counts.length; i++) {
      seen += this.#counts[i] ?? 0;
      if (seen >= rank) return (2 * gamma ** (this.#first + i)) / (gamma + 1);
    }
    return Number.NaN;
  }

  #count(value: number, count: number): void {
    if (value <= 0) this.#zeros += count;
    else this.#addAt(Math.ceil(Math.log(value) * inverseLogGamma), count);
  }

  #addAt(index: number, count: number): void {
    const at = index - this.#first;
    if (at >= 0 && at < this.#counts.length) this.#counts[at] = (this.#counts[at] ?? 0) + count;
    else this.#widen(index, count);
  }

  /** Makes room for `index` with some to spare on the side that it came from. */
  #widen(index: number, count: number): void {
    const empty = this.#counts.length === 0;
    const first = empty ? index - growBy / 2 : Math.min(this.#first, index < this.#first ? index - growBy : index);
    const end = empty
      ? index + growBy / 2
      : Math.max(this.#first + this.#counts.length, index >= this.#first + this.#counts.length ? index + growBy : index);
    const wider = new Float64Array(end - first + 1);
    wider.set(this.#counts, this.#first - first > 0 && !empty ? this.#first - first : 0);
    this.#counts = wider;
    this.#first = first;
    wider[index - first] = (wider[index - first] ?? 0) + count;
  }
}
