import type { JsonObject } from '../json.ts';
import { compilePathField } from '../paths/expression.ts';
import { compileResultPath } from '../paths/result-path.ts';
import { compileJsonataTemplate } from '../query/jsonata.ts';
import { compileTemplate } from '../query/template.ts';
import type { Evaluator, Scope, SyncEvaluator, Variables } from '../scope.ts';
import type { Exit } from '../state.ts';
import type { Json } from '../types.ts';

/** The scope with another `$`. */
export function withInput(scope: Scope, input: Json): Scope {
  return { ...scope, input };
}

/** InputPath of a JSONPath state; undefined where it changes nothing. */
export function compileInputPath(state: JsonObject, field = 'InputPath'): SyncEvaluator | undefined {
  const path = state[field];
  if (path === null) return () => ({});
  return path === undefined || path === '$' ? undefined : compilePathField(String(path));
}

/** InputPath, then Parameters (or whatever `templateField` names): what a JSONPath state works with. */
export function compileEffectiveInput(state: JsonObject, templateField = 'Parameters'): SyncEvaluator {
  const path = compileInputPath(state);
  const template = state[templateField] === undefined ? undefined : compileTemplate(state[templateField] as Json);
  if (template === undefined) return path ?? ((scope) => scope.input);
  return path === undefined ? template : (scope) => template(withInput(scope, path(scope)));
}

/** ResultSelector, ResultPath and OutputPath of a JSONPath state that has a result; Assign sees the selected result. */
export function compilePathExit(state: JsonObject): SyncEvaluator<Exit> {
  const selector = state['ResultSelector'] === undefined ? undefined : compileTemplate(state['ResultSelector'] as Json);
  const assign = state['Assign'] === undefined ? undefined : compileTemplate(state['Assign'] as Json);
  const merge = compileResultPath(state['ResultPath'] as string | null | undefined);
  const outputPath = compileInputPath(state, 'OutputPath');
  return (scope) => {
    const raw = scope.result as Json;
    const result = selector ? selector(withInput(scope, raw)) : raw;
    const merged = merge(scope.input, result);
    const output = outputPath ? outputPath(withInput(scope, merged)) : merged;
    return assign ? { output, assigned: assign(withInput(scope, result)) as Variables } : { output };
  };
}

/** The exit of a JSONPath state without a result: its effective input through OutputPath. */
export function compilePassingExit(state: JsonObject, assignFrom: JsonObject = state): SyncEvaluator<Exit> {
  const inputPath = compileInputPath(state);
  const outputPath = compileInputPath(state, 'OutputPath');
  const assign = assignFrom['Assign'] === undefined ? undefined : compileTemplate(assignFrom['Assign'] as Json);
  return (scope) => {
    const input = inputPath ? inputPath(scope) : scope.input;
    const output = outputPath ? outputPath(withInput(scope, input)) : input;
    return assign ? { output, assigned: assign(withInput(scope, input)) as Variables } : { output };
  };
}

/** Output and Assign of JSONata; without Output, what `byDefault` gives. Both see the variables as they were. */
export function compileJsonataExit(fields: JsonObject, at: string, byDefault: (scope: Scope) => Json): Evaluator<Exit> {
  const output = fields['Output'] === undefined ? byDefault : compileJsonataTemplate(fields['Output'] as Json, `${at}Output`);
  const assign = fields['Assign'] === undefined ? undefined : compileJsonataTemplate(fields['Assign'] as Json, `${at}Assign`);
  return (scope) => {
    const leaving = output(scope);
    const assigned = assign?.(scope);
    if (!(leaving instanceof Promise) && !(assigned instanceof Promise)) return exitOf(leaving, assigned);
    return Promise.all([leaving, assigned]).then(([value, variables]) => exitOf(value, variables));
  };
}

function exitOf(output: Json, assigned: Json | undefined): Exit {
  return assigned === undefined ? { output } : { output, assigned: assigned as Variables };
}
