import { messageOf } from '../core/errors.ts';
import { type DifferenceKind, differencesOf } from '../grade/compare/differences.ts';
import { comparesWithEarlier, isResult } from '../grade/compare/earlier.ts';
import type { ComparisonRule } from '../grade/objectives.ts';
import type { RecordStore } from '../record/history/store.ts';
import type { RunSummary } from '../record/history/summary.ts';
import { openFingerprint } from '../record/reader.ts';
import type { Warning } from '../record/types.ts';
import type { Plan } from './plan.ts';
import { summaryOf } from './summary-of.ts';

/** What the earlier runs are chosen by. */
export interface ReferenceRequest {
  /** Of the run that is held against them. */
  readonly folder: string;
  readonly plan: Pick<Plan, 'objectives' | 'mayDiffer'>;
  readonly store: RecordStore;
  readonly warn: (warning: Warning) => void;
}

/**
 * The earlier runs that a run's relative criteria are held against: the newest ones of the same exercise and setting that the store has, can be
 * compared with it, and have a verdict that the rule includes. None where no criterion is relative. An earlier run that cannot be read or graded, or
 * a store that cannot be reached, is told, and costs the new one nothing else.
 */
export async function referencesFor(request: ReferenceRequest): Promise<RunSummary[]> {
  const { plan, store, warn } = request;
  if (!comparesWithEarlier(plan.objectives)) return [];
  try {
    return await earlierRuns(request, plan.objectives.comparison, plan.mayDiffer);
  } catch (thrown) {
    const message = `no earlier run was compared with: ${messageOf(thrown)}`;
    warn({ code: 'store-unreadable', message, advice: `see that ${store.place} can be read`, invalidates: false });
    return [];
  }
}

async function earlierRuns(
  { folder, store, warn }: ReferenceRequest,
  rule: ComparisonRule,
  mayDiffer: readonly DifferenceKind[],
): Promise<RunSummary[]> {
  const candidate = openFingerprint(folder);
  const found: RunSummary[] = [];
  for (const run of (await store.list(candidate.manifest.exercise)).runs) {
    if (found.length === rule.results) break;
    if (run.runId === candidate.manifest.runId) continue;
    if (run.manifest.startedMs >= candidate.manifest.startedMs) continue;
    try {
      if (differencesOf(run.fingerprint(), candidate, mayDiffer).some(({ allowed }) => !allowed)) continue;
      const summary = await summaryOf(run);
      if (isResult(summary, rule.include)) found.push(summary);
    } catch (thrown) {
      const message = `run ${run.runId} could not be compared with: ${messageOf(thrown)}`;
      warn({ code: 'reference-unreadable', message, advice: 'grade it again with `proofload report`, or delete it', invalidates: false });
    }
  }
  return found;
}
