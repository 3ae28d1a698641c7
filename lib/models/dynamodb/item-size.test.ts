import { expect, it } from 'vitest';
import { itemBytes } from './item-size.ts';
import { readUnits, type UnitRules, writeUnits } from './units.ts';

it.each([
  ['a name and a string, in UTF-8', { id: { S: 'a' }, größe: { S: 'é' } }, 2 + 1 + 7 + 2],
  ['numbers by their digits', { n: { N: '0' }, m: { N: '-12.50' }, l: { N: '123456' } }, 1 + 1 + 1 + (2 + 1 + 1) + 1 + (3 + 1)],
  ['raw bytes of binary values', { b: { B: Buffer.from([1, 2, 3, 4]).toString('base64') } }, 1 + 4],
  ['one byte for booleans and nulls', { t: { BOOL: true }, z: { NULL: true } }, 2 + 2],
  ['sets by their members', { s: { SS: ['ab', 'c'] }, n: { NS: ['1', '22'] } }, 1 + 3 + 1 + 4],
  ['documents with their overhead', { l: { L: [{ S: 'ab' }] }, m: { M: { k: { S: 'v' } } } }, 1 + 3 + 1 + 2 + 1 + 3 + 1 + 2],
])('an item counts %s', (_what, item, bytes) => {
  expect(itemBytes(item)).toBe(bytes);
});

const rules: UnitRules = { readUnitBytes: 4096, writeUnitBytes: 1024, eventualFactor: 0.5, transactionFactor: 2 };

it('rounds up to whole units: 4 KB read, 1 KB written', () => {
  expect([0, 1, 4096, 4097, 8192].map((bytes) => readUnits(rules, bytes, 'strong'))).toEqual([1, 1, 1, 2, 2]);
  expect([0, 1, 1024, 1025, 3000].map((bytes) => writeUnits(rules, bytes))).toEqual([1, 1, 1, 2, 3]);
});

it('charges half for eventual reads and double for transactions', () => {
  expect([4096, 4097].map((bytes) => readUnits(rules, bytes, 'eventual'))).toEqual([0.5, 1]);
  // AWS's own example: 3 KB written cost 3 units, 6 in a transaction; 8 KB read strongly cost 2.
  expect([writeUnits(rules, 3072), writeUnits(rules, 3072, true), readUnits(rules, 8192, 'strong')]).toEqual([3, 6, 2]);
  expect(readUnits(rules, 8192, 'transactional')).toBe(4);
});
