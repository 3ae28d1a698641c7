import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type KeyRange, SortedStore } from './sorted-store.ts';
import { Tally } from './tally.ts';

const key = fc
  .tuple(fc.constantFrom('aa', 'bb'), fc.constantFrom('1', '2', '3'), fc.constantFrom('', 'x/', 'y/', 'z/'))
  .map(([prefix, hash, rest]) => `${prefix}/${hash}/${rest}`);
const change = fc.record({ key, put: fc.boolean() });

function read(store: SortedStore, range: KeyRange): Promise<string[]> {
  return new Promise((resolve) => {
    const keys: string[] = [];
    store
      .createKeyStream(range)
      .on('data', (each) => keys.push(String(each)))
      .on('end', () => resolve(keys));
  });
}

function expected(keys: Iterable<string>, { gt, gte, lt, lte, reverse, limit = -1 }: KeyRange): string[] {
  const within = [...keys].sort().filter((each) => !(gt !== undefined && each <= gt) && !(gte !== undefined && each < gte));
  const range = within.filter((each) => !(lt !== undefined && each >= lt) && !(lte !== undefined && each > lte));
  if (reverse) range.reverse();
  return limit < 0 ? range : range.slice(0, limit);
}

it('reads ranges in key order, whatever was put and deleted in between', async () => {
  const ranges: KeyRange[] = [
    {},
    { gte: 'aa/1/', lt: 'aa/1/~' },
    { gt: 'aa/2/x/', lt: 'aa/2/~' },
    { gte: 'bb/3/', lte: 'bb/3/y/~', reverse: true, limit: 2 },
    { gt: 'aa/3/y/', limit: 3 },
    { gt: 'aa', lt: 'ab~' },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 80 }), { maxLength: 4 }), async (rounds) => {
      const store = new SortedStore(() => undefined);
      const keys = new Set<string>();
      for (const changes of rounds) {
        for (const each of changes) {
          if (each.put) store.put(each.key, {}, () => keys.add(each.key));
          else store.del(each.key, () => keys.delete(each.key));
        }
        for (const range of ranges) expect(await read(store, range)).toEqual(expected(keys, range));
      }
      expect(store.count).toBe(keys.size);
    }),
    { numRuns: 60 },
  );
});

it('lets go of the keys of what was deleted, scanned or not', async () => {
  const store = new SortedStore(() => undefined);
  const done = (): void => undefined;
  const named = (i: number): string => `${i % 7}/${i}/`;
  for (let i = 0; i < 1000; i++) store.put(named(i), {}, done);
  expect((await read(store, {})).length).toBe(1000);
  for (let i = 0; i < 5000; i++) {
    store.del(named(i), done);
    store.put(named(i + 1000), {}, done);
    expect(store.remembered).toBeLessThanOrEqual(2 * store.count + 16);
  }
  expect(await read(store, {})).toEqual([...Array(1000).keys()].map((i) => named(i + 5000)).sort());
  for (let i = 5000; i < 6000; i++) store.del(named(i), done);
  expect([store.count, await read(store, {})]).toEqual([0, []]);
  expect(store.remembered).toBeLessThanOrEqual(16);
});

it('counts what the running call reads and writes, and an index entry only where it changes', () => {
  const tally = new Tally(false);
  const items = new SortedStore(() => tally, { table: 't' });
  const index = new SortedStore(() => tally, { table: 't', index: { name: 'i', kind: 'global' } });
  const done = (): void => undefined;
  items.put('a/1/', { id: { S: 'a' }, text: { S: 'x'.repeat(100) } }, done);
  items.get('a/1/', done);
  items.get('a/2/', done);
  items.del('a/1/', done);
  for (const text of ['x', 'x', 'yy']) index.put('a/1/', { t: { S: text } }, done);
  expect(tally.gets.map(({ bytes }) => bytes)).toEqual([107, 0]);
  expect(tally.writes.map(({ source, oldBytes, newBytes }) => [source.index?.name, oldBytes, newBytes])).toEqual([
    [undefined, 0, 107],
    [undefined, 107, 0],
    ['i', 0, 2],
    ['i', 2, 3],
  ]);
  expect(items.bytes).toBe(0);
});
