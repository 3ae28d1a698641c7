import { studentQuantile, studentUpperTail } from './probability.ts';

/** The share of a law's resamples below which they are too few to count and Student's law takes over. */
const tailShare = 0.01;

/**
 * How many standard errors two figures lie apart by chance alone: the bootstrap's own answers, and beyond their last hundredth Student's tail, scaled so
 * that it meets them there. So small p-values, which a correction for many objectives asks for, do not end at one over the number of resamples.
 */
export class ReferenceLaw {
  readonly #draws: Float64Array;
  readonly #degrees: number;

  /** `draws` of a studentized difference that is 0 in truth; `degrees` of freedom of the standard errors in it. */
  constructor(draws: Float64Array, degrees: number) {
    this.#draws = draws;
    this.#degrees = degrees;
  }

  /** The chance of lying so far apart, or farther, in either direction. */
  twoSided(z: number): number {
    return tailOf(this.#draws.map(Math.abs), Math.abs(z), this.#degrees, 2);
  }

  /** The chance of `after` lying so far above, or farther. */
  above(z: number): number {
    return tailOf(this.#draws, z, this.#degrees, 1);
  }

  /** The chance of `after` lying so far below (z is negative then), or farther. */
  below(z: number): number {
    return tailOf(
      this.#draws.map((draw) => -draw),
      -z,
      this.#degrees,
      1,
    );
  }

  /** The distance that chance alone exceeds, in either direction, with a probability of `share`. */
  distanceOf(share: number): number {
    const student = (tail: number): number => studentQuantile(1 - tail / 2, this.#degrees);
    const joint = exceededBy(this.#draws.map(Math.abs), Math.max(share, tailShare));
    return share >= tailShare ? joint : (joint * student(share)) / student(tailShare);
  }
}

/** The draw that a share of all draws reaches. */
function exceededBy(draws: Float64Array, share: number): number {
  const ascending = draws.toSorted();
  return ascending[Math.max(0, ascending.length - 1 - Math.floor(share * (ascending.length + 1)))] ?? Number.POSITIVE_INFINITY;
}

/** The chance of `z` or more; of Student's law so many `sides` count. */
function tailOf(draws: Float64Array, z: number, degrees: number, sides: 1 | 2): number {
  const reached = draws.reduce((count, draw) => count + (draw >= z ? 1 : 0), 1) / (draws.length + 1);
  if (reached > tailShare) return reached;
  const joint = exceededBy(draws, tailShare);
  const scaled = (z * studentQuantile(1 - tailShare / sides, degrees)) / joint;
  return Math.min(tailShare, sides * studentUpperTail(scaled, degrees));
}
