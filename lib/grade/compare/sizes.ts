import { durationText } from '../../core/time-format.ts';
import type { RunRecord } from '../../record/reader.ts';
import type { PhaseKind } from '../../record/types.ts';
import { assumedPilot } from '../../stats/assumed-pilot.ts';
import { type Estimate, quantileEstimate, ratioEstimate } from '../../stats/estimate.ts';
import { minimumSamples } from '../../stats/quantile.ts';
import { sizeFor } from '../../stats/sample-size.ts';
import { ofSamples } from '../indicators/of-samples.ts';
import type { Objective } from '../objectives.ts';
import { gradedPhases } from '../phases.ts';
import { type PhaseSeconds, phaseSeconds } from './phase-seconds.ts';
import type { ComparisonSettings } from './types.ts';

/** What the traffic of an exercise means for one phase, before it runs. */
export interface PlannedPhase {
  readonly phase: PhaseKind;
  readonly seconds: number;
  /** Requests of all operations. */
  readonly requests: number;
}

/** How long a phase must last for one question, or null: a day would be too short. */
interface NeededSize {
  /** `gate`: whether it got worse by `mustDetectPercent`; `criterion`: a criterion relative to earlier runs, which a shift of that size must not pass by chance. */
  readonly for: 'gate' | 'criterion';
  readonly shiftPercent: number;
  readonly seconds: number | null;
  readonly requests: number | null;
}

/** What one objective over samples gets in one phase, and what it needs. */
export interface ObjectiveSize {
  readonly sli: string;
  readonly displayName: string;
  readonly phase: PhaseKind;
  readonly seconds: number;
  readonly requests: number;
  /** The requests are of all operations, and the objective is about one: nobody knows its share yet. */
  readonly ofAll: boolean;
  /** Requests without which a quantile is no-data. */
  readonly figureNeeds?: number;
  readonly needs: readonly NeededSize[];
  /** Why the phase is too short for what is asked of it, with advice; absent where it is not. */
  readonly warning?: string;
}

/** An earlier run of the exercise by the seconds of its phases: what its figures' errors are taken from. */
export interface PilotRun {
  readonly runId: string;
  readonly phases: ReadonlyMap<PhaseKind, PhaseSeconds>;
}

interface Asked {
  readonly settings: ComparisonSettings;
  readonly pilot: PilotRun | undefined;
  /** Objectives that share the false alarms. */
  readonly family: number;
}

/** Seconds of a pilot below which it cannot tell how dependent its seconds are; comparing asks for as many. */
const leastPilotSec = 60;
/** Length of the phase that is assumed where there is no pilot. */
const assumedSec = 900;

/** What `record` tells of how figures vary. */
export function pilotOf(record: RunRecord): PilotRun {
  const phases = gradedPhases(record).filter(({ kind }) => kind !== 'warm-up');
  const seconds = phaseSeconds(
    record,
    phases.map(({ window }) => window),
  );
  return {
    runId: record.manifest.runId,
    phases: new Map(phases.flatMap(({ kind }, index) => (seconds[index] ? [[kind, seconds[index]] as const] : []))),
  };
}

/**
 * For each objective over samples (quantiles of latency, error rates) and each of its phases: how many requests the plan gives it, and how long the phase
 * must be for `gate` to tell anything, and for a criterion relative to earlier runs not to be passed by chance.
 */
export function objectiveSizes(
  objectives: readonly Objective[],
  phases: readonly PlannedPhase[],
  settings: ComparisonSettings,
  pilot?: PilotRun,
): ObjectiveSize[] {
  const all = objectives.flatMap((objective) => {
    const samples = ofSamples(objective.sli);
    if (!samples) return [];
    const own = objective.phase === undefined ? (['baseline', 'recovery'] as const) : [objective.phase];
    return phases.filter(({ phase }) => own.some((each) => each === phase)).map((planned) => ({ objective, planned, ...samples }));
  });
  return all.map((each) => sizeOf(each, { settings, pilot, family: all.length }));
}

interface Planned {
  readonly objective: Objective;
  readonly planned: PlannedPhase;
  readonly operation: string | undefined;
  readonly quantile: number | undefined;
}

