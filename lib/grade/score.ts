import type { PhaseKind } from '../record/types.ts';
import { criterionResults, isOneGroupMet } from './criteria.ts';
import { noData } from './figure.ts';
import type { IndicatorSource, IndicatorValue } from './indicators/indicator.ts';
import { parseSli } from './indicators/list.ts';
import type { Objective, Objectives } from './objectives.ts';
import type { ObjectiveResult } from './types.ts';

/** The score by Keptn's rules: weights of what passed, half for a warning, over the weights of all that is not only informational. */
export interface Score {
  readonly achieved: number;
  readonly maximum: number;
  /** 0 where nothing is scored. */
  readonly percent: number;
}

/** What the objectives alone say; `none` when not one of them has both criteria to meet and a weight. */
export type ObjectivesOutcome = 'pass' | 'warning' | 'fail' | 'no-data' | 'none';

/** What earlier runs had of an indicator in a phase; undefined where there is none to compare with. */
export type EarlierValue = (sli: string, phase: ObjectiveResult['phase']) => number | undefined;

/** Holds every objective against its phase; one without a phase against baseline and recovery, each for itself. */
export function judge(objectives: Objectives, source: IndicatorSource, earlier: EarlierValue = () => undefined): ObjectiveResult[] {
  return objectives.objectives.flatMap((objective) => {
    const { indicator, argument } = parseSli(objective.sli, 'objectives');
    if (indicator.of === 'run') return [resultOf(objective, 'run', indicator.read(source, argument), earlier)];
    return phasesOf(objective, source).map((kind) => {
      const phase = source.phases.find((each) => each.phase === kind);
      const read = phase ? indicator.read(phase, argument) : { figure: noData(indicator.unit, `the run had no ${kind} phase`) };
      return resultOf(objective, kind, read, earlier);
    });
  });
}

export function scoreOf(results: readonly ObjectiveResult[]): Score {
  const scored = results.filter(({ status }) => status !== 'info');
  const maximum = scored.reduce((sum, { weight }) => sum + weight, 0);
  const achieved = scored.reduce((sum, { score }) => sum + score, 0);
  return { achieved, maximum, percent: maximum > 0 ? (achieved / maximum) * 100 : 0 };
}

/** An objective without data leaves the outcome open, whatever the others say: a missing figure is neither a pass nor a fail. */
export function outcomeOf(results: readonly ObjectiveResult[], totalScore: Objectives['totalScore']): ObjectivesOutcome {
  const scored = results.filter(({ status }) => status !== 'info');
  if (scored.length === 0) return 'none';
  if (scored.some(({ status }) => status === 'no-data')) return 'no-data';
  if (scored.some(({ keySli, status }) => keySli && status === 'fail')) return 'fail';
  const { percent, maximum } = scoreOf(scored);
  if (maximum === 0) return 'none';
  if (percent >= totalScore.pass) return 'pass';
  return percent >= totalScore.warning ? 'warning' : 'fail';
}

function phasesOf(objective: Objective, source: IndicatorSource): PhaseKind[] {
  if (objective.phase) return [objective.phase];
  const run = (['baseline', 'recovery'] as const).filter((kind) => source.phases.some(({ phase }) => phase === kind));
  return run.length > 0 ? run : ['baseline'];
}

function resultOf(
  objective: Objective,
  phase: ObjectiveResult['phase'],
  { figure, fails = false }: IndicatorValue,
  earlier: EarlierValue,
): ObjectiveResult {
  const measured = figure.state === 'value' ? figure.value : undefined;
  const before = earlier(objective.sli, phase);
  const status = statusOf(objective, measured, fails, before);
  return {
    sli: objective.sli,
    displayName: objective.displayName,
    phase,
    value: figure,
    pass: criterionResults(objective.pass, measured, before),
    warning: criterionResults(objective.warning, measured, before),
    weight: objective.weight,
    keySli: objective.keySli,
    status,
    score: status === 'pass' ? objective.weight : status === 'warning' ? objective.weight / 2 : 0,
  };
}

function statusOf(objective: Objective, measured: number | undefined, fails: boolean, before: number | undefined): ObjectiveResult['status'] {
  if (objective.pass.length === 0) return 'info';
  if (fails) return 'fail';
  if (measured === undefined) return 'no-data';
  if (isOneGroupMet(objective.pass, measured, before)) return 'pass';
  return isOneGroupMet(objective.warning, measured, before) ? 'warning' : 'fail';
}
