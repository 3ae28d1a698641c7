import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byteRange } from './byte-range.ts';
import { compareKeys, listKeys } from './listing.ts';
import { RequestRate } from './request-rate.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\u{ff5e}', '\u{1f600}'), minLength: 1, maxLength: 6 });

it('sorts keys by their bytes in UTF-8', () => {
  fc.assert(fc.property(key, key, (a, b) => Math.sign(compareKeys(a, b)) === Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))));
});

it('pages give each key and common prefix once, in order, however long they are', () => {
  const bucket = fc.uniqueArray(key, { maxLength: 30 }).map((keys) => keys.sort(compareKeys));
  fc.assert(
    fc.property(
      bucket,
      fc.constantFrom('', 'a', 'b/'),
      fc.constantFrom('', '/', 'b'),
      fc.integer({ min: 1, max: 7 }),
      (keys, prefix, delimiter, maxItems) => {
        const all = listKeys(keys, { prefix, delimiter, after: '', maxItems: keys.length + 1 });
        const pages = { keys: [] as string[], commonPrefixes: [] as string[] };
        for (let after: string | undefined = ''; after !== undefined; ) {
          const page = listKeys(keys, { prefix, delimiter, after, maxItems });
          expect(page.keys.length + page.commonPrefixes.length).toBeLessThanOrEqual(maxItems);
          pages.keys.push(...page.keys);
          pages.commonPrefixes.push(...page.commonPrefixes);
          after = page.next;
        }
        expect(pages).toEqual(all);
        const within = keys.filter((each) => each.startsWith(prefix));
        const grouped = within.filter((each) => delimiter !== '' && each.indexOf(delimiter, prefix.length) >= 0);
        expect(all.keys).toEqual(within.filter((each) => !grouped.includes(each)));
        expect(all.commonPrefixes.length).toBe(new Set(all.commonPrefixes).size);
        expect(grouped.every((each) => all.commonPrefixes.some((group) => each.startsWith(group)))).toBe(true);
      },
    ),
  );
});

it.each([
  ['bytes=0-4', 10, { first: 0, last: 4 }],
  ['bytes=5-', 10, { first: 5, last: 9 }],
  ['bytes=-3', 10, { first: 7, last: 9 }],
  ['bytes=-30', 10, { first: 0, last: 9 }],
  ['bytes=8-99', 10, { first: 8, last: 9 }],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=4-2', 10, undefined],
  ['bytes=0-1,3-4', 10, undefined],
  ['items=0-1', 10, undefined],
])('the range %s of %d bytes', (header, size, range) => {
  expect(byteRange(header, size)).toEqual(range);
});

it('a bucket takes so many writes and reads a second, each of its own', () => {
  const rate = new RequestRate(3, 5, 0);
  const taken = (kind: 'write' | 'read', nowMs: number) => Array.from({ length: 10 }, () => rate.take(kind, nowMs)).filter(Boolean).length;
  expect([taken('write', 0), taken('read', 0), taken('write', 0), taken('write', 1000), taken('read', 500)]).toEqual([3, 5, 0, 3, 2]);
});
