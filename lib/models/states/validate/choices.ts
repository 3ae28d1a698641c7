import { operatorNames } from '../compile/choice-rule.ts';
import { comparisons, typeTests } from '../compile/comparison.ts';
import { isArray, isObject, type JsonObject } from '../json.ts';
import { isJsonPath } from '../paths/expression.ts';
import { isExpression } from '../query/jsonata.ts';
import type { Json } from '../types.ts';
import { checkExpression } from './expressions.ts';
import { fields, type StatePlace } from './fields.ts';
import type { Findings } from './findings.ts';
import { checkValue } from './values.ts';

const selectors = ['And', 'Or', 'Not', 'Variable', 'Condition'];

/** The rules of a Choice. */
export function checkChoices(findings: Findings, choices: Json | undefined, place: StatePlace): undefined {
  const at = `${place.at}/Choices`;
  if (!isArray(choices)) return findings.schema('Expected value of type Array', at);
  if (choices.length === 0) return findings.schema('Value cannot be empty', at);
  for (const [i, rule] of choices.entries()) {
    if (isObject(rule)) checkTopRule(findings, rule, `${at}[${i}]`, place);
    else findings.schema('Expected value of type Object', `${at}[${i}]`);
  }
}

function checkTopRule(findings: Findings, rule: JsonObject, at: string, place: StatePlace): undefined {
  if (typeof rule['Next'] !== 'string') findings.schema('These fields are required: [Next]', at);
  for (const name of ['Assign', 'Output']) {
    const { check, only } = fields[name] as (typeof fields)[string];
    if (rule[name] === undefined) continue;
    if (only !== undefined && only !== place.language) findings.schema(wrongLanguage(name, only, place.language), at);
    else checkValue(findings, check, rule[name], `${at}/${name}`, place.language);
  }
  const { Next: _next, Assign: _assign, Output: _output, Comment: _comment, ...test } = rule;
  if (place.language === 'JSONata') checkCondition(findings, test, at);
  else checkTest(findings, test, at);
}

function checkCondition(findings: Findings, test: JsonObject, at: string): undefined {
  const { Condition: condition, ...rest } = test;
  for (const name of Object.keys(rest)) {
    const isKnown = selectors.includes(name) || operatorNames.has(name);
    findings.schema(isKnown ? wrongLanguage(name, 'JSONPath', 'JSONata') : `Field '${name}' is not supported`, at);
  }
  if (condition === undefined) findings.schema('These fields are required: [Condition]', at);
  else if (isExpression(condition)) checkExpression(findings, condition, `${at}/Condition`);
  else if (typeof condition !== 'boolean') findings.schema('Expected value of type JSONata expression', `${at}/Condition`);
}

export function wrongLanguage(field: string, only: string, language: string): string {
  return `The QueryLanguage is set to '${language}', but field '${field}' is only supported for the '${only}' QueryLanguage`;
}

function checkTest(findings: Findings, test: JsonObject, at: string): undefined {
  if (test['Condition'] !== undefined) return findings.schema(wrongLanguage('Condition', 'JSONata', 'JSONPath'), at);
  const used = selectors.filter((name) => test[name] !== undefined);
  const [selector] = used;
  if (used.length !== 1 || selector === undefined) {
    return findings.schema('The object must have only one of the following fields, [And, Or, Not, Variable, Condition]', at);
  }
  if (selector === 'Variable') return checkOperators(findings, test, at);
  for (const name of Object.keys(test)) if (name !== selector) findings.schema(`Field '${name}' is not supported`, at);
  const inner = test[selector] as Json;
  if (selector === 'Not') return checkNested(findings, inner, `${at}/Not`);
  if (!isArray(inner)) return findings.schema('Expected value of type Array', `${at}/${selector}`);
  if (inner.length === 0) findings.schema('Value cannot be empty', `${at}/${selector}`);
  for (const [i, each] of inner.entries()) checkNested(findings, each, `${at}/${selector}[${i}]`);
}

function checkNested(findings: Findings, rule: Json, at: string): undefined {
  if (!isObject(rule)) return findings.schema('Expected value of type Object', at);
  const { Comment: _comment, Next: next, ...test } = rule;
  if (next !== undefined) findings.schema("Field 'Next' is not supported", at);
  checkTest(findings, test, at);
}

function checkOperators(findings: Findings, test: JsonObject, at: string): undefined {
  const { Variable: variable, ...rest } = test;
  if (typeof variable !== 'string' || !isJsonPath(variable)) findings.schema(notAPath(variable), `${at}/Variable`);
  const names = Object.keys(rest);
  for (const name of names) if (!operatorNames.has(name)) findings.schema(`Field '${name}' is not supported`, at);
  const operators = names.filter((name) => operatorNames.has(name));
  if (operators.length > 1) findings.schema(`There should only be one of the following fields: [${operators.join(', ')}]`, at);
  if (operators.length === 0) findings.schema(`This object should have only one of the following fields: [${[...operatorNames].join(', ')}]`, at);
  for (const name of operators) checkOperand(findings, name, rest[name] as Json, `${at}/${name}`);
}

function notAPath(variable: Json | undefined): string {
  const startsRight = typeof variable === 'string' && variable.startsWith('$');
  return startsRight ? 'Value is not a Reference Path' : "Value is not a Reference Path: Reference path didn't start with '$'";
}

function checkOperand(findings: Findings, name: string, operand: Json, at: string): undefined {
  if (name === 'IsPresent' || typeTests.has(name) || name === 'BooleanEquals')
    return checkValue(findings, { kind: 'boolean' }, operand, at, 'JSONPath');
  if (!comparisons.has(name) && name !== 'StringMatches') return checkValue(findings, { kind: 'path' }, operand, at, 'JSONPath');
  if (name.startsWith('Timestamp')) return checkValue(findings, { kind: 'timestamp' }, operand, at, 'JSONPath');
  if (!name.startsWith('Numeric')) return checkValue(findings, { kind: 'text' }, operand, at, 'JSONPath');
  if (typeof operand !== 'number') findings.schema('Expected value of type Number', at);
}
