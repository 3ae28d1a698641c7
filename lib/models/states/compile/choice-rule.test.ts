import { expect, test } from 'vitest';
import { seededRng } from '../../../core/rng.ts';
import type { JsonObject } from '../json.ts';
import type { Json } from '../types.ts';
import { compileRule } from './choice-rule.ts';

function matches(rule: JsonObject, input: Json): boolean {
  return compileRule(rule)({ input, variables: {}, context: () => ({}), nowMs: 0, rng: seededRng('x') });
}

const input = { s: 'order-7', n: 7, t: '2026-01-01T00:00:00Z', later: '2026-01-01T01:00:00.5+01:00', b: true, nul: null, o: { s: 'order-7' } };

test.each<[string, string, Json, boolean]>([
  ['$.s', 'StringEquals', 'order-7', true],
  ['$.s', 'StringEqualsPath', '$.o.s', true],
  ['$.s', 'StringLessThan', 'order-8', true],
  ['$.s', 'StringGreaterThanEquals', 'order-70', false],
  ['$.s', 'StringMatches', 'order-*', true],
  ['$.s', 'StringMatches', '*-\\*', false],
  ['$.s', 'StringMatches', 'o*d*7', true],
  ['$.n', 'NumericEquals', 7, true],
  ['$.n', 'NumericLessThanEquals', 7, true],
  ['$.n', 'NumericGreaterThan', 7, false],
  ['$.s', 'NumericEquals', 7, false],
  ['$.n', 'StringEquals', '7', false],
  ['$.t', 'TimestampLessThan', '2026-01-01T00:00:00.001Z', true],
  ['$.t', 'TimestampLessThanPath', '$.later', true],
  ['$.t', 'TimestampEquals', '2026-01-01T02:00:00+02:00', true],
  ['$.s', 'TimestampEquals', '2026-01-01T00:00:00Z', false],
  ['$.b', 'BooleanEquals', true, true],
  ['$.b', 'BooleanEqualsPath', '$.b', true],
  ['$.nul', 'IsNull', true, true],
  ['$.n', 'IsNull', false, true],
  ['$.gone', 'IsPresent', false, true],
  ['$.nul', 'IsPresent', true, true],
  ['$.n', 'IsNumeric', true, true],
  ['$.s', 'IsString', false, false],
  ['$.b', 'IsBoolean', true, true],
  ['$.t', 'IsTimestamp', true, true],
  ['$.s', 'IsTimestamp', true, false],
])('%s %s %j: %s', (variable, operator, operand, expected) => {
  expect(matches({ Variable: variable, [operator]: operand }, input)).toBe(expected);
  expect(matches({ Not: { Variable: variable, [operator]: operand } }, input)).toBe(!expected);
});

test('And and Or look no further than they must', () => {
  const gone = { Variable: '$.gone', IsNull: true };
  const present = { Variable: '$.gone', IsPresent: true };
  expect(matches({ And: [present, gone] }, input)).toBe(false);
  expect(matches({ Or: [{ Not: present }, gone] }, input)).toBe(true);
  expect(() => matches(gone, input)).toThrow('references an invalid value');
});
