import { timestampMs } from '../compile/comparison.ts';
import { compileIntrinsic, looksIntrinsic } from '../intrinsics/parse.ts';
import { isArray, isObject } from '../json.ts';
import { isJsonPath, isOnePath, isResultPath } from '../paths/expression.ts';
import { PathSyntaxError } from '../paths/scanner.ts';
import { isExpression } from '../query/jsonata.ts';
import type { Json } from '../types.ts';
import { checkExpression } from './expressions.ts';
import type { FieldKind, QueryLanguage } from './fields.ts';
import type { Findings } from './findings.ts';

/** Checks the value of one field; `at` is where it stands. */
export function checkValue(findings: Findings, check: FieldKind, value: Json, at: string, language: QueryLanguage): undefined {
  if (language === 'JSONata' && isExpression(value) && check.kind !== 'own') return checkExpression(findings, value, at);
  switch (check.kind) {
    case 'text':
      return expectType(findings, typeof value === 'string', 'String', at);
    case 'boolean':
      return expectType(findings, typeof value === 'boolean', 'Boolean', at);
    case 'object':
      return expectType(findings, isObject(value), 'Object', at);
    case 'integer':
      return checkInteger(findings, value, check.least, check.most, at);
    case 'path':
      return checkPath(findings, value, at, isJsonPath, 'Value must be a valid JSONPath.');
    case 'one-path':
      return checkPath(findings, value, at, isOnePath, 'Value is not a Reference Path');
    case 'result-path':
      return checkPath(findings, value, at, isResultPath, 'Value is not a Reference Path');
    case 'reference':
      if (typeof value !== 'string' || !isReference(value)) findings.schema(notAReference(at.slice(at.lastIndexOf('/') + 1)), at);
      return;
    case 'template':
      return checkTemplate(findings, value, at, language);
    case 'variables':
      checkVariableNames(findings, value, at);
      return checkTemplate(findings, value, at, language);
    case 'timestamp':
      if (timestampMs(value) === undefined) findings.schema('String does not match RFC3339 timestamp', at);
      return;
    case 'percentage':
      if (typeof value === 'number') checkRange(findings, value, 0, 100, at);
      else findings.schema('Expected value of type Number', at);
      return;
    case 's3':
      return findings.schema(`Field '${at.slice(at.lastIndexOf('/') + 1)}' works with Amazon S3, which is not supported here`, at);
    case 'any':
    case 'own':
  }
}

function expectType(findings: Findings, holds: boolean, type: string, at: string): undefined {
  if (!holds) findings.schema(`Expected value of type ${type}`, at);
}

export function checkInteger(findings: Findings, value: Json, least: number, most: number, at: string): undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) findings.schema('Expected value of type Integer', at);
  else checkRange(findings, value, least, most, at);
}

export function checkRange(findings: Findings, value: number, least: number, most: number, at: string): undefined {
  if (value < least) findings.schema(`Minimum value is ${least}`, at);
  else if (value > most) findings.schema(`Maximum value is ${most}`, at);
}

function checkPath(findings: Findings, value: Json, at: string, isIt: (text: string) => boolean, message: string): undefined {
  const mayBeNull = /\/(?:InputPath|OutputPath|ResultPath)$/.test(at);
  if (value === null && mayBeNull) return;
  if (typeof value !== 'string') findings.schema('Expected value of type String', at);
  else if (!isIt(value)) findings.schema(message, at);
}

/** Payload templates of both languages: references of JSONPath (`.$`), expressions of JSONata. */
function checkTemplate(findings: Findings, value: Json, at: string, language: QueryLanguage): undefined {
  if (language === 'JSONata') return checkExpressions(findings, value, at);
  checkReferences(findings, value, at);
}

function checkVariableNames(findings: Findings, value: Json, at: string): undefined {
  if (!isObject(value)) return findings.schema('Expected value of type Object', at);
  for (const key of Object.keys(value)) {
    const name = key.replace(/\.\$$/, '');
    if (name === 'states') findings.error('RESERVED_VARIABLE_NAME', "Cannot assign to reserved variable '$states'.", at);
    else if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      findings.error('INVALID_VARIABLE_NAME', `Invalid variable name '${name}': the variable name contains invalid characters.`, at);
    }
  }
}

function checkExpressions(findings: Findings, value: Json, at: string): undefined {
  if (typeof value === 'string' && value.startsWith('{%')) {
    if (isExpression(value)) return checkExpression(findings, value, at);
    return findings.schema('JSONata string must start with {% and end with %}', at);
  }
  if (isArray(value)) for (const [i, item] of value.entries()) checkExpressions(findings, item, `${at}[${i}]`);
  else if (isObject(value)) for (const [name, member] of Object.entries(value)) checkExpressions(findings, member, `${at}/${name}`);
}

function checkReferences(findings: Findings, value: Json, at: string): undefined {
  if (isArray(value)) for (const item of value) checkReferences(findings, item, at);
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (!name.endsWith('.$')) {
      if (typeof member === 'string' && /^(\$\.|\$\$\.|States\.[A-Z][A-Za-z0-9]+\()/.test(member) && isReference(member)) {
        findings.warning('NO_DOLLAR', `The field '${name}' looks like a JSONPath or intrinsic function but its name does not end with '.$'`, at);
      }
      checkReferences(findings, member, at);
    } else if (typeof member !== 'string' || !isReference(member)) findings.schema(notAReference(name), at);
  }
}

function notAReference(field: string): string {
  return `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`;
}

function isReference(text: string): boolean {
  if (!looksIntrinsic(text)) return isJsonPath(text);
  try {
    compileIntrinsic(text);
    return true;
  } catch (error) {
    if (error instanceof PathSyntaxError) return false;
    throw error;
  }
}
