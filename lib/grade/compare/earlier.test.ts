import { expect, test } from 'vitest';
import type { RunSummary } from '../../record/history/summary.ts';
import { earlierValues, isResult } from './earlier.ts';

const run = (verdict: RunSummary['verdict'], value?: number): RunSummary => ({
  summaryVersion: 1,
  runId: 'r',
  exercise: 'shop/smoke',
  site: { name: 'lab', kind: 'lab', account: '000000000000', region: 'us-east-1' },
  timeScale: 1,
  startedMs: 0,
  verdict,
  reason: '',
  scorePercent: 100,
  figures: [{ sli: 'latency_p95', phase: 'baseline', unit: 'ms', status: 'pass', ...(value === undefined ? {} : { value }) }],
});

test('several earlier values become one by average or nearest rank; runs without a value are left out', () => {
  const runs = [10, 40, 20, undefined, 30].map((value) => run('pass', value));
  const rule = { results: 5, include: 'all' } as const;
  const values = (['avg', 'p50', 'p90'] as const).map((aggregate) => earlierValues(runs, { ...rule, aggregate })('latency_p95', 'baseline'));
  expect(values).toEqual([25, 20, 40]);
  expect(earlierValues(runs, { ...rule, aggregate: 'avg' })('latency_p95', 'fault')).toBeUndefined();
  expect(earlierValues([], { ...rule, aggregate: 'avg' })('latency_p95', 'baseline')).toBeUndefined();
});

test('what is invalid or without data is never compared with', () => {
  const verdicts = ['pass', 'warning', 'fail', 'invalid', 'no-data'] as const;
  const included = (include: 'pass' | 'pass_or_warn' | 'all') => verdicts.filter((verdict) => isResult(run(verdict), include));
  expect([included('pass'), included('pass_or_warn'), included('all')]).toEqual([['pass'], ['pass', 'warning'], ['pass', 'warning', 'fail']]);
});
