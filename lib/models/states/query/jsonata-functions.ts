import jsonata from 'jsonata';
import type { Rng } from '../../../core/rng.ts';
import { seededRng } from '../../../core/rng.ts';
import { isoTime } from '../../../core/time-format.ts';
import { IntrinsicError } from '../intrinsics/error.ts';
import { hash, partition, range } from '../intrinsics/functions.ts';
import type { Json } from '../types.ts';

/** Functions that Step Functions adds to JSONata and that depend on their arguments alone; nothing in gives nothing out. */
const pureFunctions: Readonly<Record<string, (...args: Json[]) => unknown>> = {
  partition: (list, size) => (list === undefined ? undefined : partition(Array.isArray(list) ? list : [list], sizeOf(size))),
  range: (from, to, by) => {
    const numbers = range(numberOf(from), numberOf(to), numberOf(by));
    return numbers.length === 1 ? numbers[0] : numbers;
  },
  hash: (data, algorithm) => (data === undefined ? undefined : hash(data, String(algorithm ?? 'SHA-1'))),
  parse: (text) => (text === undefined ? undefined : parse(String(text))),
};

/** Formats an instant the way JSONata's own `$now(picture, timezone)` does, but the instant is given. */
const formatNow = jsonata('$fromMillis($at, $picture, $timezone)');

/**
 * What an expression finds besides `$states` and the variables: AWS's functions, and JSONata's own clock and randomness replaced
 * by the execution's. `$eval` is hidden: Step Functions does not have it.
 */
export function functionBindings(nowMs: number, rng: Rng): Record<string, unknown> {
  return {
    ...pureFunctions,
    eval: undefined,
    random: (seed?: number) => (seed === undefined ? rng : seededRng(String(seed))).next(),
    uuid: () => rng.uuid(),
    millis: () => Math.floor(nowMs),
    now: (picture?: string, timezone?: string) =>
      picture === undefined ? isoTime(nowMs) : formatNow.evaluate(undefined, { at: Math.floor(nowMs), picture, timezone }),
  };
}

function numberOf(value: Json | undefined): number {
  if (typeof value !== 'number') throw new IntrinsicError('the arguments of $range must be numbers');
  return value;
}

function sizeOf(value: Json | undefined): number {
  if (typeof value !== 'number' || Math.round(value) < 1) throw new IntrinsicError('the size of a partition must be a positive integer');
  return Math.round(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new IntrinsicError(`$parse was given what is not valid JSON: ${text}`);
  }
}
