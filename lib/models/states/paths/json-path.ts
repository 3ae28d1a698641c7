import type { Json } from '../types.ts';
import { type Predicate, parsePredicate } from './filter.ts';
import { PathSyntaxError, Scanner } from './scanner.ts';

/** What a path starts from: the input (`$`), the context object (`$$`) or a variable (`$name`). */
export type PathRoot = { readonly kind: 'input' } | { readonly kind: 'context' } | { readonly kind: 'variable'; readonly name: string };

/** One step of a path. `deep` steps apply to a value and everything inside it (`..`). */
export type PathStep =
  | { readonly kind: 'names'; readonly names: readonly string[]; readonly deep: boolean }
  | { readonly kind: 'indices'; readonly indices: readonly number[]; readonly deep: boolean }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly by: number; readonly deep: boolean }
  | { readonly kind: 'all'; readonly deep: boolean }
  | { readonly kind: 'filter'; readonly predicate: Predicate; readonly deep: boolean }
  | { readonly kind: 'function'; readonly name: AggregateName };

const aggregateNames = ['length', 'min', 'max', 'avg', 'sum'] as const;
export type AggregateName = (typeof aggregateNames)[number];

/** A JSONPath, parsed. */
export interface JsonPath {
  readonly text: string;
  readonly root: PathRoot;
  readonly steps: readonly PathStep[];
  /** At most one value can be selected: then that value is the result, else a list of all. */
  readonly definite: boolean;
}

const namePattern = /[^\s.[\]()'",:*?@=<>!&|$~]+/y;

/** The path that `text` is, as Jayway's JsonPath reads it (the dialect of Step Functions); throws PathSyntaxError. */
export function parseJsonPath(text: string): JsonPath {
  const scanner = new Scanner(text);
  const path = parsePathAt(scanner);
  scanner.end();
  return path;
}

/** The path that starts where the scanner stands; it ends where the path does. */
export function parsePathAt(scanner: Scanner): JsonPath {
  const start = scanner.at;
  scanner.expect('$');
  const root = parseRoot(scanner);
  const steps = parseSteps(scanner);
  return { text: scanner.text.slice(start, scanner.at), root, steps, definite: steps.every(isDefinite) };
}

/** The steps after a root or after `@`. */
function parseSteps(scanner: Scanner): PathStep[] {
  const steps: PathStep[] = [];
  while (!scanner.done) {
    const deep = scanner.skip('..');
    // Jayway takes `$.[0]` for `$[0]`.
    if (!deep && scanner.peek('.[')) scanner.skip('.');
    if (scanner.peek('[')) steps.push(parseBracket(scanner, deep));
    else if (deep || scanner.skip('.')) steps.push(parseDotted(scanner, deep));
    else break;
  }
  return steps;
}

function parseRoot(scanner: Scanner): PathRoot {
  if (scanner.skip('$')) return { kind: 'context' };
  const name = scanner.match(/[A-Za-z_][A-Za-z0-9_]*/y);
  return name === undefined ? { kind: 'input' } : { kind: 'variable', name };
}

function parseDotted(scanner: Scanner, deep: boolean): PathStep {
  if (scanner.skip('*')) return { kind: 'all', deep };
  const name = scanner.match(namePattern);
  if (name === undefined) throw scanner.fail('a name');
  if (!scanner.skip('(')) return { kind: 'names', names: [name], deep };
  scanner.expect(')');
  const aggregate = aggregateNames.find((each) => each === name);
  if (aggregate === undefined || deep) throw new PathSyntaxError(`the function ${name}() of JSONPath is not supported`);
  return { kind: 'function', name: aggregate };
}

function parseBracket(scanner: Scanner, deep: boolean): PathStep {
  scanner.expect('[');
  const step = parseBracketBody(scanner, deep);
  scanner.expect(']');
  return step;
}

function parseBracketBody(scanner: Scanner, deep: boolean): PathStep {
  scanner.space();
  if (scanner.skip('*')) return { kind: 'all', deep };
  if (scanner.skip('?(')) {
    const predicate = parsePredicate(scanner, parseSteps);
    scanner.expect(')');
    return { kind: 'filter', predicate, deep };
  }
  if (scanner.peek("'") || scanner.peek('"')) return { kind: 'names', names: scanner.list(() => scanner.quoted()), deep };
  return parseNumbers(scanner, deep);
}

function parseNumbers(scanner: Scanner, deep: boolean): PathStep {
  const first = scanner.integer();
  scanner.space();
  if (!scanner.peek(':')) {
    if (first === undefined) throw scanner.fail('an index, a name or a filter');
    return { kind: 'indices', indices: scanner.moreOf(first), deep };
  }
  scanner.expect(':');
  const to = scanner.integer();
  const by = scanner.skip(':') ? (scanner.integer() ?? 1) : 1;
  if (by < 1) throw scanner.fail('a step above 0');
  return { kind: 'slice', from: first, to, by, deep };
}

function isDefinite(step: PathStep): boolean {
  if (step.kind === 'function') return true;
  if (step.deep) return false;
  if (step.kind === 'names') return step.names.length === 1;
  return step.kind === 'indices' && step.indices.length === 1;
}

/** Whether the path is a reference path: it names exactly one place, which is what ResultPath can write to. */
export function isReferencePath(path: JsonPath): boolean {
  return path.definite && path.steps.every((step) => step.kind !== 'function');
}

/** A value that a path found is always JSON; undefined says that nothing is there. */
export type Found = Json | undefined;
