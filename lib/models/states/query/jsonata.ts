import jsonata from 'jsonata';
import { queryFailure, type StateFailure } from '../failure.ts';
import { isArray, isObject, kindOf } from '../json.ts';
import type { Evaluator, Scope } from '../scope.ts';
import type { Json } from '../types.ts';
import { functionBindings } from './jsonata-functions.ts';

/**
 * What keeps one expression from holding up everything else. Step Functions fails an expression nested deeper than 100 (measured,
 * docs/models/states.md); its limits of time and memory are not published, so those two only protect the lab.
 */
const guards = { stack: 100, timeout: 5000, sequence: 500_000 };

/** Whether a text is a JSONata expression: in `{% %}`, without anything around. */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length >= 4 && value.startsWith('{%') && value.endsWith('%}');
}

/** What stands between `{%` and `%}`. */
export function expressionSource(text: string): string {
  return text.slice(2, -2).trim();
}

/** An expression that is parsed once; `field` names it in messages, such as `Output/total`. */
function compileExpression(text: string, field: string): Evaluator {
  const source = expressionSource(text);
  const expression = jsonata(source, guards);
  const sentence = `The JSONata expression '${source}' specified for the field '${field}'`;
  return async (scope) => {
    let value: unknown;
    try {
      value = await expression.evaluate(undefined, bindingsOf(scope));
    } catch (error) {
      throw queryFailure(`${sentence} threw an error during evaluation${tailOf(error)}`, field);
    }
    if (value === undefined) throw queryFailure(`${sentence} returned nothing (undefined).`, field);
    return asJson(value, () => queryFailure(`${sentence} returned an unsupported result type.`, field));
  };
}

/** A value whose expressions, at any depth, are replaced by what they give; without any it never waits. */
export function compileJsonataTemplate(template: Json, field: string): Evaluator {
  if (isExpression(template)) return compileExpression(template, field);
  if (isArray(template))
    return joined(
      template.map((item, i) => compileJsonataTemplate(item, `${field}[${i}]`)),
      template,
      (values) => values,
    );
  if (!isObject(template)) return () => template;
  const names = Object.keys(template);
  const members = Object.entries(template).map(([name, value]) => compileJsonataTemplate(value, `${field}/${name}`));
  return joined(members, template, (values) => Object.fromEntries(names.map((name, i) => [name, values[i] as Json])));
}

/** Like a template, but the value must be of one kind. */
export function compileTyped<T extends Json>(template: Json, field: string, expected: string, isIt: (value: Json) => value is T): Evaluator<T> {
  const evaluate = compileJsonataTemplate(template, field);
  const check = (value: Json): T => {
    if (isIt(value)) return value;
    const shown = isExpression(template) ? `The JSONata expression '${expressionSource(template)}'` : 'The value';
    const what = `Expected '${expected}', but was '${kindOf(value)}' for value: ${JSON.stringify(value)}`;
    throw queryFailure(`${shown} specified for the field '${field}' returned an unexpected result type. ${what}`, field);
  };
  return (scope) => {
    const value = evaluate(scope);
    return value instanceof Promise ? value.then(check) : check(value);
  };
}

/** An expression that must give a number, in which `problem` finds nothing wrong. */
export function compileNumber(template: Json, field: string, problem: (value: number) => string | undefined): Evaluator<number> {
  const evaluate = compileTyped(template, field, 'number', (value) => typeof value === 'number');
  const check = (value: number): number => {
    const reason = problem(value);
    if (reason !== undefined) throw queryFailure(reason, field);
    return value;
  };
  return (scope) => {
    const value = evaluate(scope);
    return value instanceof Promise ? value.then(check) : check(value);
  };
}

function hasExpression(value: Json): boolean {
  if (isArray(value)) return value.some(hasExpression);
  return isObject(value) ? Object.values(value).some(hasExpression) : isExpression(value);
}

function joined(parts: readonly Evaluator[], template: Json, build: (values: Json[]) => Json): Evaluator {
  if (!hasExpression(template)) return () => template;
  return async (scope) => {
    const values: Json[] = [];
    for (const part of parts) values.push(await part(scope));
    return build(values);
  };
}

function bindingsOf(scope: Scope): Record<string, unknown> {
  const states: Record<string, unknown> = { input: scope.input, context: scope.context() };
  if (scope.result !== undefined) states['result'] = scope.result;
  if (scope.errorOutput !== undefined) states['errorOutput'] = scope.errorOutput;
  return { ...functionBindings(scope.nowMs, scope.rng), ...scope.variables, states };
}

/** `. T0410: Argument 1 of ...` after an error with JSONata's code, `: ...` after any other. */
function tailOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === undefined ? `: ${message}` : `. ${code}: ${message}`;
}

/** JSONata's result as plain JSON: no sequences, no functions, no members without a value. */
function asJson(value: unknown, unsupported: () => StateFailure): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map((item: unknown) => asJson(item, unsupported));
  if (typeof value !== 'object' || '_jsonata_lambda' in value || '_jsonata_function' in value) throw unsupported();
  const result: { [name: string]: Json } = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) result[name] = asJson(member, unsupported);
  return result;
}
