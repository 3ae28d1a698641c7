import type { Rng } from '../../core/rng.ts';
import { compareQuantiles, compareRatios, type Comparison as Statistic } from '../../stats/compare.ts';
import { holm } from '../../stats/holm.ts';
import { detectableShift } from '../../stats/sample-size.ts';
import { ofSamples } from '../indicators/of-samples.ts';
import type { ObjectiveResult } from '../types.ts';
import type { GradedRun } from './compare.ts';
import { type OperationSeconds, type PhaseSeconds, phaseSeconds } from './phase-seconds.ts';
import type { ComparedFigure, ComparedObjective, ComparisonSettings } from './types.ts';

/** What of an objective's indicator can be tested, because it is made of samples: a quantile of latency, or the error rate. */
interface Tested {
  readonly unit: string;
  readonly operation: string | undefined;
  compare(reference: OperationSeconds, candidate: OperationSeconds, rng: Rng): Statistic;
  /** From the statistic's unit to the indicator's. */
  readonly scale: number;
  /** What is tolerated beside the share, in the statistic's unit. */
  tolerated(settings: ComparisonSettings): number;
}

/** The settings, and how many objectives share the false alarms: each alone is held against its part of them. */
interface Family {
  readonly settings: ComparisonSettings;
  readonly size: number;
}

const power = 0.95;
/** Operations that a deterioration over all of them is traced to. */
const operationsShown = 3;
/** An operation moved when its own, uncorrected p value says so; it is evidence, not a verdict. */
const movedBelow = 0.01;

/** Every objective of the candidate against the reference, tested where it is made of samples. */
export function compareObjectives(reference: GradedRun, candidate: GradedRun, settings: ComparisonSettings, rng: Rng): ComparedObjective[] {
  const { objectives } = candidate.assessment;
  const wanted = new Set(objectives.filter(({ sli }) => testedBy(sli)).map(({ phase }) => phase));
  const [before, after] = [secondsByPhase(reference, wanted), secondsByPhase(candidate, wanted)];
  const family = { settings, size: objectives.filter(({ sli }) => testedBy(sli)).length };
  const compared = objectives.map((objective): Judged => {
    const tested = testedBy(objective.sli);
    if (!tested) return { objective, decision: 'informs', figure: plainFigure(reference, objective) };
    const [left, right] = [before.get(objective.phase), after.get(objective.phase)];
    if (!left || !right) return { objective, decision: 'cannot-tell', reason: 'one of the runs had no such phase' };
    return { objective, ...test(tested, left, right, family, rng.fork(`${objective.sli} ${objective.phase}`)) };
  });
  const corrected = holm(compared.flatMap(({ figure, decision }) => (decision !== 'informs' && figure ? [figure.pValue] : [])));
  let next = 0;
  return compared.map((each) => decided(each, each.decision !== 'informs' && each.figure ? corrected[next++] : undefined, settings));
}

interface Judged extends Pick<ComparedObjective, 'decision' | 'reason'> {
  readonly objective: ObjectiveResult;
  readonly figure?: ComparedFigure | undefined;
  /** Where a deterioration comes from; asked only of one. */
  readonly trace?: () => NonNullable<ComparedObjective['operations']>;
}

function secondsByPhase(
  { record, assessment }: GradedRun,
  wanted: ReadonlySet<ObjectiveResult['phase']>,
): Map<ObjectiveResult['phase'], PhaseSeconds> {
  const phases = assessment.phases.filter(({ phase }) => wanted.has(phase));
  const found = phaseSeconds(
    record,
    phases.map(({ window }) => window),
  );
  return new Map(phases.flatMap(({ phase }, index) => (found[index] ? [[phase, found[index]] as const] : [])));
}

function testedBy(sli: string): Tested | undefined {
  const samples = ofSamples(sli);
  if (!samples) return undefined;
  const { operation, quantile } = samples;
  if (quantile !== undefined)
    return {
      unit: 'ms',
      operation,
      scale: 1 / 1000,
      tolerated: () => 0,
      compare: (before, after, rng) => compareQuantiles(before.latencyUs, after.latencyUs, quantile, { rng }),
    };
  return {
    unit: '%',
    operation,
    scale: 100,
    tolerated: ({ tolerateErrorPoints }) => tolerateErrorPoints / 100,
    compare: (before, after, rng) => compareRatios(before.errors, after.errors, { rng }),
  };
}

