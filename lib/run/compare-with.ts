import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import { seededRng } from '../core/rng.ts';
import { assess } from '../grade/assess.ts';
import { compareRuns, defaultComparison, type GradedRun } from '../grade/compare/compare.ts';
import { differencesOf } from '../grade/compare/differences.ts';
import type { Comparison } from '../grade/compare/types.ts';
import type { StoredRun } from '../record/history/store.ts';
import { openFingerprint, openRecord } from '../record/reader.ts';
import { renderComparison } from '../report/comparison/render.ts';
import { renderHtml } from '../report/html.ts';
import type { Plan } from './plan.ts';

/** A run as comparisons read it: its record, graded again. */
function gradedRun(folder: string): GradedRun {
  const record = openRecord(folder);
  return { record, assessment: assess(record) };
}

/** The part of a plan that says how its run may be compared; absent in records of older versions. */
type ComparedPlan = Partial<Pick<Plan, 'mayDiffer' | 'gate'>>;

/**
 * Compares the run in `candidate` with the first of `references` that it can be compared with, or, where there is none, with the first one, and says why not.
 * Writes `comparison.json` and `comparison.md` beside the candidate's reports, and `report.html` anew with what became of it.
 */
export async function compareWith(references: readonly StoredRun[], candidate: string): Promise<Comparison> {
  const own = openFingerprint(candidate);
  const { mayDiffer = [], gate = {} } = (own.plan ?? {}) as ComparedPlan;
  const comparable = (run: StoredRun): boolean => differencesOf(run.fingerprint(), own, mayDiffer).every(({ allowed }) => allowed);
  const reference = references.find(comparable) ?? references[0];
  if (!reference) throw new ProofloadError('no-reference', 'there is no run to compare with', { hint: 'run the exercise once with `proofload run`' });
  const after = gradedRun(candidate);
  const comparison = compareRuns(gradedRun(await reference.open()), after, {
    settings: { ...defaultComparison, ...gate },
    mayDiffer,
    rng: seededRng(`${reference.runId} ${after.assessment.manifest.runId}`),
  });
  for (const [name, text] of Object.entries({ ...renderComparison(comparison), 'report.html': renderHtml(after.assessment, comparison) })) {
    const path = join(candidate, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
  return comparison;
}
