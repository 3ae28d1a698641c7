import type { Estimate } from './estimate.ts';
import { degreesFor } from './long-run-variance.ts';
import { chiSquareQuantile, normalUpperTail, studentQuantile } from './probability.ts';

export interface SizeOptions {
  /** 0.05 unless told; a gate of m objectives asks for its own over m. */
  readonly significance?: number;
  /** How probably the shift is found; 0.95 unless told. */
  readonly power?: number;
  /** 2 to find a change in either direction, 1 to find a change for the worse; 2 unless told. */
  readonly sides?: 1 | 2;
}

export interface Size {
  readonly seconds: number;
  readonly samples: number;
}

/** Nobody measures longer than a day for one verdict. */
const longestSec = 86_400;
const minuteSec = 60;
/** Into how many equally likely parts the pilot's uncertainty is cut. */
const parts = 100;

/**
 * How long each of two runs must measure, in whole minutes, so that a figure `relativeShift` times itself larger is found: from the errors that a pilot
 * (an earlier run of the exercise) shows, at the pilot's rate of requests. Undefined when a day is too short.
 *
 * A run of n seconds has 1/sqrt(n) of the error. With z the pilot's standard errors that bridge the shift, and k those that a comparison needs,
 * n = pilot seconds * (k / z)^2.
 */
export function sizeFor(pilot: Estimate, relativeShift: number, options: SizeOptions = {}): Size | undefined {
  const z = errorsInShift(pilot, relativeShift);
  const spread = pilotSpread(pilot.degrees);
  const neededBy = new Map<number, number>();
  for (let seconds = minuteSec; seconds <= longestSec; seconds += minuteSec) {
    const degrees = degreesFor(seconds);
    const errors = neededBy.get(degrees) ?? errorsNeeded(degrees, spread, options);
    neededBy.set(degrees, errors);
    const needed = pilot.terms.length * (errors / z) ** 2;
    if (needed <= seconds) return { seconds, samples: Math.ceil((pilot.count / pilot.terms.length) * seconds) };
  }
  return undefined;
}

/**
 * The least relative rise of a figure from `before` that a comparison with a run like it finds: what a verdict of no change is worth. Infinite when the
 * data hold no bound.
 */
export function detectableShift(before: Estimate, options: SizeOptions = {}): number {
  const k = errorsNeeded(before.degrees, pilotSpread(before.degrees), options);
  let [low, high] = [0, 1];
  while (errorsInShift(before, high) < k) {
    if (high > 1_000) return Number.POSITIVE_INFINITY;
    high *= 2;
  }
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (errorsInShift(before, middle) < k) low = middle;
    else high = middle;
  }
  return high;
}

/** The z at which a figure's upper bound and the lower one of the same figure shifted, squared and added, bridge the shift. */
function errorsInShift({ value, at }: Estimate, relativeShift: number): number {
  const bridged = (z: number): boolean => Math.hypot(at(z) - value, (1 + relativeShift) * (value - at(-z))) >= relativeShift * value;
  let [low, high] = [0, 1_000];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (bridged(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many of the pilot's standard errors a shift must measure. The comparison finds it when its own estimate passes Student's quantile; the pilot's
 * standard error, of few degrees of freedom, may be too small: the power is the mean over what it may be.
 */
function errorsNeeded(degrees: number, spread: readonly number[], { significance = 0.05, power = 0.95, sides = 2 }: SizeOptions): number {
  const critical = studentQuantile(1 - significance / sides, 2 * degrees);
  const sd = Math.sqrt(1 + critical ** 2 / (4 * degrees));
  const powerAt = (k: number): number => spread.reduce((sum, ratio) => sum + normalUpperTail((critical - k * ratio) / sd), 0) / spread.length;
  let [low, high] = [0, 100];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (powerAt(middle) < power) low = middle;
    else high = middle;
  }
  return high;
}

/** A standard error of so many degrees of freedom over the true one: values that are equally likely. */
function pilotSpread(degrees: number): number[] {
  return Array.from({ length: parts }, (_, part) => Math.sqrt(chiSquareQuantile((part + 0.5) / parts, degrees) / degrees));
}
