import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Changes, type Script, writeSyntheticRun } from '../../../test/synthetic/run.ts';
import { seededRng } from '../../core/rng.ts';
import { openRecord } from '../../record/reader.ts';
import { assess } from '../assess.ts';
import { compareRuns, defaultComparison, type GradedRun } from './compare.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Latencies of a log-normal law by a seed; every fourth request (place-order) `slower` times as slow. */
function latency(seed: string, slower = 1): (index: number) => number {
  const rng = seededRng(seed);
  return (index) => {
    const normal = Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
    return 40 * Math.exp(0.4 * normal) * (index % 4 === 3 ? slower : 1);
  };
}

const objectives = {
  spec_version: '1.0',
  objectives: [
    { sli: 'latency_p95', pass: [{ criteria: ['<1000'] }], phase: 'baseline' },
    { sli: 'latency_p50:browse', pass: [{ criteria: ['<1000'] }], phase: 'baseline' },
    { sli: 'error_rate', pass: [{ criteria: ['<=100'] }], phase: 'baseline' },
    { sli: 'cost_per_thousand' },
  ],
};

function graded(script: Partial<Script>, changes: Changes = {}): GradedRun {
  const folder = mkdtempSync(join(tmpdir(), 'proofload-compare-'));
  folders.push(folder);
  writeSyntheticRun(folder, { ratePerSec: 40, baselineMin: 3, faultMin: 0, fault: 'nothing', objectives, ...script }, changes);
  const record = openRecord(folder);
  return { record, assessment: assess(record) };
}

const options = { settings: defaultComparison, mayDiffer: [], rng: seededRng('compare') };
const reference = graded({ latencyMs: latency('reference') });

describe('two runs', () => {
  test('of the same system: nothing is worse, and what would have been seen is told', () => {
    const comparison = compareRuns(reference, graded({ latencyMs: latency('again') }), options);
    expect(comparison).toMatchObject({ verdict: 'pass', reasons: ['nothing got worse: 3 objectives were tested'] });
    const [p95, , errors, cost] = comparison.objectives;
    expect(p95?.figure?.detectablePercent).toBeLessThan(25);
    expect(errors?.figure).toMatchObject({ reference: 0, candidate: 0 });
    expect(cost?.decision).toBe('informs');
  });

  test('of which the second has one slow operation: it is worse, and the operation is named', () => {
    const comparison = compareRuns(reference, graded({ latencyMs: latency('slow', 1.6) }), options);
    expect(comparison.verdict).toBe('fail');
    expect(comparison.reasons).toEqual([
      expect.stringMatching(/^latency_p95 in the baseline phase got worse: \+\d+\.\d %, most in place-order \(\+(5|6)\d\.\d %\)$/),
    ]);
    expect(comparison.objectives.map(({ decision }) => decision)).toEqual(['worse', 'not-worse', 'not-worse', 'informs']);
  });

  test('of which one ran on other quotas cannot be compared, and the difference is named; where the exercise allows it they can', () => {
    const other = graded({ latencyMs: latency('again') });
    const manifest = { ...other.record.manifest, site: { ...other.record.manifest.site, region: 'eu-west-1' } };
    const moved: GradedRun = { ...other, record: { ...other.record, manifest } };
    expect(compareRuns(reference, moved, options)).toMatchObject({
      verdict: 'invalid',
      reasons: ['not comparable: site region was us-east-1 and is eu-west-1'],
      objectives: [],
    });
    expect(compareRuns(reference, moved, { ...options, mayDiffer: ['site'] }).verdict).toBe('pass');
  });

  test('too short to show what must be seen: it cannot be told', () => {
    const strict = { ...options, settings: { ...defaultComparison, mustDetectPercent: 1 } };
    expect(compareRuns(reference, graded({ latencyMs: latency('again') }), strict)).toMatchObject({ verdict: 'no-data' });
    const short = graded({ latencyMs: latency('again'), ratePerSec: 0.2 });
    expect(compareRuns(reference, short, options).reasons[0]).toContain('cannot tell for latency_p95 in the baseline phase');
    const few = graded({ latencyMs: latency('few'), ratePerSec: 1.2 });
    const [p95] = compareRuns(few, few, options).objectives;
    expect(p95).toMatchObject({
      decision: 'cannot-tell',
      figure: { detectablePercent: null },
      reason: expect.stringContaining('none would, however large'),
    });
  });

  test('on a clock faster than the wall are no release gate', () => {
    const { record, assessment } = graded({ latencyMs: latency('again') });
    const manifest = { ...assessment.manifest, timeScale: 20 };
    const fast: GradedRun = { record: { ...record, manifest }, assessment: { ...assessment, manifest } };
    expect(compareRuns(reference, fast, options)).toMatchObject({ verdict: 'invalid' });
  });
});
