import { ProofloadError } from '../core/errors.ts';
import type { PhaseKind } from '../record/types.ts';

/** How often flows start, over a whole run: always an open model, so a slow system does not slow the arrivals down. */
export type ArrivalProfile =
  | { readonly kind: 'constant'; readonly ratePerSec: number }
  | { readonly kind: 'ramp'; readonly fromPerSec: number; readonly toPerSec: number; readonly phase?: PhaseKind; readonly overSec?: number }
  | { readonly kind: 'steps'; readonly steps: readonly { readonly ratePerSec: number; readonly durationSec: number }[] }
  | {
      readonly kind: 'spike';
      readonly ratePerSec: number;
      readonly peakPerSec: number;
      readonly phase: PhaseKind;
      readonly afterSec: number;
      readonly durationSec: number;
      readonly rampSec: number;
    };

/** A phase as arrivals see it: which one, and how long in seconds of the wall. */
export interface PhaseSpan {
  readonly kind: PhaseKind;
  readonly durationSec: number;
}

/** A stretch in which the rate goes in a straight line; seconds of the wall. */
export interface Segment {
  readonly durationSec: number;
  readonly fromPerSec: number;
  readonly toPerSec: number;
}

/** The same rate from the first second of the run to the last. */
export function constant(options: { ratePerSec: number }): ArrivalProfile {
  return { kind: 'constant', ratePerSec: options.ratePerSec };
}

/**
 * A rate that moves in a straight line and then stays: over the named phase (before it, the first rate holds), or over
 * `overSec` from the start of the run, or, with neither, over the whole run.
 */
export function ramp(options: { fromPerSec: number; toPerSec: number; phase?: PhaseKind; overSec?: number }): ArrivalProfile {
  if (options.phase !== undefined && options.overSec !== undefined) throw badArrivals('a ramp takes `phase` or `overSec`, not both');
  return { kind: 'ramp', ...options };
}

/** One rate after the other; the last one holds until the run ends. */
export function steps(each: readonly { ratePerSec: number; durationSec: number }[]): ArrivalProfile {
  if (each.length === 0) throw badArrivals('steps need at least one step');
  return { kind: 'steps', steps: each };
}

/**
 * A rate with one burst: `afterSec` (default 0) into the phase it rises to the peak within `rampSec` (default 0: at once),
 * and is back at the base `durationSec` after it left it.
 */
export function spike(options: {
  ratePerSec: number;
  peakPerSec: number;
  phase: PhaseKind;
  durationSec: number;
  afterSec?: number;
  rampSec?: number;
}): ArrivalProfile {
  const { afterSec = 0, rampSec = 0 } = options;
  if (2 * rampSec > options.durationSec) throw badArrivals(`a spike of ${options.durationSec} s is too short to ramp for ${rampSec} s up and down`);
  return { kind: 'spike', ...options, afterSec, rampSec };
}

/**
 * The straight stretches of `arrivals` over the phases, in order; together they last exactly as long as the phases.
 * Rates are kept to 0.001 a second and lengths to a millisecond, which is what the generators take.
 */
export function segmentsOf(arrivals: ArrivalProfile, phases: readonly PhaseSpan[]): Segment[] {
  const totalSec = phases.reduce((sum, phase) => sum + phase.durationSec, 0);
  if (!(totalSec > 0)) throw badArrivals('the phases have no length');
  const corners = cornersOf(arrivals, phases, totalSec);
  const segments: Segment[] = [];
  for (const [index, corner] of corners.entries()) {
    const next = corners[index + 1] ?? { atSec: totalSec, perSec: corner.perSec };
    const [startMs, endMs] = [toMs(corner.atSec, totalSec), toMs(next.atSec, totalSec)];
    if (endMs > startMs) segments.push({ durationSec: (endMs - startMs) / 1000, fromPerSec: toRate(corner.perSec), toPerSec: toRate(next.perSec) });
  }
  return segments;
}

/** A point of the profile; two at one time make a jump. After the last one its rate holds. */
interface Corner {
  readonly atSec: number;
  readonly perSec: number;
}

function cornersOf(arrivals: ArrivalProfile, phases: readonly PhaseSpan[], totalSec: number): Corner[] {
  switch (arrivals.kind) {
    case 'constant':
      return [{ atSec: 0, perSec: arrivals.ratePerSec }];
    case 'ramp': {
      const { fromPerSec, toPerSec, phase, overSec } = arrivals;
      const span = phase === undefined ? { startSec: 0, endSec: overSec ?? totalSec } : spanOf(phase, phases);
      return [
        { atSec: 0, perSec: fromPerSec },
        { atSec: span.startSec, perSec: fromPerSec },
        { atSec: span.endSec, perSec: toPerSec },
      ];
    }
    case 'steps': {
      let atSec = 0;
      const corners: Corner[] = [];
      for (const step of arrivals.steps) {
        if (!(step.durationSec > 0)) throw badArrivals(`a step lasts ${step.durationSec} s; it must last longer than 0`);
        corners.push({ atSec, perSec: step.ratePerSec });
        atSec += step.durationSec;
        corners.push({ atSec, perSec: step.ratePerSec });
      }
      return corners;
    }
    case 'spike': {
      const { ratePerSec, peakPerSec, phase, afterSec, durationSec, rampSec } = arrivals;
      const { startSec, endSec } = spanOf(phase, phases);
      const from = startSec + afterSec;
      if (from + durationSec > endSec) throw badArrivals(`the spike ends ${from + durationSec - endSec} s after its phase ${phase}`);
      return [
        { atSec: 0, perSec: ratePerSec },
        { atSec: from, perSec: ratePerSec },
        { atSec: from + rampSec, perSec: peakPerSec },
        { atSec: from + durationSec - rampSec, perSec: peakPerSec },
        { atSec: from + durationSec, perSec: ratePerSec },
      ];
    }
  }
}

function spanOf(kind: PhaseKind, phases: readonly PhaseSpan[]): { startSec: number; endSec: number } {
  let startSec = 0;
  for (const phase of phases) {
    if (phase.kind === kind) return { startSec, endSec: startSec + phase.durationSec };
    startSec += phase.durationSec;
  }
  throw badArrivals(`the run has no phase ${kind}`);
}

function toMs(atSec: number, totalSec: number): number {
  return Math.round(Math.min(atSec, totalSec) * 1000);
}

function toRate(perSec: number): number {
  if (!(perSec >= 0 && perSec < 1e6)) throw badArrivals(`a rate of ${perSec} a second; it must be from 0 to 1,000,000`);
  return Math.round(perSec * 1000) / 1000;
}

function badArrivals(message: string): ProofloadError {
  return new ProofloadError('bad-arrivals', `arrivals: ${message}`, { hint: 'correct `arrivals` in the exercise' });
}
