import type { Rng } from '../../core/rng.ts';
import type { RunRecord } from '../../record/reader.ts';
import type { Assessment } from '../types.ts';
import { type DifferenceKind, differencesOf } from './differences.ts';
import { compareObjectives } from './objectives.ts';
import type { ComparedObjective, ComparedRun, Comparison, ComparisonSettings } from './types.ts';

/** A run with its grade. */
export interface GradedRun {
  readonly record: RunRecord;
  readonly assessment: Assessment;
}

export const defaultComparison: ComparisonSettings = { significance: 0.05, toleratePercent: 5, tolerateErrorPoints: 0.1, mustDetectPercent: 100 };

/**
 * Whether the candidate is worse than the reference: every objective over samples is tested one-sided, with Holm's correction for how many there are, so
 * that all of them together raise a false alarm with probability `significance` at most. What differs between the runs beside the system's code makes the
 * comparison invalid unless the exercise allows it.
 * @param rng decides the resamples of the bootstrap
 */
export function compareRuns(
  reference: GradedRun,
  candidate: GradedRun,
  { settings, mayDiffer, rng }: { readonly settings: ComparisonSettings; readonly mayDiffer: readonly DifferenceKind[]; readonly rng: Rng },
): Comparison {
  const differences = differencesOf(reference.record, candidate.record, mayDiffer);
  const hindrances = [
    ...[reference, candidate].flatMap(({ assessment }) => unusable(assessment)),
    ...differences.filter(({ allowed }) => !allowed).map((each) => `not comparable: ${each.what} was ${each.reference} and is ${each.candidate}`),
  ];
  const objectives = hindrances.length > 0 ? [] : compareObjectives(reference, candidate, settings, rng);
  return {
    exercise: candidate.assessment.manifest.exercise,
    reference: comparedRun(reference.assessment),
    candidate: comparedRun(candidate.assessment),
    settings,
    differences,
    objectives,
    ...outcome(hindrances, objectives),
  };
}

/** Why nothing can be compared with this run. */
function unusable({ manifest, verdict, reasons }: Assessment): string[] {
  if (manifest.imported?.holds === 'figures')
    return [
      `run ${manifest.runId} holds figures of the imported ${manifest.imported.format} and no samples, which comparing needs; relative criteria (<=+10%) do without`,
    ];
  if (manifest.timeScale !== 1) return [`run ${manifest.runId} was made on a clock ${manifest.timeScale} times as fast as the wall's`];
  return verdict === 'invalid' ? [`run ${manifest.runId} is invalid: ${reasons[0] ?? 'its measurement cannot be trusted'}`] : [];
}

function comparedRun({ manifest, verdict }: Assessment): ComparedRun {
  const { runId, startedMs, source } = manifest;
  return { runId, startedMs, verdict, ...(source ? { source } : {}) };
}

function outcome(hindrances: readonly string[], objectives: readonly ComparedObjective[]): Pick<Comparison, 'verdict' | 'reasons'> {
  if (hindrances.length > 0) return { verdict: 'invalid', reasons: hindrances };
  const of = (decision: ComparedObjective['decision']): ComparedObjective[] => objectives.filter((each) => each.decision === decision);
  const [worse, open, kept] = [of('worse'), of('cannot-tell'), of('not-worse')];
  const untold = open.map((each) => `cannot tell for ${about(each)}: ${each.reason ?? 'nobody says why'}`);
  if (worse.length > 0) return { verdict: 'fail', reasons: [...worse.map(worseText), ...untold] };
  if (open.length > 0) return { verdict: 'no-data', reasons: untold };
  if (kept.length === 0) return { verdict: 'no-data', reasons: ['no objective is about latency, errors or rates, so there is nothing to test'] };
  return { verdict: 'pass', reasons: [`nothing got worse: ${kept.length} objectives were tested`] };
}

function worseText(objective: ComparedObjective): string {
  const { figure, operations = [] } = objective;
  const most = operations[0];
  const change = (percent: number | undefined): string => (percent === undefined ? 'from none' : `${percent >= 0 ? '+' : ''}${percent.toFixed(1)} %`);
  const named = most ? `, most in ${most.operation} (${change(most.changePercent)})` : '';
  return `${about(objective)} got worse: ${change(figure?.changePercent)}${named}`;
}

function about({ displayName, phase }: ComparedObjective): string {
  return phase === 'run' ? displayName : `${displayName} in the ${phase} phase`;
}
