import { jsonEqual } from '../json.ts';
import type { Json } from '../types.ts';
import type { Found, PathStep } from './json-path.ts';
import type { Scanner } from './scanner.ts';

/** One side of a comparison in a filter. */
type Operand = { readonly kind: 'here'; readonly steps: readonly PathStep[] } | { readonly kind: 'value'; readonly value: Json };

const comparisons = ['==', '!=', '<=', '>=', '<', '>', '=~'] as const;
type Comparison = (typeof comparisons)[number];

/** The condition inside `[?( )]`. */
export type Predicate =
  | { readonly kind: 'or' | 'and'; readonly left: Predicate; readonly right: Predicate }
  | { readonly kind: 'not'; readonly of: Predicate }
  | { readonly kind: 'exists'; readonly operand: Operand }
  | { readonly kind: 'compare'; readonly left: Operand; readonly how: Comparison; readonly right: Operand; readonly pattern?: RegExp };

type StepsParser = (scanner: Scanner) => PathStep[];

/** `a || b`, `a && b`, `!a`, `(a)`, `@.x`, `@.x == 'y'`. */
export function parsePredicate(scanner: Scanner, steps: StepsParser): Predicate {
  let left = parseConjunction(scanner, steps);
  for (scanner.space(); scanner.skip('||'); scanner.space()) left = { kind: 'or', left, right: parseConjunction(scanner, steps) };
  return left;
}

function parseConjunction(scanner: Scanner, steps: StepsParser): Predicate {
  let left = parseFactor(scanner, steps);
  for (scanner.space(); scanner.skip('&&'); scanner.space()) left = { kind: 'and', left, right: parseFactor(scanner, steps) };
  return left;
}

function parseFactor(scanner: Scanner, steps: StepsParser): Predicate {
  scanner.space();
  if (scanner.skip('!')) return { kind: 'not', of: parseFactor(scanner, steps) };
  if (scanner.skip('(')) {
    const inner = parsePredicate(scanner, steps);
    scanner.expect(')');
    return inner;
  }
  const left = parseOperand(scanner, steps);
  scanner.space();
  const how = comparisons.find((each) => scanner.skip(each));
  if (how === undefined) return { kind: 'exists', operand: left };
  scanner.space();
  if (how === '=~') return { kind: 'compare', left, how, right: { kind: 'value', value: null }, pattern: parseRegex(scanner) };
  return { kind: 'compare', left, how, right: parseOperand(scanner, steps) };
}

function parseRegex(scanner: Scanner): RegExp {
  const literal = scanner.match(/\/(?:[^/\\]|\\.)+\/[imsu]*/y);
  if (literal === undefined) throw scanner.fail('a regular expression');
  const close = literal.lastIndexOf('/');
  try {
    return new RegExp(`^(?:${literal.slice(1, close)})$`, literal.slice(close + 1));
  } catch {
    throw scanner.fail('a valid regular expression');
  }
}

function parseOperand(scanner: Scanner, steps: StepsParser): Operand {
  if (scanner.skip('@')) return { kind: 'here', steps: steps(scanner) };
  if (scanner.peek("'") || scanner.peek('"')) return { kind: 'value', value: scanner.quoted() };
  const word = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
  if (word === undefined) throw scanner.fail("'@', a text or a number");
  return { kind: 'value', value: JSON.parse(word) as Json };
}

/** Whether `value` meets the predicate; `select` applies the steps of `@`. */
export function meets(predicate: Predicate, value: Json, select: (steps: readonly PathStep[], from: Json) => Found): boolean {
  switch (predicate.kind) {
    case 'or':
      return meets(predicate.left, value, select) || meets(predicate.right, value, select);
    case 'and':
      return meets(predicate.left, value, select) && meets(predicate.right, value, select);
    case 'not':
      return !meets(predicate.of, value, select);
    case 'exists':
      return read(predicate.operand, value, select) !== undefined;
    case 'compare':
      return compare(read(predicate.left, value, select), predicate.how, read(predicate.right, value, select), predicate.pattern);
  }
}

function read(operand: Operand, value: Json, select: (steps: readonly PathStep[], from: Json) => Found): Found {
  return operand.kind === 'value' ? operand.value : select(operand.steps, value);
}

function compare(left: Found, how: Comparison, right: Found, pattern: RegExp | undefined): boolean {
  if (left === undefined || right === undefined) return how === '!=' && left !== right;
  if (how === '==') return jsonEqual(left, right);
  if (how === '!=') return !jsonEqual(left, right);
  if (how === '=~') return typeof left === 'string' && (pattern?.test(left) ?? false);
  if (typeof left === 'number' && typeof right === 'number') return ordered(left - right, how);
  if (typeof left === 'string' && typeof right === 'string') return ordered(left < right ? -1 : left > right ? 1 : 0, how);
  return false;
}

function ordered(difference: number, how: '<' | '<=' | '>' | '>='): boolean {
  if (how === '<') return difference < 0;
  if (how === '<=') return difference <= 0;
  return how === '>' ? difference > 0 : difference >= 0;
}
