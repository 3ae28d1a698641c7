import { expect, it } from 'vitest';
import { virtualClock } from '../../../core/clock.ts';
import { createMetricStore } from './store.ts';

it('gives one series for the same dimensions in any order, and another for another unit', () => {
  const store = createMetricStore(virtualClock());
  const series = store.series('n', 'm', { a: '1', b: '2' }, 'Count');
  expect(store.series('n', 'm', { b: '2', a: '1' }, 'Count')).toBe(series);
  store.series('n', 'm', { a: '1', b: '2' }, 'None');
  expect(store.find('n', 'm', { b: '2', a: '1' })).toHaveLength(2);
  expect(store.find('n', 'm', { a: '1' })).toEqual([]);
  expect(series.lastAddedMs).toBe(Number.NEGATIVE_INFINITY);
});

it('takes values out of order and drops what is older than 15 days', async () => {
  const clock = virtualClock(1_700_000_040_000);
  const series = createMetricStore(clock).series('n', 'm', {}, 'None');
  const dayMs = 86_400_000;
  for (let minute = 0; minute < 600; minute++) series.add(1, clock.now() - minute * 60_000);
  series.add(5, clock.now() - 60_000);
  const all = series.buckets(0, Number.POSITIVE_INFINITY, 60);
  expect([all.length, all.at(-1)?.sum, all.at(-2)?.sum]).toEqual([600, 1, 6]);
  expect(all.every((bucket, index) => index === 0 || bucket.startMs > all[index - 1]!.startMs)).toBe(true);
  await clock.advance(15 * dayMs);
  series.add(1);
  expect(series.buckets(0, Number.POSITIVE_INFINITY, 60).length).toBeLessThanOrEqual(2);
});
