import { expect, it } from 'vitest';
import { seededRng } from '../../core/rng.ts';
import { SortOrder } from './sort-order.ts';

const order = (keys: readonly object[]): boolean => {
  const sortOrder = new SortOrder();
  for (const key of keys) sortOrder.wrote(key);
  return sortOrder.grows;
};

it('tells keys that grow, with some out of turn, from keys in any order', () => {
  const rng = seededRng('order');
  const times = Array.from({ length: 500 }, (_, i) => i + (i % 10 === 0 ? -3 : 0));
  expect(order(times.map((at) => ({ N: String(at) })))).toBe(true);
  expect(order(times.map((at) => ({ S: `2026-11-24T00:00:00.${String(at + 100).padStart(6, '0')}Z` })))).toBe(true);
  expect(order(times.map(() => ({ S: rng.hex(8) })))).toBe(false);
  expect(order(times.map(() => ({ S: 'same' })))).toBe(false);
  expect(order(times.slice(0, 50).map((at) => ({ N: String(at) })))).toBe(false);
});
