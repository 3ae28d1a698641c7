import { expect, test } from 'vitest';
import { latencies } from '../../../bench/statistics-noise.ts';
import { seededRng } from '../../core/rng.ts';
import { assumedNoise, assumedPilot } from '../../stats/assumed-pilot.ts';
import { quantileEstimate } from '../../stats/estimate.ts';
import { sizeFor } from '../../stats/sample-size.ts';
import { validateObjectives } from '../objectives.ts';
import { defaultComparison } from './compare.ts';
import type { PhaseSeconds } from './phase-seconds.ts';
import { objectiveSizes, type PlannedPhase } from './sizes.ts';

const noise = assumedNoise;
const objective = (sli: string, criteria: string, more: object = {}) => ({ sli, pass: [{ criteria: [criteria] }], ...more });
const objectivesOf = (...objectives: object[]) => validateObjectives({ spec_version: '1.0', objectives }, 'x').objectives;
const baseline = (minutes: number, perSec: number): PlannedPhase => ({ phase: 'baseline', seconds: minutes * 60, requests: minutes * 60 * perSec });
const needsOf = (perSec: number, minutes: number, settings = {}, objectives = objectivesOf(objective('latency_p99', '<=+10%'))) =>
  objectiveSizes(objectives, [baseline(minutes, perSec)], { ...defaultComparison, ...settings })[0]!;

test('what is assumed where nobody has run it yet is what runs of that law show, and holds the bar: p99 +10 % within 15 minutes at 200 a second', () => {
  const assumed = sizeFor(assumedPilot(0.99, 900, 200), 0.1)!.seconds;
  const drawn = [1, 2, 3, 4, 5].map(
    (each) => sizeFor(quantileEstimate(latencies({ seconds: 900, ratePerSec: 200, noise }, seededRng(`pilot ${each}`)), 0.99), 0.1)!.seconds,
  );
  const median = drawn.sort((a, b) => a - b)[2]!;
  expect(assumed).toBeLessThanOrEqual(900);
  expect(assumed / median).toBeGreaterThan(0.6);
  expect(assumed / median).toBeLessThan(1.6);
});

test('a quantile asks for more with its depth, with less shift and with more objectives beside it; a criterion relative to earlier runs asks for its own', () => {
  const seconds = (size: ReturnType<typeof needsOf>) => size.needs.map((each) => [each.for, each.shiftPercent, each.seconds]);
  expect(seconds(needsOf(20, 15))).toEqual([
    ['gate', 100, 60],
    ['criterion', 10, 600],
  ]);
  expect(seconds(needsOf(20, 15, {}, objectivesOf(objective('latency_p99', '<500'))))).toEqual([['gate', 100, 60]]);
  expect(needsOf(20, 15, { mustDetectPercent: 20 }).needs[0]!.seconds).toBeGreaterThan(120);
  // What is tolerated can be seen by no comparison.
  expect(needsOf(20, 15, { mustDetectPercent: 5 }).needs[0]).toMatchObject({ seconds: null, requests: null });
  const five = objectivesOf(...['p50', 'p90', 'p95', 'p99'].map((q) => objective(`latency_${q}`, '<500')), objective('error_rate', '<1'));
  const beside = objectiveSizes(five, [baseline(2, 2)], defaultComparison);
  expect(beside.map(({ needs }) => needs[0]?.seconds)).toEqual([60, 120, 180, 540, undefined]);
});

test('a phase that is too short for what is asked of it is told with advice', () => {
  expect(needsOf(20, 15).warning).toBeUndefined();
  expect(needsOf(20, 2).warning).toBe(
    'latency_p99 in the baseline: 2400 requests in 2 min are too few: a criterion of +10 % is met or missed by chance before 10 min; lengthen the phase or raise the rate',
  );
  const plain = objectivesOf(objective('latency_p99', '<500'));
  expect(needsOf(5, 2, {}, plain).warning).toMatch(/`gate` cannot tell of \+100 % before \d+ min; .* set gate.mustDetectPercent higher/);
  expect(needsOf(3, 2, {}, plain).warning).toContain('360 requests in 2 min are no figure, which takes 500');
});

test('an earlier run tells how its figures vary, and the share of an operation', () => {
  const rng = seededRng('pilot');
  const of = (ratePerSec: number, failures: number): PhaseSeconds['all'] => {
    const latencyUs = latencies({ seconds: 120, ratePerSec, noise: { ...noise, withinSd: 1 } }, rng);
    return { latencyUs, errors: { numerator: new Float64Array(120).fill(failures), denominator: latencyUs.counts() } };
  };
  const phases = new Map([['baseline', { seconds: 120, all: of(20, 1), byOperation: new Map([['buy', of(5, 0)]]) }]] as const);
  const objectives = objectivesOf(
    objective('latency_p95:buy', '<500'),
    objective('error_rate', '<1'),
    objective('error_rate:buy', '<1'),
    objective('cost_run', '<1'),
  );
  const sizes = (pilot?: Parameters<typeof objectiveSizes>[3]) =>
    objectiveSizes(objectives, [baseline(2, 40), { ...baseline(1, 40), phase: 'fault' }], defaultComparison, pilot);
  const [own, assumed] = [sizes({ runId: 'r', phases }), sizes()];
  expect(own.map(({ sli, requests, ofAll }) => [sli, requests, ofAll])).toEqual([
    ['latency_p95:buy', 1200, false],
    ['error_rate', 4800, false],
    ['error_rate:buy', 1200, false],
  ]);
  expect(assumed.map(({ ofAll, requests }) => [ofAll, requests])).toEqual([
    [true, 4800],
    [false, 4800],
    [true, 4800],
  ]);
  // Twice the spread, a quarter of the rate; a share of nothing cannot be compared.
  expect(own[0]!.needs[0]!.seconds).toBeGreaterThan(assumed[0]!.needs[0]!.seconds!);
  expect(own.slice(1).map(({ needs }) => needs.length)).toEqual([1, 0]);
});
