import { msOfIso } from '../../../core/time-format.ts';
import type { Json } from '../types.ts';

/** A comparison of a Choice rule: whether the variable's value and the operand meet it. Other types than its own never do. */
export type Comparison = (value: Json, operand: Json) => boolean;

/** A date-time as RFC 3339 has it: with the letter T, seconds, and an offset or Z. */
const timestampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of an RFC 3339 date-time; undefined where the text is none. */
export function timestampMs(text: Json | undefined): number | undefined {
  if (typeof text !== 'string' || !timestampPattern.test(text)) return undefined;
  const ms = msOfIso(text);
  return Number.isNaN(ms) ? undefined : ms;
}

const relations: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThan: (order) => order > 0,
  GreaterThanEquals: (order) => order >= 0,
};

/** Below, at or above 0 as `left` is less, equal or greater; undefined where they cannot be compared. */
const orders: Readonly<Record<string, (left: Json, right: Json) => number | undefined>> = {
  String: (left, right) => (typeof left === 'string' && typeof right === 'string' ? (left < right ? -1 : left > right ? 1 : 0) : undefined),
  Numeric: (left, right) => (typeof left === 'number' && typeof right === 'number' ? left - right : undefined),
  Timestamp: (left, right) => {
    const [from, to] = [timestampMs(left), timestampMs(right)];
    return from === undefined || to === undefined ? undefined : from - to;
  },
};

/** The comparisons whose operand is a value or, with `Path` at the end of the name, a path. */
export const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ...Object.entries(orders).flatMap(([type, order]) =>
    Object.entries(relations).map(([relation, holds]): [string, Comparison] => [
      `${type}${relation}`,
      (value, operand) => {
        const difference = order(value, operand);
        return difference !== undefined && holds(difference);
      },
    ]),
  ),
  ['BooleanEquals', (value, operand) => typeof value === 'boolean' && value === operand],
]);

/** The tests of what a variable is; their operand says whether it must be so. */
export const typeTests: ReadonlyMap<string, (value: Json) => boolean> = new Map([
  ['IsNull', (value: Json) => value === null],
  ['IsNumeric', (value: Json) => typeof value === 'number'],
  ['IsString', (value: Json) => typeof value === 'string'],
  ['IsBoolean', (value: Json) => typeof value === 'boolean'],
  ['IsTimestamp', (value: Json) => timestampMs(value) !== undefined],
]);

/** The pattern of StringMatches as a regular expression: `*` is any text, `\*` and `\\` the characters themselves. */
export function compileGlob(pattern: string): RegExp {
  const parts = pattern.match(/\\[*\\]|[\s\S]/g) ?? [];
  const source = parts.map((part) =>
    part === '*' ? '[\\s\\S]*' : (part.length === 2 ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`);
}
