import { clockTime, durationText } from '../../core/time-format.ts';
import type { FaultFigures } from '../../grade/types.ts';
import type { Window } from '../../record/types.ts';
import { figureText } from '../format.ts';
import { provenance, type Tone } from '../words.ts';

/** One line of what is known about a fault. */
export interface FaultFact {
  readonly label: string;
  readonly text: string;
  readonly tone?: Tone;
  readonly note?: string;
  /** By which rule it was found; too long for a terminal. */
  readonly rule?: string;
  /** A command that the reader may have to run. */
  readonly command?: string;
}

const windowLabels = { asked: 'Asked for', fis: 'By FIS', effect: 'Effect' } as const;

/** What was asked, what happened, whether it was seen, undone and recovered from, in that order. */
export function faultFacts(fault: FaultFigures): FaultFact[] {
  const windows = (['asked', 'fis', 'effect'] as const).map((of): FaultFact => {
    const window = fault.windows[of];
    return window
      ? { label: windowLabels[of], text: windowText(window) }
      : { label: windowLabels[of], text: 'no data: this window was not recorded', tone: 'muted' };
  });
  const { probe, timeToRecoverSec: recovery } = fault;
  return [
    ...(fault.description ? [{ label: 'What', text: fault.description }] : []),
    ...windows,
    {
      label: 'Probe',
      text: `${probe.name}: ${probe.observed ? 'observed' : 'NOT observed'}, ${figureText(probe.value)}`,
      tone: probe.observed ? 'good' : 'bad',
      note: provenance(probe.value),
    },
    ...undoFacts(fault),
    {
      label: 'Recovered',
      text: recovery.state === 'value' ? `${recovery.value === 0 ? '' : 'after '}${figureText(recovery)}` : figureText(recovery),
      note: provenance(recovery),
      ...(fault.recoveryRule ? { rule: fault.recoveryRule } : {}),
      ...(recovery.state === 'no-data' ? { tone: 'muted' as const } : {}),
    },
  ];
}

/** Whether an outcome of an undo leaves nothing to do. */
function undoTone(outcome: string): Tone {
  if (outcome === 'restored' || outcome === 'already-restored') return 'good';
  return outcome === 'changed-by-other' ? 'warn' : 'bad';
}

function undoFacts(fault: FaultFigures): FaultFact[] {
  if (fault.undo.length === 0) return [{ label: 'Undo', text: 'no data: no undo was recorded', tone: 'muted' }];
  return fault.undo.map(({ resource, outcome, detail, command }) => ({
    label: 'Undo',
    text: `${resource}: ${outcome}${detail ? `, ${detail}` : ''}`,
    tone: undoTone(outcome),
    ...(command ? { command } : {}),
  }));
}

/** `09:03:07 – 09:05:09 UTC (2 min 2 s)`. */
export function windowText({ startMs, endMs }: Window): string {
  return `${clockTime(startMs)} – ${clockTime(endMs)} UTC (${durationText(endMs - startMs)})`;
}
