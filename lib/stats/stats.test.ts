import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binSecondsFor, TimeBins } from './bins.ts';
import { Distribution } from './distribution.ts';
import { Histogram, histogramRelativeError } from './histogram.ts';
import { minimumSamples, quantileOfSorted } from './quantile.ts';
import { LatencySeconds } from './seconds.ts';

describe('quantiles by nearest rank', () => {
  test('of 15 20 35 40 50: the textbook values', () => {
    const values = [15, 20, 35, 40, 50];
    expect([0.05, 0.3, 0.4, 0.5, 1].map((q) => quantileOfSorted(values, q))).toEqual([15, 20, 20, 35, 50]);
  });

  test('of 1..1000: p99 is 990, p50 is 500', () => {
    const distribution = new Distribution();
    for (let value = 1000; value >= 1; value--) distribution.add(value);
    expect([0.5, 0.9, 0.95, 0.99].map((q) => distribution.quantile(q))).toEqual([500, 900, 950, 990]);
    expect([distribution.count, distribution.max, distribution.mean]).toEqual([1000, 1000, 500.5]);
  });

  test('of none, one, and equal values', () => {
    const one = new Distribution();
    expect([one.quantile(0.5), one.mean, one.count, one.max]).toEqual([undefined, undefined, 0, 0]);
    one.add(7);
    expect([one.quantile(0.01), one.quantile(0.99)]).toEqual([7, 7]);
    for (let i = 0; i < 40_000; i++) one.add(7);
    expect([one.quantile(0.01), one.quantile(0.99), one.mean]).toEqual([7, 7, 7]);
  });

  test('p50, p90, p95, p99 and p99.9 need five samples beyond them', () => {
    expect([0.5, 0.9, 0.95, 0.99, 0.999].map(minimumSamples)).toEqual([10, 50, 100, 500, 5000]);
  });
});

const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 4_294_967_295 })), { minLength: 1, maxLength: 300 });

describe('histogram', () => {
  test('every quantile lies within the stated relative error of the exact one', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const histogram = new Histogram();
        for (const value of all) histogram.add(value);
        const exact = quantileOfSorted(Uint32Array.from(all).sort(), q) as number;
        expect(Math.abs((histogram.quantile(q) as number) - exact)).toBeLessThanOrEqual(exact * histogramRelativeError);
      }),
    );
  });

  test('on distributions made to fool it: edges of doublings, lumps, a tail a million times the median', () => {
    const edge = fc.integer({ min: 8, max: 31 }).chain((power) => fc.constantFrom(2 ** power - 1, 2 ** power, 2 ** power + 1, 1.5 * 2 ** power));
    const lump = fc.tuple(edge, fc.integer({ min: 1, max: 2_000 }));
    fc.assert(
      fc.property(fc.array(lump, { minLength: 1, maxLength: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), (lumps, q) => {
        const histogram = new Histogram();
        for (const [value, times] of lumps) histogram.add(value, times);
        const exact = quantileOfSorted(
          Float64Array.from(lumps.flatMap(([value, times]) => new Array<number>(times).fill(value))).sort(),
          q,
        ) as number;
        expect(Math.abs((histogram.quantile(q) as number) - exact)).toBeLessThanOrEqual(exact * histogramRelativeError);
      }),
    );
  });

  test('merging is commutative and associative, and nothing is a neutral element', () => {
    const of = (...parts: readonly (readonly number[])[]): Histogram => {
      const whole = new Histogram();
      for (const part of parts) {
        const own = new Histogram();
        for (const value of part) own.add(value);
        whole.merge(own);
      }
      return whole;
    };
    const merged = (left: Histogram, right: Histogram): Histogram => {
      left.merge(right);
      return left;
    };
    const shape = (histogram: Histogram): unknown[] => [
      histogram.count,
      ...[0, 0.1, 0.5, 0.9, 0.99, 1].map((q) => [histogram.quantile(q), histogram.smoothQuantile(q)]),
    ];
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const expected = shape(of([...a, ...b, ...c]));
        expect(shape(of(c, a, b))).toEqual(expected);
        expect(shape(merged(of(a), merged(of(b), of(c))))).toEqual(expected);
        expect(shape(merged(merged(of(a), of(b)), of(c)))).toEqual(expected);
        expect(shape(merged(of(a, b, c), new Histogram()))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('the smooth quantile rises with q and stays in the bucket of the quantile', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.001, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 1, noNaN: true }), (all, q, other) => {
        const histogram = new Histogram();
        for (const value of all) histogram.add(value);
        const rank = histogram.quantile(q) as number;
        expect(Math.abs(histogram.smoothQuantile(q) - rank)).toBeLessThanOrEqual(0.5 + rank * histogramRelativeError);
        const [low, high] = [Math.min(q, other), Math.max(q, other)];
        expect(histogram.smoothQuantile(low)).toBeLessThanOrEqual(histogram.smoothQuantile(high));
      }),
    );
    const one = new Histogram();
    one.add(7);
    expect([-0.1, 0, 0.5, 1, 1.1].map((q) => one.smoothQuantile(q))).toEqual([Number.NEGATIVE_INFINITY, 6.5, 7, 7.5, Number.POSITIVE_INFINITY]);
  });

  test('values below 512 are exact', () => {
    for (const value of [0, 1, 255, 256, 511]) {
      const histogram = new Histogram();
      histogram.add(value, 3);
      expect(histogram.quantile(0.5)).toBe(value);
    }
  });

  test('merging gives what adding everything to one gives', () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const [a, b, both] = [new Distribution(), new Distribution(), new Distribution()];
        for (const value of left) a.add(value);
        for (const value of right) b.add(value);
        for (const value of [...left, ...right]) both.add(value);
        a.merge(b);
        expect([a.count, a.max, a.quantile(0.5), a.quantile(0.99)]).toEqual([both.count, both.max, both.quantile(0.5), both.quantile(0.99)]);
      }),
    );
  });

  test('a distribution too large to be exact keeps the stated error, and merges either way', () => {
    const [large, small] = [new Distribution(), new Distribution()];
    for (let i = 1; i <= 100_000; i++) (i % 10 === 0 ? small : large).add(i * 10);
    small.merge(large);
    expect(small.count).toBe(100_000);
    expect(Math.abs((small.quantile(0.99) as number) / 990_000 - 1)).toBeLessThanOrEqual(histogramRelativeError);
  });
});

