import { runtimeFailure, StateFailure } from '../failure.ts';
import { isArray, type JsonObject } from '../json.ts';
import { compileFind, compilePathField } from '../paths/expression.ts';
import { parseJsonPath } from '../paths/json-path.ts';
import { compileJsonataTemplate, compileNumber, compileTyped } from '../query/jsonata.ts';
import { compileReference, compileTemplate } from '../query/template.ts';
import type { Evaluator, Scope, SyncEvaluator } from '../scope.ts';
import type { Graph, State, Target, TaskResource } from '../state.ts';
import type { Json } from '../types.ts';
import { compileRule } from './choice-rule.ts';
import { compileDistribution } from './distribution.ts';
import { compileEffectiveInput, compileInputPath, compileJsonataExit, compilePassingExit, compilePathExit, withInput } from './exits.ts';
import { parseResource } from './resource.ts';
import { compileCatch, compileRetry } from './retry-catch.ts';
import { compileWait } from './wait.ts';

/** What a compiler of one type of state is given. */
interface StateSource {
  readonly name: string;
  readonly fields: JsonObject;
  readonly isJsonata: boolean;
  /** The target that a name stands for; linked when the whole graph is compiled. */
  readonly targetOf: (name: string) => Target;
  readonly compileGraph: (source: JsonObject) => Graph;
}

type StateCompiler = (source: StateSource) => State;

const inputOf = (scope: Scope): Json => scope.input;
const resultOf = (scope: Scope): Json => scope.result as Json;

function common(source: StateSource, type: string): { name: string; enteredType: string; exitedType: string } {
  return { name: source.name, enteredType: `${type}StateEntered`, exitedType: `${type}StateExited` };
}

/** Where a state leads by Next, or the end. */
function targetOf({ fields, targetOf: named }: StateSource): Target {
  return typeof fields['Next'] === 'string' ? named(fields['Next']) : { state: undefined };
}

function guards({ fields, isJsonata, targetOf: named }: StateSource) {
  return { retry: compileRetry(fields), catch: compileCatch(fields, isJsonata, named) };
}

function resultExit({ fields, isJsonata }: StateSource) {
  return isJsonata ? compileJsonataExit(fields, '', resultOf) : compilePathExit(fields);
}

function passingExit({ fields, isJsonata }: StateSource) {
  return isJsonata ? compileJsonataExit(fields, '', inputOf) : compilePassingExit(fields);
}

function argumentsOf({ fields, isJsonata }: StateSource): Evaluator {
  if (!isJsonata) return compileEffectiveInput(fields);
  return fields['Arguments'] === undefined ? inputOf : compileJsonataTemplate(fields['Arguments'] as Json, 'Arguments');
}

const compilePass: StateCompiler = (source) => {
  const base = { ...common(source, 'Pass'), type: 'Pass' as const, target: targetOf(source) };
  if (source.isJsonata) return { ...base, exit: compileJsonataExit(source.fields, '', inputOf) };
  const { Result: result } = source.fields;
  const effective = result === undefined ? compileEffectiveInput(source.fields) : () => result;
  const exit = compilePathExit(source.fields);
  return { ...base, exit: (scope) => exit({ ...scope, result: effective(scope) }) };
};

const compileTask: StateCompiler = (source) => {
  const { fields, isJsonata } = source;
  return {
    ...common(source, 'Task'),
    type: 'Task',
    target: targetOf(source),
    resource: parseResource(fields['Resource'] as string) as TaskResource,
    arguments: argumentsOf(source),
    timeoutSec: secondsField(source, 'TimeoutSeconds'),
    heartbeatSec: secondsField(source, 'HeartbeatSeconds'),
    credentials: fields['Credentials'] === undefined ? undefined : templateOf(fields['Credentials'] as Json, 'Credentials', isJsonata),
    ...guards(source),
    exit: resultExit(source),
  };
};

function templateOf(template: Json, field: string, isJsonata: boolean): Evaluator {
  return isJsonata ? compileJsonataTemplate(template, field) : compileTemplate(template);
}

/** TimeoutSeconds or HeartbeatSeconds, or the `Path` variant of either. */
function secondsField({ fields, isJsonata }: StateSource, name: string): Evaluator<number> | undefined {
  const constant = fields[name];
  if (typeof constant === 'number') return () => constant;
  if (isJsonata && constant !== undefined) return wholeNumber(constant, name, 1);
  const path = fields[`${name}Path`];
  if (typeof path !== 'string') return undefined;
  const find = compilePathField(path);
  const inputPath = compileInputPath(fields);
  return (scope) => {
    const value = find(inputPath ? withInput(scope, inputPath(scope)) : scope);
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
    throw runtimeFailure(`The ${name}Path field refers to value "${JSON.stringify(value)}" which is not a valid positive integer: ${path}`);
  };
}

/** An expression that must give an integer of `least` or more. */
function wholeNumber(expression: Json, name: string, least: number): Evaluator<number> {
  const isRight = (value: number): boolean => Number.isInteger(value) && value >= least;
  return compileNumber(expression, name, (value) =>
    isRight(value) ? undefined : `The ${name} field must be an integer of ${least} or more but was: ${value}`,
  );
}

