import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { quantileRanks } from './quantile-interval.ts';
import { type RankTest, rankTest } from './rank-test.ts';

/** Hollander & Wolfe, "Nonparametric Statistical Methods", table 4.1: permeability of membranes at term and at 12 to 26 weeks. */
const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const weeks = [1.15, 0.88, 0.9, 0.74, 1.21];
// Drawn by NumPy's RandomState(7).
const manyTies = [
  [
    4, 25, 3, 19, 23, 39, 28, 14, 23, 8, 25, 26, 8, 39, 38, 4, 7, 0, 11, 6, 19, 5, 24, 0, 34, 9, 14, 38, 4, 9, 23, 35, 3, 8, 19, 1, 0, 16, 31, 29, 28,
    7, 23, 10, 35, 0, 7, 23, 28, 32, 21, 36, 35, 33, 3, 27, 33, 19, 27, 4,
  ],
  [
    22, 36, 33, 40, 12, 32, 20, 34, 5, 22, 21, 24, 6, 14, 19, 15, 32, 44, 12, 15, 6, 17, 23, 18, 38, 7, 11, 29, 26, 16, 42, 6, 32, 15, 15, 18, 32, 11,
    41, 9, 24, 30, 10, 20, 8, 39, 44, 44, 32, 29,
  ],
] as const;

describe('Mann-Whitney U', () => {
  /** Figures of SciPy 1.17.1: mannwhitneyu(second, first, method='exact' or 'asymptotic'). */
  test.each([
    ['small, without ties', [20, 11, 17, 12], [19, 22, 16, 29, 24], 'exact', 17, 0.1111111111111111, 0.05555555555555555, 0.9682539682539683],
    ['of Hollander & Wolfe', weeks, term, 'exact', 35, 0.2544122544122544, 0.1272061272061272, 0.8967698967698967],
    [
      'small, the second larger',
      [1.1, 2.3, 3.7, 0.2, 5.5, 9.1, 4.4, 3.3],
      [6.1, 7.2, 8.8, 2.2, 10.5, 4.1, 9.9],
      'exact',
      44,
      0.0721056721056721,
      0.03605283605283605,
      0.972960372960373,
    ],
    [
      'small with ties',
      [2, 3, 4, 4, 5, 5, 6, 8, 8, 8, 10],
      [1, 2, 2, 3, 4, 4, 4, 5, 7, 9],
      'normal',
      33.5,
      0.13494608846957082,
      0.9413331187190296,
      0.06747304423478541,
    ],
    ['larger with ties', manyTies[0], manyTies[1], 'normal', 1814, 0.05972246966946159, 0.029861234834730795, 0.9705435518216334],
  ] as const)('%s: the figures of SciPy', (_, first, second, method, u, pValue, pGreater, pLess) => {
    const result = rankTest(first, second) as RankTest;
    expect([result.method, result.u]).toEqual([method, u]);
    expect(result.pValue).toBeCloseTo(pValue, 10);
    expect(result.pGreater).toBeCloseTo(pGreater, 10);
    expect(result.pLess).toBeCloseTo(pLess, 10);
  });

  test('superiority counts pairs, ties as half', () => {
    const sample = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const result = rankTest(first, second) as RankTest;
        const pairs = first.flatMap((a) => second.map((b): number => (b > a ? 1 : b === a ? 0.5 : 0)));
        const share = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
        expect(result.superiority).toBeCloseTo(share, 12);
        expect(result.cliffsDelta).toBeCloseTo(2 * share - 1, 12);
        expect(rankTest(second, first)?.pValue).toBeCloseTo(result.pValue, 10);
      }),
    );
  });

  test('no values, and values that are all equal', () => {
    expect(rankTest([], [1])).toBeUndefined();
    expect(rankTest([3, 3, 3], [3, 3])).toMatchObject({ superiority: 0.5, pValue: 1 });
  });
});

describe('Hodges-Lehmann shift', () => {
  /** R's wilcox.test(weeks, term, conf.int = TRUE) gives -0.305 in [-0.76, 0.15], exactly; the second is of NumPy, listing all differences. */
  test('published figures', () => {
    const shift = hodgesLehmann(term, weeks);
    expect(shift?.value).toBeCloseTo(-0.305, 12);
    expect([shift?.low, shift?.high].map((bound) => bound?.toFixed(3))).toEqual(['-0.760', '0.150']);
    expect(hodgesLehmann(manyTies[0], manyTies[1])).toEqual({ value: 5, low: 0, high: 9 });
  });

  test('is what listing all differences gives', () => {
    const sample = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 25,
    });
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const all = second.flatMap((b) => first.map((a) => b - a)).sort((a, b) => a - b);
        const median = ((all[Math.floor((all.length - 1) / 2)] as number) + (all[Math.ceil((all.length - 1) / 2)] as number)) / 2;
        expect(hodgesLehmann(first, second)?.value).toBeCloseTo(median, 9);
      }),
    );
  });

  test('lists nothing: 20,000 x 20,000 differences, and no bound where the samples are too few for one', () => {
    const first = Float64Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 20_011);
    const second = first.map((value) => value + 250);
    expect(hodgesLehmann(first, second)?.value).toBe(250);
    expect(hodgesLehmann([1, 2], [5])).toEqual({ value: 3.5, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY });
  });
});

/** SciPy 1.17.1: quantile_test(range(1, n + 1), q=n * q, p=q).confidence_interval(0.95). */
test.each([
  [100, 0.5, 40, 61, 0.9647997997822952],
  [1000, 0.99, 983, 997, 0.976094763497977],
  [20, 0.5, 6, 15, 0.9586105346679688],
  [500, 0.99, 490, 500, 0.9801859498578058],
])('the quantile of %d values at %d lies between ranks %d and %d', (n, q, low, high, coverage) => {
  const ranks = quantileRanks(n, q);
  expect([ranks.low, ranks.high]).toEqual([low, high]);
  expect(ranks.coverage).toBeCloseTo(coverage, 9);
});

test('too few values bound a high quantile from below only', () => {
  expect(quantileRanks(100, 0.99)).toMatchObject({ high: 101 });
  expect(quantileRanks(10, 0.99)).toMatchObject({ low: 9, high: 11 });
});
