import { isArray, isObject } from '../json.ts';
import type { Json } from '../types.ts';
import { meets } from './filter.ts';
import type { AggregateName, Found, JsonPath, PathStep } from './json-path.ts';

/** Selects a path's value below a root: undefined where nothing is, a list where the path may select more than one. */
export function compileSelect(path: JsonPath): (root: Json) => Found {
  const names = plainNames(path.steps);
  if (names === undefined) return (root) => selectSteps(path.steps, root);
  const [only] = names;
  if (only === undefined) return (root) => root;
  if (names.length === 1) return (root) => member(root, only);
  return (root) => {
    let value: Found = root;
    for (const name of names) {
      value = member(value, name);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

function plainNames(steps: readonly PathStep[]): string[] | undefined {
  const names: string[] = [];
  for (const step of steps) {
    if (step.kind !== 'names' || step.deep || step.names.length !== 1) return undefined;
    names.push(step.names[0] as string);
  }
  return names;
}

function member(value: Found, name: string): Found {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** How many of the steps lead somewhere; for messages that say where a path broke off. */
export function reachedSteps(path: JsonPath, root: Json): number {
  for (let count = 1; count <= path.steps.length; count++) {
    if (selectSteps(path.steps.slice(0, count), root) === undefined) return count - 1;
  }
  return path.steps.length;
}

function selectSteps(steps: readonly PathStep[], root: Json): Found {
  let values: Json[] = [root];
  let definite = true;
  for (const step of steps) {
    if (step.kind === 'function') {
      const result = aggregate(step.name, definite ? values[0] : values);
      values = result === undefined ? [] : [result];
      definite = true;
      continue;
    }
    const from = step.deep ? values.flatMap(withDescendants) : values;
    values = from.flatMap((value) => apply(step, value));
    definite &&= !step.deep && isSingle(step);
  }
  return definite ? values[0] : values;
}

function isSingle(step: PathStep): boolean {
  if (step.kind === 'names') return step.names.length === 1;
  return step.kind === 'indices' && step.indices.length === 1;
}

function withDescendants(value: Json): Json[] {
  const found: Json[] = [value];
  const children = isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  for (const child of children) if (typeof child === 'object' && child !== null) found.push(...withDescendants(child));
  return found;
}

function apply(step: Exclude<PathStep, { kind: 'function' }>, value: Json): Json[] {
  switch (step.kind) {
    case 'names':
      return present(step.names.map((name) => member(value, name)));
    case 'indices':
      return isArray(value) ? present(step.indices.map((index) => value.at(index))) : [];
    case 'slice':
      return isArray(value) ? slice(value, step.from, step.to, step.by) : [];
    case 'all':
      return isArray(value) ? [...value] : isObject(value) ? Object.values(value) : [];
    case 'filter':
      return (isArray(value) ? value : [value]).filter((item) => meets(step.predicate, item, selectSteps));
  }
}

function present(values: readonly Found[]): Json[] {
  return values.filter((value) => value !== undefined);
}

function slice(values: readonly Json[], from: number | undefined, to: number | undefined, by: number): Json[] {
  return values.slice(from, to).filter((_, i) => i % by === 0);
}

function aggregate(name: AggregateName, value: Found): Found {
  if (name === 'length') return isArray(value) || typeof value === 'string' ? value.length : isObject(value) ? Object.keys(value).length : undefined;
  if (!isArray(value)) return undefined;
  const numbers = value.filter((item) => typeof item === 'number');
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, each) => total + each, 0);
  if (name === 'sum') return sum;
  if (name === 'avg') return sum / numbers.length;
  return name === 'min' ? Math.min(...numbers) : Math.max(...numbers);
}