function test(tested: Tested, before: PhaseSeconds, after: PhaseSeconds, family: Family, rng: Rng): Omit<Judged, 'objective'> {
  const { operation } = tested;
  const of = (phase: PhaseSeconds): OperationSeconds | undefined => (operation === undefined ? phase.all : phase.byOperation.get(operation));
  const [left, right] = [of(before), of(after)];
  if (!left || !right) return { decision: 'cannot-tell', reason: `one of the runs had no request of ${operation ?? 'any operation'}` };
  const found = figureOf(tested, tested.compare(left, right, rng), family);
  if ('reason' in found) return { decision: 'cannot-tell', reason: found.reason };
  const trace = operation === undefined ? { trace: () => movedOperations(tested, before, after, family, rng) } : {};
  return { decision: 'not-worse', figure: found, ...trace };
}

function figureOf(tested: Tested, statistic: Statistic, { settings, size }: Family): ComparedFigure | { readonly reason: string } {
  if (statistic.state === 'no-data') return { reason: statistic.reason };
  const { before, after, ratio, estimates } = statistic;
  const percent = (share: number): number => (share - 1) * 100;
  const margin = { relative: 1 + settings.toleratePercent / 100, absolute: tested.tolerated(settings) };
  // Seen from the edge of what is tolerated.
  const detectable = margin.relative * (1 + detectableShift(estimates.before, { significance: settings.significance / size, power, sides: 1 }));
  return {
    unit: tested.unit,
    reference: before.value * tested.scale,
    candidate: after.value * tested.scale,
    ...(ratio ? { changePercent: percent(ratio.value) } : {}),
    ...(ratio && Number.isFinite(ratio.low) ? { low: percent(ratio.low) } : {}),
    ...(ratio && Number.isFinite(ratio.high) ? { high: percent(ratio.high) } : {}),
    pValue: statistic.pAbove(margin),
    ...(before.value > 0 ? { detectablePercent: Number.isFinite(detectable) ? percent(detectable) : null } : {}),
  };
}

/** The operations that moved, the furthest first: where a deterioration over all of them comes from. */
function movedOperations(
  tested: Tested,
  before: PhaseSeconds,
  after: PhaseSeconds,
  family: Family,
  rng: Rng,
): NonNullable<ComparedObjective['operations']> {
  const moved = [...before.byOperation].flatMap(([operation, left]) => {
    const right = after.byOperation.get(operation);
    if (!right) return [];
    const figure = figureOf(tested, tested.compare(left, right, rng.fork(operation)), family);
    return 'reason' in figure || figure.pValue >= movedBelow ? [] : [{ operation, ...figure }];
  });
  return moved
    .sort((a, b) => (b.changePercent ?? Number.POSITIVE_INFINITY) - (a.changePercent ?? Number.POSITIVE_INFINITY))
    .slice(0, operationsShown);
}

/** One value of each run: shown, with its change, and tested by nothing. */
function plainFigure({ assessment }: GradedRun, { sli, phase, value }: ObjectiveResult): ComparedFigure | undefined {
  const before = assessment.objectives.find((each) => each.sli === sli && each.phase === phase)?.value;
  if (before?.state !== 'value' || value.state !== 'value') return undefined;
  const change = before.value === 0 ? {} : { changePercent: ((value.value - before.value) / Math.abs(before.value)) * 100 };
  return { unit: value.unit, reference: before.value, candidate: value.value, ...change, pValue: 1 };
}

function decided(
  { objective, decision, reason, figure, trace }: Judged,
  adjustedP: number | undefined,
  settings: ComparisonSettings,
): ComparedObjective {
  const { sli, displayName, phase } = objective;
  const shown = { sli, displayName: displayName || sli, phase, ...(figure ? { figure } : {}), ...(adjustedP === undefined ? {} : { adjustedP }) };
  if (adjustedP === undefined) return { ...shown, decision, ...(reason === undefined ? {} : { reason }) };
  if (adjustedP <= settings.significance) {
    const operations = trace?.() ?? [];
    return { ...shown, decision: 'worse', ...(operations.length > 0 ? { operations } : {}) };
  }
  const seen = figure?.detectablePercent;
  if (seen === null || (seen !== undefined && seen > settings.mustDetectPercent)) {
    const from = seen === null ? 'and none would, however large' : `only one from ${Math.round(seen)} % on`;
    const reason = `a deterioration of ${settings.mustDetectPercent} % would not have been seen for sure with these samples, ${from}; lengthen the phase or raise the rate`;
    return { ...shown, decision: 'cannot-tell', reason };
  }
  return { ...shown, decision: 'not-worse' };
}
