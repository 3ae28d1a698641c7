import { expect, test } from 'vitest';
import { binomialCdf, chiSquareQuantile, normalQuantile, normalUpperTail, studentQuantile, studentUpperTail } from './probability.ts';

/** Figures of SciPy 1.17.1: norm.sf, t.sf, binom.cdf, norm.ppf, t.ppf, chi2.ppf. */
test('tails and quantiles are those of SciPy', () => {
  const figures: [number, number][] = [
    [normalUpperTail(1.96), 0.024997895148220435],
    [normalUpperTail(-0.3), 0.6179114221889526],
    [normalUpperTail(6), 9.865876450376946e-10],
    [studentUpperTail(2.5, 7.3), 0.019825117332800214],
    [studentUpperTail(-1, 3), 0.8044988905221148],
    [studentUpperTail(12, 4), 0.0001382142742514865],
    [binomialCdf(3, 10, 0.3), 0.6496107184000002],
    [binomialCdf(9990, 10_000, 0.999), 0.5421328760209828],
    [normalQuantile(0.975), 1.959963984540054],
    [normalQuantile(0.001), -3.090232306167813],
    [normalQuantile(1 - 1e-9), 5.9978070150076865],
    [studentQuantile(0.975, 20), 2.085963447265864],
    [studentQuantile(0.025, 2.5), -3.5746548420036834],
    [chiSquareQuantile(0.005, 4), 0.206989093496182],
    [chiSquareQuantile(0.995, 10), 25.18817957197117],
  ];
  for (const [ours, theirs] of figures) expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-8);
});

test('the ends of the laws', () => {
  expect([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5)]).toEqual([0, 1]);
  expect([studentUpperTail(Number.POSITIVE_INFINITY, 4), studentUpperTail(Number.NEGATIVE_INFINITY, 4), studentUpperTail(0, 4)]).toEqual([0, 1, 0.5]);
  expect(studentUpperTail(1.96, Number.POSITIVE_INFINITY)).toBe(normalUpperTail(1.96));
  expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
});
