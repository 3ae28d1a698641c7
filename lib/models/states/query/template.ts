import { compileIntrinsic, looksIntrinsic } from '../intrinsics/parse.ts';
import { isArray, isObject, type JsonObject } from '../json.ts';
import { compileNamedPath } from '../paths/expression.ts';
import type { Scope, SyncEvaluator } from '../scope.ts';
import type { Json } from '../types.ts';

/** A payload template of JSONPath: members whose name ends in `.$` are replaced by what their path or intrinsic call gives. */
export function compileTemplate(template: Json): SyncEvaluator {
  if (!isDynamic(template)) return () => template;
  if (isArray(template)) return compileList(template);
  return compileMembers(template as JsonObject);
}

/** The value of a `.$` member: a JSONPath, or a call of an intrinsic function. */
export function compileReference(text: string, field: string): SyncEvaluator {
  return looksIntrinsic(text) ? compileIntrinsic(text) : compileNamedPath(text, field);
}

function isDynamic(template: Json): boolean {
  if (isArray(template)) return template.some(isDynamic);
  return isObject(template) && Object.entries(template).some(([name, value]) => name.endsWith('.$') || isDynamic(value));
}

function compileList(template: readonly Json[]): SyncEvaluator {
  const items = template.map(compileTemplate);
  return (scope) => items.map((item) => item(scope));
}

function compileMembers(template: JsonObject): SyncEvaluator {
  const names: string[] = [];
  const values: ((scope: Scope) => Json)[] = [];
  for (const [name, value] of Object.entries(template)) {
    const isReference = name.endsWith('.$');
    names.push(isReference ? name.slice(0, -2) : name);
    values.push(isReference ? compileReference(String(value), name) : compileTemplate(value));
  }
  return (scope) => {
    const result: { [name: string]: Json } = {};
    for (let i = 0; i < names.length; i++) result[names[i] as string] = (values[i] as (scope: Scope) => Json)(scope);
    return result;
  };
}
