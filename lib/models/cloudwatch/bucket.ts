import { Distribution } from './distribution.ts';

/** CloudWatch's statistic set. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** What CloudWatch keeps of the values of one metric in one stretch of time: a statistic set and, where it can, the spread of the values. */
export class Bucket {
  readonly startMs: number;
  sampleCount = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  /** Absent while all values are equal: then minimum and the count say everything. */
  #distribution: Distribution | undefined;
  /** True once values came as a statistic set, or negative: AWS then gives no percentiles. */
  #spreadUnknown = false;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  /** Adds `value`, `count` times. */
  add(value: number, count = 1): void {
    if (this.#distribution) this.#distribution.add(value, count);
    else if (this.sampleCount > 0 && value !== this.minimum) this.#distributionOfAll().add(value, count);
    this.sampleCount += count;
    this.sum += value * count;
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
    if (value < 0) this.#spreadUnknown = true;
  }

  /**
   * Adds a statistic set. AWS gives percentiles over one only where it says what each value was: one sample, or minimum
   * equal to maximum (PutMetricData, "you can only retrieve percentile statistics if ...").
   */
  addSet(set: StatisticSet): void {
    if (set.sampleCount === 1 || set.minimum === set.maximum) {
      this.add(set.minimum, set.sampleCount);
      return;
    }
    this.#spreadUnknown = true;
    this.#addTotals(set);
  }

  /** Adds everything that `other` holds; `other` stays as it is. */
  merge(other: Bucket): void {
    if (other.sampleCount === 0) return;
    this.#spreadUnknown ||= other.#spreadUnknown;
    if (!other.#distribution && !other.#spreadUnknown) {
      this.add(other.minimum, other.sampleCount);
      return;
    }
    if (other.#distribution && !this.#spreadUnknown) this.#distributionOfAll().merge(other.#distribution);
    this.#addTotals(other);
  }

  /** The value at or below which `percent` of the values lie; undefined where AWS gives none (empty, negative values, statistic sets). */
  percentile(percent: number): number | undefined {
    if (this.sampleCount === 0 || this.#spreadUnknown) return undefined;
    if (percent >= 100) return this.maximum;
    const value = this.#distribution ? this.#distribution.quantile(percent / 100, this.sampleCount) : this.minimum;
    return Math.min(this.maximum, Math.max(this.minimum, value));
  }

  /** The distribution, made from what came so far if there is none yet. */
  #distributionOfAll(): Distribution {
    if (!this.#distribution) {
      this.#distribution = new Distribution();
      if (this.sampleCount > 0) this.#distribution.add(this.minimum, this.sampleCount);
    }
    return this.#distribution;
  }

  #addTotals(other: StatisticSet): void {
    this.sampleCount += other.sampleCount;
    this.sum += other.sum;
    this.minimum = Math.min(this.minimum, other.minimum);
    this.maximum = Math.max(this.maximum, other.maximum);
  }
}
