import { runtimeFailure } from '../failure.ts';
import type { Scope, SyncEvaluator } from '../scope.ts';
import type { Json } from '../types.ts';
import { type Found, isReferencePath, type JsonPath, type PathRoot, parseJsonPath } from './json-path.ts';
import { PathSyntaxError } from './scanner.ts';
import { compileSelect, reachedSteps } from './select.ts';

/** What a path finds in a scope; undefined where it leads nowhere. */
export function compileFind(path: JsonPath): (scope: Scope) => Found {
  const select = compileSelect(path);
  const { root } = path;
  if (root.kind === 'input') return (scope) => select(scope.input);
  return (scope) => {
    const from = rootOf(root, scope);
    return from === undefined ? undefined : select(from);
  };
}

function rootOf(root: PathRoot, scope: Scope): Found {
  if (root.kind === 'context') return scope.context();
  if (root.kind === 'input') return scope.input;
  return Object.hasOwn(scope.variables, root.name) ? scope.variables[root.name] : undefined;
}

/** A field that holds a path, such as InputPath: fails with States.Runtime where the path leads nowhere. */
export function compilePathField(text: string): SyncEvaluator {
  if (text === '$') return (scope) => scope.input;
  const path = parseJsonPath(text);
  const find = compileFind(path);
  return (scope) => {
    const found = find(scope);
    if (found === undefined) throw runtimeFailure(`Invalid path '${text}' : ${brokenAt(path, rootOf(path.root, scope))}`);
    return found;
  };
}

/** A path inside a payload template or of Fail: the message names the field and shows the input. */
export function compileNamedPath(text: string, field: string): SyncEvaluator {
  const path = parseJsonPath(text);
  const find = compileFind(path);
  return (scope) => {
    const found = find(scope);
    if (found === undefined) {
      const input = JSON.stringify(scope.input);
      throw runtimeFailure(`The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${input}'`);
    }
    return found;
  };
}

/** The sentence of Jayway's JsonPath about a path that leads nowhere. */
function brokenAt(path: JsonPath, root: Json | undefined): string {
  const reached = root === undefined ? 0 : reachedSteps(path, root);
  const shown = `$${path.steps
    .slice(0, reached + 1)
    .map(bracketed)
    .join('')}`;
  return reached >= path.steps.length - 1 ? `No results for path: ${shown}` : `Missing property in path ${shown}`;
}

function bracketed(step: JsonPath['steps'][number]): string {
  if (step.kind === 'names') return `[${step.names.map((name) => `'${name}'`).join(',')}]`;
  if (step.kind === 'indices') return `[${step.indices.join(',')}]`;
  return step.kind === 'all' ? '[*]' : step.kind === 'filter' ? '[?]' : '';
}

/** Whether `text` is a JSONPath of the dialect. */
export function isJsonPath(text: string): boolean {
  return parses(() => parseJsonPath(text));
}

/** Whether `text` is a path that leads to one place, as ItemsPath must. */
export function isOnePath(text: string): boolean {
  return parses(() => referencePath(text));
}

/** Whether `text` names one place in the input, as ResultPath must. */
export function isResultPath(text: string): boolean {
  return parses(() => {
    if (referencePath(text).root.kind !== 'input') throw new PathSyntaxError('not a path into the input');
  });
}

function referencePath(text: string): JsonPath {
  const path = parseJsonPath(text);
  if (!isReferencePath(path)) throw new PathSyntaxError('not a reference path');
  return path;
}

function parses(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof PathSyntaxError) return false;
    throw error;
  }
}
