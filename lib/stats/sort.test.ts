import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantileOfSorted } from './quantile.ts';
import { sortWhole } from './sort.ts';
import { quantileOfSortedParts } from './sorted-parts.ts';

const numbers = (maxLength: number, max: number) => fc.uint32Array({ minLength: 0, maxLength, max });

test('sorts as the engine does, few numbers and many, small ones and those of 32 bits', () => {
  fc.assert(
    fc.property(fc.oneof(numbers(40, 0xffff_ffff), numbers(2_000, 0xffff_ffff), numbers(2_000, 3_000)), (values) => {
      const sorted = values.slice();
      sortWhole(sorted);
      expect(sorted).toEqual(values.slice().sort());
    }),
    { numRuns: 60 },
  );
  const most = Uint32Array.from({ length: 1_000 }, (_, i) => (i % 2 ? 0xffff_ffff - i : i));
  sortWhole(most);
  expect([most[0], most[499], most[500], most[999]]).toEqual([0, 998, 0xffff_ffff - 999, 0xffff_ffff - 1]);
});

test('a quantile of sorted parts is that of all their values', () => {
  fc.assert(
    fc.property(fc.array(numbers(30, 1_000), { maxLength: 6 }), fc.constantFrom(0.01, 0.5, 0.95, 0.99), (parts, q) => {
      for (const part of parts) sortWhole(part);
      const all = Uint32Array.from(parts.flatMap((part) => [...part])).sort();
      expect(quantileOfSortedParts(parts, q)).toBe(quantileOfSorted(all, q));
    }),
    { numRuns: 100 },
  );
});
