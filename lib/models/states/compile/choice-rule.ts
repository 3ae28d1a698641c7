import { runtimeFailure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import { compileFind, compilePathField } from '../paths/expression.ts';
import { parseJsonPath } from '../paths/json-path.ts';
import type { SyncEvaluator } from '../scope.ts';
import type { Json } from '../types.ts';
import { type Comparison, comparisons, compileGlob, typeTests } from './comparison.ts';

/** Whether a rule of a JSONPath Choice matches the input. */
export function compileRule(rule: JsonObject): SyncEvaluator<boolean> {
  if (rule['And'] !== undefined) return every((rule['And'] as readonly JsonObject[]).map(compileRule));
  if (rule['Or'] !== undefined) return some((rule['Or'] as readonly JsonObject[]).map(compileRule));
  if (rule['Not'] !== undefined) {
    const inner = compileRule(rule['Not'] as JsonObject);
    return (scope) => !inner(scope);
  }
  return compileTest(rule);
}

function every(rules: readonly SyncEvaluator<boolean>[]): SyncEvaluator<boolean> {
  return (scope) => rules.every((rule) => rule(scope));
}

function some(rules: readonly SyncEvaluator<boolean>[]): SyncEvaluator<boolean> {
  return (scope) => rules.some((rule) => rule(scope));
}

function compileTest(rule: JsonObject): SyncEvaluator<boolean> {
  const variable = rule['Variable'] as string;
  const find = compileFind(parseJsonPath(variable));
  const [operator, operand] = Object.entries(rule).find(([name]) => operatorNames.has(name)) as [string, Json];
  if (operator === 'IsPresent') return (scope) => (find(scope) !== undefined) === operand;
  const test = compileOperator(operator, operand);
  return (scope) => {
    const value = find(scope);
    if (value === undefined) throw runtimeFailure(`Invalid path '${variable}': The choice state's condition path references an invalid value.`);
    return test(value)(scope);
  };
}

function compileOperator(operator: string, operand: Json): (value: Json) => SyncEvaluator<boolean> {
  const isType = typeTests.get(operator);
  if (isType) return (value) => () => isType(value) === operand;
  if (operator === 'StringMatches') {
    const glob = compileGlob(String(operand));
    return (value) => () => typeof value === 'string' && glob.test(value);
  }
  const direct = comparisons.get(operator);
  if (direct) return (value) => () => direct(value, operand);
  const compare = comparisons.get(operator.slice(0, -'Path'.length)) as Comparison;
  const other = compilePathField(String(operand));
  return (value) => (scope) => compare(value, other(scope));
}

/** Every operator that a rule may use besides And, Or and Not. */
export const operatorNames: ReadonlySet<string> = new Set([
  'IsPresent',
  'StringMatches',
  ...typeTests.keys(),
  ...[...comparisons.keys()].flatMap((name) => [name, `${name}Path`]),
]);
