import type { RunRecord } from '../record/reader.ts';
import type { JournalEvent, Phase, Window } from '../record/types.ts';
import { minuteMs } from './cloudwatch.ts';

/** A phase with what of it is graded. */
export interface GradedPhase {
  readonly kind: Phase['kind'];
  /** As the journal has it. */
  readonly asRun: Phase;
  /** What client figures are taken over: whole seconds of the phase; in the fault phase, only those of the fault's effect. */
  readonly window: Window;
  /** Starts of the whole clock minutes inside `window`: what CloudWatch figures are taken over. */
  readonly minutes: readonly number[];
  /** Whether there are enough minutes; never for the warm-up. */
  readonly graded: boolean;
}

/** Least number of whole clock minutes that grade a phase on CloudWatch figures; one in an exercise that declares `smoke: true`. */
export function minutesNeeded(smoke: boolean): number {
  return smoke ? 1 : 2;
}

/** Cuts the phases of a run into what is graded. A fault's effect is known from the steps that apply and restore; failing that, FIS's own window. */
export function gradedPhases(record: RunRecord): GradedPhase[] {
  const { smoke, timeScale, imported } = record.manifest;
  const effects = effectWindows(record.journal);
  return record.phases().map((asRun) => {
    const inside = asRun.kind === 'fault' ? effects.filter((effect) => effect.endMs > asRun.startMs && effect.startMs < asRun.endMs) : [];
    const startMs = Math.max(asRun.startMs, Math.min(...inside.map((effect) => effect.startMs)), Number.NEGATIVE_INFINITY);
    const endMs = Math.min(asRun.endMs, Math.max(...inside.map((effect) => effect.endMs)), Number.POSITIVE_INFINITY);
    const window = inside.length > 0 ? cut({ startMs, endMs }, timeScale) : cut(asRun, timeScale);
    const minutes = wholeMinutes(window);
    // Nothing of an imported run stands on CloudWatch's minutes.
    const enough = imported !== undefined || minutes.length >= minutesNeeded(smoke);
    return { kind: asRun.kind, asRun, window, minutes, graded: asRun.kind !== 'warm-up' && enough };
  });
}

/** The effect's window of every fault, else FIS's. */
function effectWindows(journal: readonly JournalEvent[]): Window[] {
  const byFault = new Map<string, { effect?: Window; fis?: Window }>();
  for (const event of journal) {
    if (event.kind !== 'fault-window' || event.of === 'asked') continue;
    byFault.set(event.fault, { ...byFault.get(event.fault), [event.of]: event.window });
  }
  return [...byFault.values()].flatMap(({ effect, fis }) => effect ?? fis ?? []);
}

/** Starts of the minutes that hold an edge of a phase or of an effect: drawn, never graded. */
export function transitionMinutes(record: RunRecord): number[] {
  const { timeScale } = record.manifest;
  const edges = [...record.phases(), ...effectWindows(record.journal)]
    .map((window) => cut(window, timeScale))
    .flatMap(({ startMs, endMs }) => [startMs, endMs]);
  const minutes = edges.filter((edge) => edge % minuteMs !== 0).map((edge) => Math.floor(edge / minuteMs) * minuteMs);
  return [...new Set(minutes)].sort((a, b) => a - b);
}

/**
 * Cut at the second. An edge within half a second of a clock minute is that minute's: the journal's times are those of `run`, which acts some
 * milliseconds late. On a faster clock the same lateness of the wall weighs `timeScale` times as much, so 100 ms of the wall are allowed.
 */
function cut({ startMs, endMs }: Window, timeScale: number): Window {
  const toleranceMs = Math.max(500, 100 * timeScale);
  const snapped = (ms: number): number => {
    const minute = Math.round(ms / minuteMs) * minuteMs;
    return Math.abs(ms - minute) <= toleranceMs ? minute : Math.round(ms / 1000) * 1000;
  };
  return { startMs: snapped(startMs), endMs: Math.max(snapped(startMs), snapped(endMs)) };
}

function wholeMinutes({ startMs, endMs }: Window): number[] {
  const minutes: number[] = [];
  for (let minute = Math.ceil(startMs / minuteMs) * minuteMs; minute + minuteMs <= endMs; minute += minuteMs) minutes.push(minute);
  return minutes;
}
