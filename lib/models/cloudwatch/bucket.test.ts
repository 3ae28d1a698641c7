import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bucket } from './bucket.ts';
import { exactValues, relativeError } from './distribution.ts';
import { aggregate, isPeriod } from './periods.ts';
import { percentOf, statisticNamed } from './statistics.ts';

const bucketOf = (values: readonly number[], startMs = 0): Bucket => {
  const bucket = new Bucket(startMs);
  for (const value of values) bucket.add(value);
  return bucket;
};
const read = (bucket: Bucket, name: string): number | undefined => statisticNamed(name)?.(bucket);
const nearestRank = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1]!;
};

describe('Bucket', () => {
  it('answers CloudWatch statistics', () => {
    const bucket = bucketOf([10, 20, 30, 40]);
    expect(['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum', 'p50', 'p75', 'p99.9', 'p100'].map((name) => read(bucket, name))).toEqual([
      4, 100, 25, 10, 40, 20, 30, 40, 40,
    ]);
  });

  it('keeps counts of equal values exact without a distribution', () => {
    const bucket = bucketOf([]);
    bucket.add(1, 100_000);
    expect(read(bucket, 'p99')).toBe(1);
    expect(bucket.sum).toBe(100_000);
  });

  it('gives no percentile over a statistic set that hides its values, or over negative ones', () => {
    const set = new Bucket(0);
    set.addSet({ sampleCount: 3, sum: 9, minimum: 1, maximum: 5 });
    expect([read(set, 'p50'), read(set, 'Average')]).toEqual([undefined, 3]);
    const equal = new Bucket(0);
    equal.addSet({ sampleCount: 3, sum: 9, minimum: 3, maximum: 3 });
    expect(read(equal, 'p50')).toBe(3);
    expect(read(bucketOf([-1, 2]), 'p50')).toBeUndefined();
  });

  it('is within the stated error of the nearest rank, exact while few, whatever the split into merged buckets', () => {
    const values = fc.array(fc.oneof(fc.double({ min: 0.001, max: 1e6, noNaN: true }), fc.constant(0)), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.constantFrom(1, 50, 90, 99, 99.9), fc.nat(), (all, percent, cut) => {
        const at = cut % (all.length + 1);
        const merged = bucketOf(all.slice(0, at));
        merged.merge(bucketOf(all.slice(at)));
        const want = nearestRank(all, percent);
        const got = merged.percentile(percent)!;
        if (all.length <= exactValues) expect(got).toBe(want);
        else expect(Math.abs(got - want)).toBeLessThanOrEqual(want * relativeError * 1.0001);
        expect(merged.sampleCount).toBe(all.length);
        expect([merged.minimum, merged.maximum]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
  });
});

describe('periods', () => {
  it('adds minutes up and leaves empty periods out', () => {
    const minutes = [bucketOf([1], 0), bucketOf([2], 60_000), bucketOf([4], 300_000), bucketOf([8], 900_000)];
    expect(aggregate(minutes, 300).map((each) => [each.startMs, each.sum])).toEqual([
      [0, 3],
      [300_000, 4],
      [900_000, 8],
    ]);
    expect(aggregate(minutes, 300, 60_000).map((each) => [each.startMs, each.sum])).toEqual([
      [-240_000, 1],
      [60_000, 6],
      [660_000, 8],
    ]);
  });

  it('knows the periods and percentiles that CloudWatch takes', () => {
    expect([1, 5, 10, 30, 60, 3600].every(isPeriod)).toBe(true);
    expect([0, 2, 45, 61, 90.5].some(isPeriod)).toBe(false);
    expect(['p99', 'p99.9', 'p100', 'p101', 'p', 'tm99', 'constructor'].map(percentOf)).toEqual([
      99,
      99.9,
      100,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(statisticNamed('constructor')).toBeUndefined();
  });
});
