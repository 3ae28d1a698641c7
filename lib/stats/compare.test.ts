import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failures, latencies, type Noise } from '../../bench/statistics-noise.ts';
import { type Rng, seededRng } from '../core/rng.ts';
import { blockSeconds, resample } from './block-bootstrap.ts';
import { type Compared, type Comparison, compareQuantiles, compareRatios } from './compare.ts';
import { quantileEstimate } from './estimate.ts';
import { holm } from './holm.ts';
import { cosines, degreesFor, varianceOfSum } from './long-run-variance.ts';
import { quantileRanks } from './quantile-interval.ts';
import { detectableShift, sizeFor } from './sample-size.ts';
import { LatencySeconds } from './seconds.ts';

const calm: Noise = { correlation: 0.5, levelSd: 0.1, withinSd: 0.5 };

function compared(comparison: Comparison): Compared {
  if (comparison.state !== 'compared') throw new Error(comparison.reason);
  return comparison;
}

describe('the long-run variance', () => {
  test('of ten terms with four cosines: the figure of NumPy', () => {
    const terms = Float64Array.of(3, -1, 4, -1, -5, 9, -2, -6, 5, -6);
    expect(varianceOfSum(terms, cosines(10, 4))).toBeCloseTo(60.22786938560702, 10);
  });

  test('does not see a constant, and has as many degrees of freedom as the cube root of the seconds', () => {
    expect(varianceOfSum(new Float64Array(90).fill(7), cosines(90, 4))).toBeCloseTo(0, 15);
    expect([60, 120, 600, 900, 3_600].map(degreesFor)).toEqual([4, 5, 9, 10, 16]);
  });
});