const compileChoice: StateCompiler = (source) => {
  const { fields, isJsonata, targetOf: named } = source;
  const inputPath = isJsonata ? undefined : compileInputPath(fields);
  const rules = (fields['Choices'] as readonly JsonObject[]).map((rule, i) => ({
    matches: isJsonata ? conditionOf(rule, i) : ruleOf(rule, inputPath),
    target: named(rule['Next'] as string),
    exit: isJsonata ? compileJsonataExit(rule, `Choices[${i}]/`, inputOf) : compilePassingExit(fields, rule),
  }));
  const defaultTarget = typeof fields['Default'] === 'string' ? named(fields['Default']) : undefined;
  return { ...common(source, 'Choice'), type: 'Choice', rules, defaultTarget, exit: passingExit(source) };
};

function conditionOf(rule: JsonObject, index: number): Evaluator<boolean> {
  return compileTyped(rule['Condition'] as Json, `Choices[${index}]/Condition`, 'boolean', (value) => typeof value === 'boolean');
}

function ruleOf(rule: JsonObject, inputPath: SyncEvaluator | undefined): SyncEvaluator<boolean> {
  const matches = compileRule(rule);
  return inputPath ? (scope) => matches(withInput(scope, inputPath(scope))) : matches;
}

const compileWaitState: StateCompiler = (source) => ({
  ...common(source, 'Wait'),
  type: 'Wait',
  target: targetOf(source),
  untilMs: compileWait(source.fields, source.isJsonata),
  exit: passingExit(source),
});

const compileFail: StateCompiler = (source) => ({
  ...common(source, 'Fail'),
  type: 'Fail',
  error: failText(source, 'Error'),
  cause: failText(source, 'Cause'),
});

function failText({ fields, isJsonata }: StateSource, name: string): Evaluator<string> | undefined {
  const constant = fields[name];
  if (isJsonata && constant !== undefined) return compileTyped(constant, name, 'string', (value) => typeof value === 'string');
  if (typeof constant === 'string') return () => constant;
  const path = fields[`${name}Path`];
  if (typeof path !== 'string') return undefined;
  const read = compileReference(path, `${name}Path`);
  return (scope) => {
    const value = read(scope);
    if (typeof value === 'string') return value;
    throw runtimeFailure(`The ${name}Path field refers to value "${JSON.stringify(value)}" which is not a string: ${path}`);
  };
}

const compileParallel: StateCompiler = (source) => ({
  ...common(source, 'Parallel'),
  type: 'Parallel',
  target: targetOf(source),
  arguments: argumentsOf(source),
  branches: (source.fields['Branches'] as readonly JsonObject[]).map(source.compileGraph),
  ...guards(source),
  exit: resultExit(source),
});

const compileMap: StateCompiler = (source) => ({
  ...common(source, 'Map'),
  type: 'Map',
  target: targetOf(source),
  distribution: compileDistribution(source.name, source.fields, source.isJsonata),
  items: source.isJsonata ? jsonataItems(source.fields) : pathItems(source.fields),
  item: itemOf(source),
  maxConcurrency: concurrencyOf(source),
  processor: source.compileGraph((source.fields['ItemProcessor'] ?? source.fields['Iterator']) as JsonObject),
  ...guards(source),
  exit: resultExit(source),
});

function pathItems(fields: JsonObject): SyncEvaluator<readonly Json[]> {
  const inputPath = compileInputPath(fields);
  const path = (fields['ItemsPath'] as string | undefined) ?? '$';
  const find = compileFind(parseJsonPath(path));
  return (scope) => {
    const items = find(inputPath ? withInput(scope, inputPath(scope)) : scope);
    if (isArray(items)) return items;
    throw new StateFailure('States.Runtime', `Reference path "${path}" must point to array.`, { bare: true });
  };
}

function jsonataItems(fields: JsonObject): Evaluator<readonly Json[]> {
  const { Items: items } = fields;
  if (items !== undefined) return compileTyped(items, 'Items', 'array', isArray);
  return (scope) => {
    if (isArray(scope.input)) return scope.input;
    throw new StateFailure('States.QueryEvaluationError', `Map state input must be an array but was: ${JSON.stringify(scope.input)}`);
  };
}

function itemOf({ fields, isJsonata }: StateSource): Evaluator | undefined {
  const template = fields['ItemSelector'] ?? fields['Parameters'];
  if (template === undefined) return undefined;
  if (isJsonata) return compileJsonataTemplate(template, 'ItemSelector');
  const select = compileTemplate(template);
  const inputPath = compileInputPath(fields);
  return inputPath ? (scope) => select(withInput(scope, inputPath(scope))) : select;
}

function concurrencyOf({ fields, isJsonata }: StateSource): Evaluator<number> {
  const constant = fields['MaxConcurrency'];
  if (typeof constant === 'number') return () => constant;
  if (isJsonata && constant !== undefined) return wholeNumber(constant, 'MaxConcurrency', 0);
  const path = fields['MaxConcurrencyPath'];
  if (typeof path !== 'string') return () => 0;
  const find = compilePathField(path);
  return (scope) => {
    const value = find(scope);
    // AWS also takes a text of digits here.
    const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return count;
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw runtimeFailure(`The MaxConcurrencyPath field refers to value "${shown}" which is not a valid integer: ${path}`);
  };
}

/** The compiler of each type of state. */
export const stateCompilers: Readonly<Record<string, StateCompiler>> = {
  Pass: compilePass,
  Task: compileTask,
  Choice: compileChoice,
  Wait: compileWaitState,
  Succeed: (source) => ({ ...common(source, 'Succeed'), type: 'Succeed', exit: passingExit(source) }),
  Fail: compileFail,
  Parallel: compileParallel,
  Map: compileMap,
};
