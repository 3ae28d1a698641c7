import { createHash } from 'node:crypto';
import { runtimeFailure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import { compilePathField } from '../paths/expression.ts';
import { compileJsonataTemplate, compileNumber } from '../query/jsonata.ts';
import { compileTemplate } from '../query/template.ts';
import type { Evaluator } from '../scope.ts';
import type { Batching, Distribution } from '../state.ts';
import type { Json, StateMachineType } from '../types.ts';
import { compileInputPath, withInput } from './exits.ts';

/** A number of Distributed Map: what AWS calls its type, and what is wrong with a value. */
interface NumberRule {
  readonly type: 'integer' | 'float';
  readonly problem: (value: number) => string | undefined;
}

const countRule: NumberRule = { type: 'integer', problem: (value) => (value < 0 ? 'ToleratedFailureCount cannot be negative.' : undefined) };
const percentageRule: NumberRule = {
  type: 'float',
  problem: (value) => (value < 0 || value > 100 ? 'ToleratedFailurePercentage must be between 0 and 100.' : undefined),
};
const batchRule = (name: string): NumberRule => ({ type: 'integer', problem: (value) => (value < 1 ? `${name} must be positive.` : undefined) });

/** What makes a Map a distributed one; undefined for an inline Map. */
export function compileDistribution(name: string, fields: JsonObject, isJsonata: boolean): Distribution | undefined {
  const processor = (fields['ItemProcessor'] ?? fields['Iterator']) as JsonObject;
  const { Mode: mode, ExecutionType: type } = (processor['ProcessorConfig'] ?? {}) as JsonObject;
  if (mode !== 'DISTRIBUTED') return undefined;
  const text = JSON.stringify(processor);
  return {
    type: type as StateMachineType,
    text,
    label: (fields['Label'] as string | undefined) ?? labelOf(name, text),
    toleratedCount: numberField(fields, fields, 'ToleratedFailureCount', isJsonata, countRule),
    toleratedPercentage: numberField(fields, fields, 'ToleratedFailurePercentage', isJsonata, percentageRule),
    batching: fields['ItemBatcher'] === undefined ? undefined : batchingOf(fields, fields['ItemBatcher'] as JsonObject, isJsonata),
  };
}

/** What stands for a Label where there is none: a uuid, the same for every run of the state. */
function labelOf(name: string, text: string): string {
  const digest = createHash('sha256').update(`${name}\n${text}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function batchingOf(state: JsonObject, batcher: JsonObject, isJsonata: boolean): Batching {
  const number = (name: string) => numberField(state, batcher, name, isJsonata, batchRule(name));
  return {
    maxItems: number('MaxItemsPerBatch'),
    maxBytes: number('MaxInputBytesPerBatch'),
    input: batcher['BatchInput'] === undefined ? undefined : templateOf(state, batcher['BatchInput'] as Json, isJsonata),
  };
}

function templateOf(state: JsonObject, template: Json, isJsonata: boolean): Evaluator {
  if (isJsonata) return compileJsonataTemplate(template, 'ItemBatcher/BatchInput');
  const evaluate = compileTemplate(template);
  const inputPath = compileInputPath(state);
  return inputPath ? (scope) => evaluate(withInput(scope, inputPath(scope))) : evaluate;
}

/** A number, an expression that gives one, or the `Path` variant. */
function numberField(state: JsonObject, fields: JsonObject, name: string, isJsonata: boolean, rule: NumberRule): Evaluator<number> | undefined {
  const constant = fields[name];
  if (typeof constant === 'number') return () => constant;
  if (constant !== undefined && isJsonata) return compileNumber(constant, name, rule.problem);
  const path = fields[`${name}Path`];
  if (typeof path !== 'string') return undefined;
  const find = compilePathField(path);
  const inputPath = compileInputPath(state);
  return (scope) => {
    const value = find(inputPath ? withInput(scope, inputPath(scope)) : scope);
    if (typeof value === 'number' && (rule.type === 'float' || Number.isInteger(value))) return checked(value, rule);
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw runtimeFailure(`The ${name}Path field refers to value "${shown}" which is not a valid ${rule.type}: ${path}`);
  };
}

function checked(value: number, { problem }: NumberRule): number {
  const reason = problem(value);
  if (reason !== undefined) throw runtimeFailure(reason);
  return value;
}