describe('the block bootstrap', () => {
  test('by enumeration: 5 terms in blocks of 2, 2 and 1, every start once', () => {
    const terms = Float64Array.of(1, 10, 100, 1_000, 10_000);
    expect(blockSeconds(5)).toBe(2);
    const { sums } = resample(terms, 2, 125, everyStart());
    const pairs = terms.map((term, i) => term + (terms[(i + 1) % 5] as number));
    const expected = [...pairs].flatMap((a) => [...pairs].flatMap((b) => [...terms].map((c) => a + b + c)));
    expect([...sums].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
  });

  test('blocks grow with the cube root of the seconds', () => {
    expect([1, 8, 120, 900, 1_000].map(blockSeconds)).toEqual([1, 2, 5, 10, 10]);
  });
});

/** Gives the digits of 0, 1, 2, ... to the base that is asked for, three at a time. */
function everyStart(): Rng {
  let calls = 0;
  const int = (below: number): number => {
    const [number, digit] = [Math.floor(calls / 3), calls % 3];
    calls++;
    return Math.floor(number / below ** digit) % below;
  };
  return { ...seededRng(''), int };
}

describe('quantiles of two runs', () => {
  const options = { rng: seededRng('compare') };

  test('of independent samples are bounded about as order statistics bound them', () => {
    const run = latencies({ seconds: 900, ratePerSec: 20, noise: { correlation: 0, levelSd: 0, withinSd: 0.5 } }, seededRng('independent'));
    const { before } = compared(compareQuantiles(run, run, 0.95, options));
    const { low, high } = quantileRanks(run.count, 0.95);
    const byRanks = run.histogram.smoothQuantile(high / run.count) - run.histogram.smoothQuantile(low / run.count);
    expect((before.high - before.low) / byRanks).toBeGreaterThan(0.7);
    expect((before.high - before.low) / byRanks).toBeLessThan(1.5);
    expect(before.value / (20_000 * Math.exp(0.5 * 1.6448536))).toBeCloseTo(1, 1);
  });

  test('a run against itself: no difference, and no direction', () => {
    const run = latencies({ seconds: 120, ratePerSec: 50, noise: calm }, seededRng('itself'));
    const same = compared(compareQuantiles(run, run, 0.99, options));
    expect([same.difference.value, same.ratio?.value, same.pValue]).toEqual([0, 1, 1]);
    expect(same.pAbove()).toBeGreaterThan(0.4);
    expect(same.pBelow()).toBeGreaterThan(0.4);
    expect(same.pAbove({ relative: 1.5 })).toBeGreaterThan(0.99);
    expect(same.pBelow({ relative: 1.5 })).toBeLessThan(0.005);
  });

  test('p99 doubled over two minutes is beyond any doubt that a gate asks for; the interval holds the truth, p-value and interval agree', () => {
    const before = latencies({ seconds: 120, ratePerSec: 50, noise: calm }, seededRng('before'));
    const after = latencies({ seconds: 120, ratePerSec: 50, noise: calm, scale: 2 }, seededRng('after'));
    const doubled = compared(compareQuantiles(before, after, 0.99, options));
    expect(doubled.pValue).toBeLessThan(0.0005);
    expect(doubled.pAbove({ relative: 1.2 })).toBeLessThan(0.005);
    expect(doubled.pAbove({ relative: 2.5 })).toBeGreaterThan(0.5);
    expect(doubled.ratio?.low).toBeGreaterThan(1.5);
    expect(doubled.ratio?.low).toBeLessThan(2);
    expect(doubled.ratio?.high).toBeGreaterThan(2);
    expect(doubled.difference.low).toBeGreaterThan(0);
    const mirrored = compared(compareQuantiles(after, before, 0.99, options));
    expect(mirrored.pBelow()).toBeLessThan(0.005);
    expect(mirrored.ratio?.high).toBeLessThan(1);
  });

  test('too few samples beyond a quantile leave it without an upper bound, too few for a figure without an answer', () => {
    const few = new LatencySeconds(60);
    for (let i = 0; i < 600; i++) few.add(i % 60, 1_000 + ((i * 7_919) % 600));
    const { before, ratio } = compared(compareQuantiles(few, few, 0.99, options));
    expect([before.high, ratio?.low, ratio?.high]).toEqual([Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
    expect(compareQuantiles(few, few, 0.999, options)).toEqual({
      state: 'no-data',
      reason: 'a comparison of p99.9 needs 5000 samples of each run, there are 600',
    });
    expect(compareQuantiles(new LatencySeconds(30), few, 0.5, options)).toMatchObject({ state: 'no-data' });
  });

  test('constants: equal ones do not differ, different ones do', () => {
    const [fast, slow] = [10_000, 20_000].map((value) => {
      const run = new LatencySeconds(60);
      for (let second = 0; second < 60; second++) for (let i = 0; i < 10; i++) run.add(second, value);
      return run;
    }) as [LatencySeconds, LatencySeconds];
    expect(compared(compareQuantiles(fast, fast, 0.9, options)).pValue).toBe(1);
    expect(compared(compareQuantiles(fast, slow, 0.9, options)).pValue).toBe(0);
  });

  test('a script that both follow, an outage in the middle, counts as noise: no alarm without a change, and a wide interval', () => {
    const rng = seededRng('script');
    const scripted = (): LatencySeconds => {
      const [usual, slow] = [1, 4].map((scale) => latencies({ seconds: 40, ratePerSec: 50, noise: calm, scale }, rng)) as [
        LatencySeconds,
        LatencySeconds,
      ];
      const phase = new LatencySeconds(120);
      [usual, slow, usual].forEach((part, third) => {
        part.forEach((second, value) => {
          phase.add(40 * third + second, value);
        });
      });
      return phase;
    };
    let alarms = 0;
    for (let pair = 0; pair < 20; pair++) if (compared(compareQuantiles(scripted(), scripted(), 0.9, options)).pValue <= 0.05) alarms++;
    expect(alarms).toBeLessThanOrEqual(1);
    const { ratio } = compared(compareQuantiles(scripted(), scripted(), 0.9, options));
    expect((ratio?.high ?? 0) / (ratio?.low ?? 1)).toBeGreaterThan(1.5);
  });

  test('one seed gives one answer', () => {
    const run = latencies({ seconds: 60, ratePerSec: 20, noise: calm }, seededRng('a'));
    const other = latencies({ seconds: 60, ratePerSec: 20, noise: calm }, seededRng('b'));
    const answers = [1, 2].map(() => compared(compareQuantiles(run, other, 0.9, { rng: seededRng('same') })).pValue);
    expect(answers[0]).toBe(answers[1]);
  });
});

describe('ratios of two runs', () => {
  test('no failure in either: no difference; a rate of 0 has no ratio', () => {
    const none = { numerator: new Float64Array(60), denominator: new Float64Array(60).fill(10) };
    const both = compared(compareRatios(none, none, { rng: seededRng('none') }));
    expect([both.pValue, both.difference, both.ratio]).toEqual([1, { value: 0, low: 0, high: 0 }, undefined]);
    expect(compareRatios({ numerator: new Float64Array(60), denominator: new Float64Array(60) }, none, { rng: seededRng('none') }).state).toBe(
      'no-data',
    );
  });

  test('an error rate that rose by a point', () => {
    const rng = seededRng('errors');
    const phase = { seconds: 120, ratePerSec: 100, noise: calm };
    const rose = compared(compareRatios(failures(phase, 0.01, rng), failures(phase, 0.02, rng), { rng }));
    expect(rose.difference.low).toBeGreaterThan(0);
    expect(rose.difference.low).toBeLessThan(0.01);
    expect(rose.difference.high).toBeGreaterThan(0.01);
    expect(rose.pAbove()).toBeLessThan(0.01);
    expect(rose.pAbove({ absolute: 0.02 })).toBeGreaterThan(0.9);
  });
});

/** The smaller version of `npm run bench statistics`: the bars are its. */
describe('chance', { timeout: 60_000 }, () => {
  test('two runs of one system differ at 0.05 in about one pair in twenty; with three objectives, corrected, in no more', () => {
    const rng = seededRng('false alarms');
    const phase = { seconds: 120, ratePerSec: 20, noise: { ...calm, correlation: 0.8 } };
    const pairs = 60;
    let [one, family] = [0, 0];
    for (let pair = 0; pair < pairs; pair++) {
      const pValues = [0.5, 0.95, 0.99].map(
        (q) => compared(compareQuantiles(latencies(phase, rng), latencies(phase, rng), q, { rng, resamples: 300 })).pValue,
      );
      if ((pValues[2] as number) <= 0.05) one++;
      if (Math.min(...holm(pValues)) <= 0.05) family++;
    }
    // Binomial of 60 at 0.05: 0 to 9 with 99.8 %.
    for (const found of [one, family]) expect(found).toBeLessThanOrEqual(9);
    expect(one).toBeGreaterThanOrEqual(1);
  });

  test('a shift of 10 % is found at the length that a pilot asks for', () => {
    const rng = seededRng('power');
    const run = (seconds: number, scale = 1): LatencySeconds => latencies({ seconds, ratePerSec: 50, noise: calm, scale }, rng);
    let found = 0;
    for (let pair = 0; pair < 15; pair++) {
      const seconds = sizeFor(quantileEstimate(run(900), 0.95), 0.1)?.seconds as number;
      expect(seconds).toBeLessThanOrEqual(900);
      if (compared(compareQuantiles(run(seconds), run(seconds, 1.1), 0.95, { rng, resamples: 500 })).pValue <= 0.05) found++;
    }
    expect(found).toBeGreaterThanOrEqual(12);
  });
});

test('the length asked for falls with the shift and grows with certainty; a shift that a pilot cannot bridge has none', () => {
  const pilot = quantileEstimate(latencies({ seconds: 600, ratePerSec: 50, noise: calm }, seededRng('pilot')), 0.95);
  const seconds = (shift: number, options = {}): number => sizeFor(pilot, shift, options)?.seconds ?? Number.POSITIVE_INFINITY;
  expect(seconds(0.05)).toBeGreaterThan(seconds(0.1));
  expect(seconds(0.05, { significance: 0.005 })).toBeGreaterThan(seconds(0.05));
  expect(seconds(0.05, { sides: 1 })).toBeLessThanOrEqual(seconds(0.05));
  expect(sizeFor(pilot, 0.0001)).toBeUndefined();
  expect(sizeFor(pilot, 0.1)?.samples).toBe(seconds(0.1) * 50);
  const least = detectableShift(pilot);
  expect(seconds(least * 1.02)).toBeLessThanOrEqual(600);
  expect(seconds(least * 0.9)).toBeGreaterThanOrEqual(600);
});

describe('correction by Holm', () => {
  test('the figures of R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm"), and ten of Hochberg & Benjamini by hand', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => p.toFixed(10))).toEqual([0.03, 0.06, 0.06, 0.02].map((p) => p.toFixed(10)));
    const ten = holm([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]);
    expect(ten.map((p) => Number(p.toFixed(6)))).toEqual([0.01, 0.072, 0.312, 0.312, 0.312, 0.312, 0.312, 0.615, 0.615, 0.615]);
    expect(holm([])).toEqual([]);
  });

  test('never smaller than the p-value, never larger than Bonferroni, in the same order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (pValues) => {
        const corrected = holm(pValues);
        pValues.forEach((p, i) => {
          expect(corrected[i]).toBeGreaterThanOrEqual(p);
          expect(corrected[i]).toBeLessThanOrEqual(Math.min(1, p * pValues.length) + 1e-12);
          pValues.forEach((other, j) => {
            if (p < other) expect(corrected[i]).toBeLessThanOrEqual(corrected[j] as number);
          });
        });
      }),
    );
  });
});
