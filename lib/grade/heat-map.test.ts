import { describe, expect, it } from 'vitest';
import { TimeBins } from '../stats/bins.ts';
import { heatMapOf } from './heat-map.ts';

/** Bins of a second each, from the latencies in ms of each second. */
function binsOf(seconds: readonly (readonly number[])[]): TimeBins {
  const bins = new TimeBins(60_000, 60_000 + seconds.length * 1000, 1);
  seconds.forEach((latencies, second) => {
    for (const ms of latencies) bins.add(60_000 + second * 1000, ms * 1000, false);
  });
  return bins;
}

describe('a heat map', () => {
  it('counts each request in its span of time and its row', () => {
    const map = heatMapOf(binsOf([[10, 10.1, 99.9], [], [100, 12]]));
    expect(map).toMatchObject({ startMs: 60_000, columnSec: 1 });
    expect(map?.edgesMs.slice(0, 3)).toEqual([10, 11.2202, 12.5893]);
    expect(map?.edgesMs.slice(-2)).toEqual([100, 112.202]);
    const rows = (column: number) => map?.counts[column]?.flatMap((count, row) => (count > 0 ? [[map.edgesMs[row], count]] : []));
    expect([rows(0), rows(1), rows(2)]).toEqual([
      [
        [10, 2],
        [89.1251, 1],
      ],
      [],
      [
        [11.2202, 1],
        [100, 1],
      ],
    ]);
  });

  it('has bounds, keeps every request and every power of ten as an edge, whatever the length and the spread', () => {
    const latencies = [0.001, 0.5, 7, 70, 9_000, 4_200_000];
    const map = heatMapOf(binsOf(Array.from({ length: 1_000 }, (_, second) => [latencies[second % latencies.length] as number])));
    expect(map?.counts.length).toBe(250);
    expect(map?.columnSec).toBe(4);
    expect(map?.edgesMs.length).toBeLessThanOrEqual(41);
    expect(map?.edgesMs).toEqual(expect.arrayContaining([0.001, 0.01, 1, 10, 1_000, 1_000_000]));
    expect(map?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(1_000);
  });

  it('has columns that fit into minutes, where that costs no more than half of them', () => {
    const columnSec = (seconds: number) => heatMapOf(binsOf(Array.from({ length: seconds }, () => [5])))?.columnSec;
    expect([300, 301, 2_000, 2_101].map(columnSec)).toEqual([1, 2, 10, 10]);
  });

  it('counts to within a bucket where a second has too many requests to keep each', () => {
    const map = heatMapOf(binsOf([Array.from({ length: 20_000 }, (_, index) => (index % 4 === 0 ? 300 : 20))]));
    expect(map?.counts[0]?.filter((count) => count > 0)).toEqual([15_000, 5_000]);
  });

  it('is absent where no request tells how long it took', () => {
    expect(heatMapOf(binsOf([[], [0]]))).toBeUndefined();
  });
});
