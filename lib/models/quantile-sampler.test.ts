import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileSampler } from './quantile-sampler.ts';

describe('quantileSampler', () => {
  it('gives the table back at its own quantiles and interpolates geometrically between them', () => {
    const sample = quantileSampler({ p10: 10, p50: 40, p90: 160, p99: 320, max: 1000 });
    expect([0.1, 0.5, 0.9, 0.99].map((u) => Math.round(sample(u)))).toEqual([10, 40, 160, 320]);
    expect(sample(0.3)).toBeCloseTo(20, 9);
    expect(sample(0.7)).toBeCloseTo(80, 9);
    expect(sample(0)).toBeCloseTo(10 * 4 ** -0.25, 9);
  });

  it('holds each share exactly, ascends, and never exceeds max', () => {
    const rises = fc.array(fc.double({ min: 0.001, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(rises, (steps) => {
        let value = 1;
        const [p10, p50, p90, p99, max] = steps.map((step) => {
          value += step * value;
          return value;
        }) as [number, number, number, number, number];
        const sample = quantileSampler({ p10, p50, p90, p99, max });
        const drawn = Array.from({ length: 1000 }, (_, i) => sample((i + 0.5) / 1000));
        const atOrBelow = (limit: number): number => drawn.filter((each) => each <= limit).length;
        expect([p10, p50, p90, p99].map(atOrBelow)).toEqual([100, 500, 900, 990]);
        expect(drawn.every((each, i) => each <= max && each >= (drawn[i - 1] ?? 0))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses tables that are no distribution', () => {
    expect(() => quantileSampler({ p50: 3, p90: 2 })).toThrow(/ascending/);
    expect(() => quantileSampler({ p50: 0, p90: 2 })).toThrow(/above 0/);
    expect(() => quantileSampler({ median: 3, p90: 4 })).toThrow(/not median/);
    expect(() => quantileSampler({ p50: 3 })).toThrow(/two quantiles/);
  });
});