describe('latencies by second', () => {
  const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 5_000 })), { minLength: 1, maxLength: 200 });
  const of = (all: readonly (readonly [number, number])[]): LatencySeconds => {
    const seconds = new LatencySeconds(5);
    for (const [second, value] of all) seconds.add(second, value);
    return seconds;
  };

  test('what lies above a quantile adds up to its share, and to no more than a second has', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (all, q) => {
        const seconds = of(all);
        const above = seconds.above(q);
        expect(above.reduce((sum, part) => sum + part, 0)).toBeCloseTo((1 - q) * all.length, 9);
        expect(seconds.counts().every((count, second) => (above[second] as number) <= count + 1e-12)).toBe(true);
      }),
    );
  });

  test('merging gives what adding everything to one gives; what lies outside is not counted', () => {
    fc.assert(
      fc.property(samples, samples, (left, right) => {
        const merged = of(left);
        merged.merge(of(right));
        const whole = of([...left, ...right, [-1, 1], [5, 1]]);
        expect([merged.count, merged.counts(), merged.above(0.9)]).toEqual([whole.count, whole.counts(), whole.above(0.9)]);
      }),
    );
  });
});

test('time bins keep what lies inside, by start', () => {
  const bins = new TimeBins(1000, 4000, 1);
  bins.add(999, 1, false);
  bins.add(1000, 10, false);
  bins.add(1999, 30, true);
  bins.add(3500, 20, false);
  bins.add(4000, 1, false);
  expect(bins.series((bin) => bin && [bin.count, bin.failed, bin.latency.max])).toEqual([
    { atMs: 1000, value: [2, 1, 30] },
    { atMs: 2000, value: undefined },
    { atMs: 3000, value: [1, 0, 20] },
  ]);
  expect([binSecondsFor(360_000, 2000), binSecondsFor(2_000_000, 2000), binSecondsFor(2_001_000, 2000)]).toEqual([1, 1, 2]);
});
