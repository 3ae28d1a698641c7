import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRng } from '../core/rng.ts';
import { changePoints } from './change-points.ts';

const indices = (figures: readonly number[], options = {}): number[] => changePoints(figures, options).map(({ index }) => index);

describe('change points', () => {
  /** The series and the indices of Apache Otava 0.8's own tests; p-values of SciPy 1.17.1: ttest_ind. */
  test('are those of Otava, with the p-values of SciPy', () => {
    const twoSteps = [0.3, 2.4, 1.5, -0.9, -0.5, 99.7, 98.3, 99.1, 149, 149.7, 149.5, 149.1, 148.8, 150];
    const [first, second] = changePoints(twoSteps, { significance: 0.01 });
    expect([first?.index, second?.index]).toEqual([5, 8]);
    expect((first?.pValue ?? 0) / 3.278355020099006e-11).toBeCloseTo(1, 8);
    expect(first?.meanBefore).toBeCloseTo(0.56, 12);
    expect(first?.meanAfter).toBeCloseTo(99.0333333333, 9);
    const halved = [1.02, 0.95, 0.99, 1, 1.12, 1, 1.01, 0.98, 1.01, 0.96, 0.5, 0.51, 0.48, 0.48, 0.55, 0.5, 0.49, 0.51, 0.5, 0.49];
    const [only, ...none] = changePoints(halved, { significance: 0.0001, window: 10 });
    expect([only?.index, none]).toEqual([10, []]);
    expect((only?.pValue ?? 0) / 3.62760632606981e-17).toBeCloseTo(1, 8);
  });

  test('of ten runs of which the last four are slower: one, at the seventh', () => {
    expect(indices([101, 99, 100, 102, 98, 100, 131, 128, 130, 129])).toEqual([6]);
  });

  test('smaller than the least change are not reported', () => {
    const small = Array.from({ length: 40 }, (_, i) => 100 + (i % 3) * 0.1 + (i < 20 ? 0 : 2));
    expect(indices(small)).toEqual([20]);
    expect(indices(small, { least: 0.05 })).toEqual([]);
  });

  test('of a constant, of one figure, of none: none', () => {
    expect([indices([5, 5, 5, 5, 5, 5]), indices([5]), indices([])]).toEqual([[], [], []]);
  });

  test('of histories without a change are rare', () => {
    const rng = seededRng('history');
    let found = 0;
    for (let history = 0; history < 200; history++) {
      const figures = Array.from({ length: 40 }, () => 100 + (rng.next() + rng.next() + rng.next() + rng.next() - 2) * 5);
      if (indices(figures).length > 0) found++;
    }
    expect(found).toBeLessThanOrEqual(12);
  });

  test('do not depend on the unit, and a step that stands out is found where it is', () => {
    const noise = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(noise, noise, fc.constantFrom(0.25, 8), (before, after, unit) => {
        const figures = [...before.map((n) => 1_000 + n), ...after.map((n) => 9_000 + n)];
        const found = indices(figures, { least: 0.5 });
        expect(found).toEqual([before.length]);
        expect(
          indices(
            figures.map((figure) => figure * unit),
            { least: 0.5 },
          ),
        ).toEqual(found);
      }),
      { numRuns: 40 },
    );
  });
});
