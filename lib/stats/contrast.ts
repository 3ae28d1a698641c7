import type { Rng } from '../core/rng.ts';
import { resample } from './block-bootstrap.ts';
import type { Estimate } from './estimate.ts';
import { ReferenceLaw } from './reference-law.ts';

/** A value with the bounds of its confidence interval; a bound is infinite where the data hold none. */
export interface Bounded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A hypothesis to hold two figures against: the later is `relative` times the earlier plus `absolute`. */
export interface Margin {
  readonly relative: number;
  readonly absolute: number;
}

export const noMargin: Margin = { relative: 1, absolute: 0 };

/** Standard errors beyond which it does not matter how many there are. */
const beyondDoubt = 100;
/** Standard errors at which a figure's bounds are looked up to weigh it against the other. */
const typicalDistance = 2;

/** Two figures of two phases, and what is known of the distance between them. */
export class Contrast {
  readonly before: Estimate;
  readonly after: Estimate;
  readonly #draws: { before: Drawn; after: Drawn };

  constructor(before: Estimate, after: Estimate, resamples: number, rng: Rng) {
    this.before = before;
    this.after = after;
    this.#draws = { before: drawn(before, resamples, rng), after: drawn(after, resamples, rng) };
  }

  /**
   * How many standard errors, with sign, `after` lies above `before` times the margin: the z at which the bounds of the two that face each other, squared
   * and added, just bridge the distance (MOVER: Zou & Donner, Statistics in Medicine 27, 2008). The upper bound of a tail quantile is much farther off
   * than the lower one; a symmetric error would find too much above and too little below.
   */
  standardErrorsApart(margin: Margin): number {
    const distance = this.#distance(margin);
    const sign = Math.sign(distance);
    if (sign === 0) return 0;
    const bridged = (z: number): boolean => this.#gap(-sign * z, margin.relative) >= Math.abs(distance);
    let [low, high] = [0, beyondDoubt];
    if (!bridged(high)) return sign * Number.POSITIVE_INFINITY;
    for (let i = 0; i < 40; i++) {
      const middle = (low + high) / 2;
      if (bridged(middle)) high = middle;
      else low = middle;
    }
    return sign * high;
  }

  /** What `standardErrorsApart` would be by chance if the margin were exactly the truth. */
  law(margin: Margin): ReferenceLaw {
    const sign = Math.sign(this.#distance(margin)) || 1;
    const [earlier, later] = weights(
      margin.relative * (this.before.at(sign * typicalDistance) - this.before.value),
      this.after.at(-sign * typicalDistance) - this.after.value,
    );
    const { before, after } = this.#draws;
    const draws = before.errors.map((error, i) => {
      const variance = later ** 2 * (after.variances[i] as number) + earlier ** 2 * (before.variances[i] as number);
      return variance === 0 ? 0 : (later * (after.errors[i] as number) - earlier * error) / Math.sqrt(variance);
    });
    const degrees = (earlier ** 2 + later ** 2) ** 2 / (earlier ** 4 / this.before.degrees + later ** 4 / this.after.degrees);
    return new ReferenceLaw(draws, degrees || this.before.degrees);
  }

  /** Each figure alone within its own bounds at a confidence. */
  bounds(confidence: number): { before: Bounded; after: Bounded } {
    const of = (estimate: Estimate, { errors, variances }: Drawn): Bounded => {
      const draws = errors.map((error, i) => (variances[i] ? error / Math.sqrt(variances[i]) : 0));
      const z = new ReferenceLaw(draws, estimate.degrees).distanceOf(1 - confidence);
      return { value: estimate.value, low: estimate.at(-z), high: estimate.at(z) };
    };
    return { before: of(this.before, this.#draws.before), after: of(this.after, this.#draws.after) };
  }

  /** after - before, with bounds z standard errors off. */
  difference(z: number): Bounded {
    const value = this.after.value - this.before.value;
    return { value, low: value - this.#gap(-z, 1), high: value + this.#gap(z, 1) };
  }

  /** after / before of figures that are not negative, by the same bounds (as Donner & Zou 2012); undefined where before is 0. */
  ratio(z: number): Bounded | undefined {
    const [a, b] = [this.after.value, this.before.value];
    if (!(b > 0)) return undefined;
    const root = (ofAfter: number, ofBefore: number): number => Math.sqrt((ofAfter * b) ** 2 + ofBefore ** 2 * (a ** 2 - ofAfter ** 2));
    const [down, up] = [a - this.after.at(-z), this.before.at(z) - b];
    const low = down < a && Number.isFinite(up) ? (a ** 2 - down ** 2) / (a * b + root(down, up)) : 0;
    const [rise, fall] = [this.after.at(z) - a, b - this.before.at(-z)];
    const high = fall < b && Number.isFinite(rise) ? (a * b + root(rise, fall)) / (b ** 2 - fall ** 2) : Number.POSITIVE_INFINITY;
    return { value: a / b, low, high };
  }

  #distance({ relative, absolute }: Margin): number {
    return this.after.value - relative * this.before.value - absolute;
  }

  /** The error, by `after` being off by z of its standard errors and `before` by as many the other way. */
  #gap(z: number, relative: number): number {
    return Math.hypot(this.after.at(z) - this.after.value, relative * (this.before.at(-z) - this.before.value));
  }
}

/** Resampled errors and variances in units of the standard error and its square. */
interface Drawn {
  readonly errors: Float64Array;
  readonly variances: Float64Array;
}

function drawn({ terms, degrees, standardError }: Estimate, resamples: number, rng: Rng): Drawn {
  const { sums, variances } = resample(terms, degrees, resamples, rng);
  const unit = standardError || 1;
  return { errors: sums.map((sum) => sum / unit), variances: variances.map((variance) => variance / unit ** 2) };
}

/** Sizes of two errors; one without bound leaves no weight to the other. */
function weights(earlier: number, later: number): [number, number] {
  const [a, b] = [Math.abs(earlier), Math.abs(later)];
  if (Number.isFinite(a) && Number.isFinite(b)) return [a, b];
  return [Number.isFinite(a) ? 0 : 1, Number.isFinite(b) ? 0 : 1];
}
