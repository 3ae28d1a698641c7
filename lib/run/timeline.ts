import type { PhaseKind } from '../record/types.ts';
import type { PhaseLengths } from './exercise.ts';

const minuteMs = 60_000;

/**
 * How long after the fault phase's start the effect may still begin, at most, for the plan of the traffic: FIS and the
 * automation need some seconds to get to the step that applies it. A later effect shortens the recovery that is seen.
 */
const faultStartAllowanceMs = 30_000;

/** When each phase is meant to start and end, in the site's time. The fault phase really ends when the effect does. */
export interface Timeline {
  readonly trafficStartMs: number;
  readonly phases: readonly { readonly kind: PhaseKind; readonly startMs: number; readonly endMs: number }[];
  readonly endMs: number;
}

/** The start of the clock minute that is not before `atMs`. */
function minuteAtOrAfter(atMs: number): number {
  return Math.ceil(atMs / minuteMs) * minuteMs;
}

/**
 * Lays the phases of an exercise on the clock. Baseline and fault start on whole minutes, since CloudWatch counts by
 * the minute; what is left until then is warm-up.
 * @param faultSec longest fault, 0 where there is none
 */
export function planTimeline(startMs: number, lengths: PhaseLengths, faultSec: number): Timeline {
  const baselineMs = minuteAtOrAfter(startMs + lengths.warmUpSec * 1_000);
  const faultMs = baselineMs + lengths.baselineMin * minuteMs;
  const phases: Timeline['phases'][number][] = [
    { kind: 'warm-up', startMs, endMs: baselineMs },
    { kind: 'baseline', startMs: baselineMs, endMs: faultMs },
  ];
  if (faultSec === 0) return { trafficStartMs: startMs, phases, endMs: faultMs };
  const effectEndMs = faultMs + faultSec * 1_000 + faultStartAllowanceMs;
  const endMs = minuteAtOrAfter(effectEndMs) + lengths.recoveryMin * minuteMs;
  phases.push({ kind: 'fault', startMs: faultMs, endMs: effectEndMs }, { kind: 'recovery', startMs: effectEndMs, endMs });
  return { trafficStartMs: startMs, phases, endMs };
}

/** What is wrong with the lengths, in a sentence that says the length needed; undefined when every phase can be graded. */
export function tooShortToGrade(lengths: PhaseLengths, faultSec: number, smoke: boolean): string | undefined {
  const minutes = smoke ? 1 : 2;
  const why = `a phase is graded over ${minutes === 1 ? 'one whole clock minute' : 'two whole clock minutes'}${smoke ? '' : ', or one in an exercise that declares smoke: true'}`;
  if (lengths.baselineMin < minutes) return `the baseline lasts ${lengths.baselineMin} min and needs ${minutes}: ${why}`;
  if (faultSec === 0) return undefined;
  // An effect that starts some seconds into a minute and ends as many into another covers one whole minute less than it lasts.
  const faultNeedsSec = (minutes + 1) * 60;
  if (faultSec < faultNeedsSec) return `the fault lasts ${faultSec} s and needs ${faultNeedsSec} s: it starts inside a minute, and ${why}`;
  if (lengths.recoveryMin < minutes) return `the recovery lasts ${lengths.recoveryMin} min and needs ${minutes}: ${why}`;
  return undefined;
}