function sizeOf({ objective, planned, operation, quantile }: Planned, asked: Asked): ObjectiveSize {
  const { sli, displayName } = objective;
  const { phase, seconds } = planned;
  const before = asked.pilot?.phases.get(phase);
  const share = operation === undefined ? 1 : shareOf(operation, before);
  const requests = Math.round(planned.requests * (share ?? 1));
  const estimate = estimateOf(before, operation, quantile) ?? assumedOf(quantile, requests / seconds);
  const needs = estimate ? neededFor(objective, estimate, asked) : [];
  const figureNeeds = quantile === undefined ? undefined : minimumSamples(quantile);
  const size = { sli, displayName: displayName || sli, phase, seconds, requests, ofAll: share === undefined, needs };
  const warning = warningOf(size, figureNeeds);
  return { ...size, ...(figureNeeds === undefined ? {} : { figureNeeds }), ...(warning === undefined ? {} : { warning }) };
}

function shareOf(operation: string, before: PhaseSeconds | undefined): number | undefined {
  const own = before?.byOperation.get(operation);
  if (!before || !own) return undefined;
  const count = ({ errors: { denominator } }: typeof own): number => denominator.reduce((sum, each) => sum + each, 0);
  return count(own) / count(before.all);
}

/** The pilot's figure with its error; undefined where it has none that could be compared. */
function estimateOf(before: PhaseSeconds | undefined, operation: string | undefined, quantile: number | undefined): Estimate | undefined {
  const own = operation === undefined ? before?.all : before?.byOperation.get(operation);
  if (!before || !own || before.seconds < leastPilotSec) return undefined;
  if (quantile !== undefined) return own.latencyUs.count < minimumSamples(quantile) ? undefined : quantileEstimate(own.latencyUs, quantile);
  const rate = ratioEstimate(own.errors);
  // Of nothing, no share is larger: any failure tells.
  return rate.value > 0 ? rate : undefined;
}

function assumedOf(quantile: number | undefined, ratePerSec: number): Estimate | undefined {
  return quantile === undefined || ratePerSec <= 0 ? undefined : assumedPilot(quantile, assumedSec, ratePerSec);
}

function neededFor({ pass, warning }: Objective, pilot: Estimate, { settings, family }: Asked): NeededSize[] {
  const options = { significance: settings.significance / family, sides: 1 } as const;
  const sized = (of: NeededSize['for'], shiftPercent: number, shift: number): NeededSize => {
    const size = shift > 0 ? sizeFor(pilot, shift, options) : undefined;
    return { for: of, shiftPercent, seconds: size?.seconds ?? null, requests: size?.samples ?? null };
  };
  const { toleratePercent, mustDetectPercent } = settings;
  // Seen from the edge of what is tolerated, as the comparison sees it.
  const beyond = (1 + mustDetectPercent / 100) / (1 + toleratePercent / 100) - 1;
  const relative = [...pass, ...warning].flat().filter((each) => each.relative === 'percent' && each.operator.startsWith('<') && each.bound > 0);
  const least = Math.min(...relative.map(({ bound }) => bound));
  return [sized('gate', mustDetectPercent, beyond), ...(relative.length > 0 ? [sized('criterion', least, least / 100)] : [])];
}

function warningOf(size: Pick<ObjectiveSize, 'displayName' | 'phase' | 'seconds' | 'requests' | 'needs'>, figureNeeds = 0): string | undefined {
  const { displayName, phase, seconds, requests, needs } = size;
  const lasts = `${displayName} in the ${phase}: ${requests} requests in ${durationText(seconds * 1_000)}`;
  if (requests < figureNeeds) return `${lasts} are no figure, which takes ${figureNeeds}; lengthen the phase or raise the rate`;
  const short = needs.filter((each) => each.seconds === null || each.seconds > seconds);
  if (short.length === 0) return undefined;
  const texts = short.map(({ for: of, shiftPercent, seconds: needed }) => {
    const length = needed === null ? 'more than a day' : durationText(needed * 1_000);
    return of === 'gate'
      ? `\`gate\` cannot tell of +${shiftPercent} % before ${length}`
      : `a criterion of +${shiftPercent} % is met or missed by chance before ${length}`;
  });
  const raise = short.some((each) => each.for === 'gate') ? ', raise the rate, or set gate.mustDetectPercent higher' : ' or raise the rate';
  return `${lasts} are too few: ${texts.join(', and ')}; lengthen the phase${raise}`;
}
