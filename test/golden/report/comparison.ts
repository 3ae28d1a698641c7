import { defaultComparison } from '../../../lib/grade/compare/compare.ts';
import type { ComparedObjective, Comparison } from '../../../lib/grade/compare/types.ts';
import type { Assessment } from '../../../lib/grade/types.ts';
import { passingRun } from './fixture.ts';

/** The passing run with an objective that is relative to earlier runs. */
export function relativeRun(): Assessment {
  const run = passingRun();
  const objectives = run.objectives.map((each, index) =>
    index === 0 ? { ...each, pass: [{ criterion: '<=+10%', met: true, earlier: 82, target: 90.2 }] } : each,
  );
  return { ...run, objectives, comparedWith: ['20261123-090000-aaaa', '20261122-090000-bbbb'] };
}

const worse: ComparedObjective = {
  sli: 'latency_p99',
  displayName: 'Latency p99',
  phase: 'baseline',
  decision: 'worse',
  figure: { unit: 'ms', reference: 61.2, candidate: 87.1, changePercent: 42.3, low: 30.1, high: 55.9, pValue: 0.00001, detectablePercent: 18 },
  adjustedP: 0.00003,
  operations: [{ operation: 'place-order', unit: 'ms', reference: 60, candidate: 110, changePercent: 83.3, low: 61, high: 108, pValue: 0.00001 }],
};

const objectives: ComparedObjective[] = [
  worse,
  {
    sli: 'error_rate',
    displayName: 'Error rate',
    phase: 'fault',
    decision: 'cannot-tell',
    reason: 'a deterioration of 100 % would not have been seen for sure with these samples, and none would, however large; lengthen the phase or raise the rate',
    figure: { unit: '%', reference: 14.1, candidate: 14.9, changePercent: 5.9, low: -60, pValue: 0.4, detectablePercent: null },
    adjustedP: 0.8,
  },
  {
    sli: 'time_to_recover',
    displayName: 'Time to recover',
    phase: 'run',
    decision: 'informs',
    figure: { unit: 's', reference: 16, candidate: 14, changePercent: -12.5, pValue: 1 },
  },
];

/** The passing run got slower since an earlier one, of another commit. */
export function failingComparison(): Comparison {
  const { manifest, verdict } = passingRun();
  const { exercise, runId, startedMs } = manifest;
  return {
    exercise,
    reference: { runId: '20261123-090000-aaaa', startedMs: startedMs - 86_400_000, verdict: 'pass', source: { commit: '1'.repeat(40), branch: 'main', dirty: false } },
    candidate: { runId, startedMs, verdict, source: { commit: '2'.repeat(40), branch: 'faster-checkout', dirty: true } },
    settings: defaultComparison,
    differences: [{ kind: 'code', what: 'CodeSha256 of PlaceOrderFunction', reference: 'aaa=', candidate: 'bbb=', allowed: true }],
    objectives,
    verdict: 'fail',
    reasons: ['Latency p99 in the baseline phase got worse: +42.3 %, most in place-order (+83.3 %)'],
  };
}

/** The same with somebody's words in every place that holds words, and runs that cannot be compared. */
export function hostileComparison(text: string): Comparison {
  const comparison = failingComparison();
  return {
    ...comparison,
    exercise: text,
    reference: { ...comparison.reference, runId: text, source: { commit: text, branch: text, dirty: false } },
    differences: [{ kind: 'site', what: text, reference: text, candidate: text, allowed: false }],
    objectives: comparison.objectives.map((each) => ({ ...each, displayName: text, reason: text })),
    verdict: 'invalid',
    reasons: [`not comparable: ${text}`],
  };
}
