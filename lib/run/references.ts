import { dirname } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { type DifferenceKind, differencesOf } from '../grade/compare/differences.ts';
import { comparesWithEarlier, isResult } from '../grade/compare/earlier.ts';
import type { ComparisonRule } from '../grade/objectives.ts';
import { listRuns } from '../record/history/store.ts';
import type { RunSummary } from '../record/history/summary.ts';
import { openFingerprint } from '../record/reader.ts';
import type { Warning } from '../record/types.ts';
import type { Plan } from './plan.ts';
import { summaryOf } from './summary-of.ts';

/**
 * The earlier runs that a run's relative criteria are held against: the newest ones of the same exercise and setting that lie beside it, can be
 * compared with it, and have a verdict that the rule includes. None where no criterion is relative. An earlier run that cannot be read or graded is
 * left out and told, and costs the new one nothing.
 */
export function referencesFor(folder: string, plan: Pick<Plan, 'objectives' | 'mayDiffer'>, warn: (warning: Warning) => void): RunSummary[] {
  if (!comparesWithEarlier(plan.objectives)) return [];
  return earlierRuns(folder, plan.objectives.comparison, plan.mayDiffer, warn);
}

function earlierRuns(folder: string, rule: ComparisonRule, mayDiffer: readonly DifferenceKind[], warn: (warning: Warning) => void): RunSummary[] {
  const candidate = openFingerprint(folder);
  const found: RunSummary[] = [];
  for (const run of listRuns(dirname(folder)).runs) {
    if (found.length === rule.results) break;
    if (run.runId === candidate.manifest.runId || run.manifest.exercise !== candidate.manifest.exercise) continue;
    if (run.manifest.startedMs >= candidate.manifest.startedMs) continue;
    try {
      if (differencesOf(openFingerprint(run.folder), candidate, mayDiffer).some(({ allowed }) => !allowed)) continue;
      const summary = summaryOf(run);
      if (isResult(summary, rule.include)) found.push(summary);
    } catch (thrown) {
      const message = `run ${run.runId} could not be compared with: ${messageOf(thrown)}`;
      warn({ code: 'reference-unreadable', message, advice: 'grade it again with `proofload report`, or delete it', invalidates: false });
    }
  }
  return found;
}
