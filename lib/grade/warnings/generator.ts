import type { RunRecord } from '../../record/reader.ts';
import type { Warning } from '../../record/types.ts';
import type { PhaseFigures } from '../types.ts';
import { endOf } from './course.ts';

/** Lateness p99 of flow starts above which the load was not the one that was asked for; k6 on a machine with room starts within some milliseconds. */
const lateMs = 100;
/** Lag of the run's own event loop above which its phases and faults did not begin when they should. */
const runLagMs = 1_000;
/** Share of a phase's arrivals that may be dropped because the system was slow; above it, the run cannot pass. */
const heldUpShare = 0.01;
/** Mean use of the machine above which what is measured is the machine. */
const busyShare = 0.95;

/** Whether the generator could do what it was asked to: where it could not, the figures are about it and not about the system. */
export function generatorWarnings(record: RunRecord, phases: readonly PhaseFigures[]): Warning[] {
  const graded = phases.filter(({ phase }) => phase !== 'warm-up');
  return [...graded.flatMap(dropped), ...graded.flatMap(heldUp), ...graded.flatMap(late), ...busy(record, graded), ...brokenOff(record)];
}

function dropped({ phase, arrivals }: PhaseFigures): Warning[] {
  if (arrivals.droppedGeneratorSlow === 0) return [];
  return [
    {
      code: 'generator-slow',
      message: `in the ${phase} phase ${arrivals.droppedGeneratorSlow} of ${arrivals.planned} flows did not start because the generator was short of CPU or virtual users`,
      advice: 'lower the rate or use a larger machine',
      invalidates: true,
    },
  ];
}

/** Arrivals that found every virtual user held by the system: they count as failed, and `failedArrivals` says when they are too many to pass. */
function heldUp({ phase, arrivals }: PhaseFigures): Warning[] {
  if (arrivals.droppedSystemSlow === 0) return [];
  return [
    {
      code: 'system-slow',
      message: heldUpText(phase, arrivals),
      advice: 'latencies and error rates lack these flows: judge them with the objective dropped_arrivals',
      invalidates: false,
    },
  ];
}

/** Why the run cannot pass, whatever its objectives say: phases in which the system held up more than 1 % of the flows that were meant to start. */
export function failedArrivals(phases: readonly PhaseFigures[]): string[] {
  return phases
    .filter(({ phase, arrivals }) => phase !== 'warm-up' && arrivals.droppedSystemSlow > heldUpShare * arrivals.planned)
    .map(({ phase, arrivals }) => `${heldUpText(phase, arrivals)}: more than ${heldUpShare * 100} %`);
}

function heldUpText(phase: string, { droppedSystemSlow, planned }: PhaseFigures['arrivals']): string {
  return `in the ${phase} phase ${droppedSystemSlow} of ${planned} flows did not start because the system held every virtual user`;
}

function late({ phase, arrivals }: PhaseFigures): Warning[] {
  const lateness = arrivals.latenessP99Ms;
  if (lateness.state === 'no-data' || lateness.value <= lateMs) return [];
  return [
    {
      code: 'generator-late',
      message: `in the ${phase} phase flows started late: p99 ${Math.round(lateness.value)} ms after they were meant to, and ${lateMs} ms are allowed`,
      advice: 'lower the rate or use a larger machine',
      invalidates: true,
    },
  ];
}

function busy({ health }: RunRecord, graded: readonly PhaseFigures[]): Warning[] {
  return graded.flatMap(({ phase, window }) => {
    const inside = health.filter(({ atMs }) => atMs >= window.startMs && atMs < window.endMs);
    const mean = inside.reduce((sum, { machineCpu }) => sum + machineCpu, 0) / inside.length;
    const lagMs = Math.max(0, ...inside.map((each) => each.lagMs));
    const advice = 'latencies may be those of the machine: lower the rate, or use a larger machine';
    const warnings: Warning[] = [];
    if (mean > busyShare)
      warnings.push({
        code: 'machine-busy',
        message: `in the ${phase} phase the machine's cores were ${Math.round(mean * 100)} % busy`,
        advice,
        invalidates: false,
      });
    if (lagMs > runLagMs)
      warnings.push({
        code: 'run-lagged',
        message: `in the ${phase} phase the run itself was late by up to ${Math.round(lagMs)} ms`,
        advice,
        invalidates: false,
      });
    return warnings;
  });
}

/** A generator that ended with an error of its own: not with crossed thresholds, and not because the run stopped it. */
function brokenOff({ journal }: RunRecord): Warning[] {
  const { interruptedBy, stopped, reason = 'complete' } = endOf(journal);
  if (interruptedBy !== undefined || stopped.length > 0 || !['complete', 'traffic-ended'].includes(reason)) return [];
  return journal.flatMap((event) => {
    if (event.kind !== 'traffic-ended' || event.exitCode === 0 || event.thresholdsCrossed?.length) return [];
    return [
      {
        code: 'generator-failed',
        message: `the generator of flow ${event.flow} ended ${event.exitCode === null ? 'by a signal' : `with exit code ${event.exitCode}`}${event.detail ? `: ${event.detail}` : ''}`,
        advice: 'the traffic is not the one that was asked for; look at its log and run again',
        invalidates: true,
      },
    ];
  });
}
