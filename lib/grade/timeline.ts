import { clockTime, durationText } from '../core/time-format.ts';
import type { JournalEvent } from '../record/types.ts';
import type { TimelineEntry } from './types.ts';

type Texts = { readonly [Kind in JournalEvent['kind']]: (event: Extract<JournalEvent, { kind: Kind }>) => string };

/** What each kind of event says; a new kind of event does not compile without its line here. */
const texts: Texts = {
  'run-started': ({ runId, exercise }) => `run ${runId} of ${exercise} started`,
  'phase-started': ({ phase, plannedEndMs }) => `${phase} started, planned until ${clockTime(plannedEndMs)}`,
  'phase-ended': ({ phase }) => `${phase} ended`,
  'undo-registered': ({ setting, resource, found, set, place }) =>
    `undo of ${setting} on ${resource} registered in ${place}: found ${found}, to be set to ${set}`,
  'fault-started': ({ fault, experimentId }) => `fault ${fault} started as experiment ${experimentId}`,
  'fault-state': ({ fault, state, reason }) => `fault ${fault} is ${state}${reason ? `: ${reason}` : ''}`,
  'fault-window': ({ fault, of, window, source }) =>
    `fault ${fault}, window ${of === 'asked' ? 'asked for' : of === 'fis' ? 'by FIS' : 'of the effect'}: ${clockTime(window.startMs)} to ${clockTime(window.endMs)} (${source})`,
  'fault-step': ({ fault, step, state }) => `fault ${fault}, step ${step}: ${state}`,
  undo: ({ fault, resource, outcome, detail }) => `undo of ${fault} on ${resource}: ${outcome}${detail ? `, ${detail}` : ''}`,
  alarm: ({ name, state, reason }) => `alarm ${name} is ${state}${reason ? `: ${reason}` : ''}`,
  'traffic-started': ({ flow, generator }) => `flow ${flow} started with ${generator}`,
  'traffic-ended': ({ flow, exitCode, detail }) => `flow ${flow} ended${exitCode ? ` with exit code ${exitCode}` : ''}${detail ? `: ${detail}` : ''}`,
  drained: ({ waitedMs, quiet, detail }) =>
    `drained: ${quiet ? 'quiet' : 'not yet quiet'} after ${durationText(waitedMs)}${detail ? `, ${detail}` : ''}`,
  invariant: ({ name, checked, violated, unchecked }) =>
    `invariant ${name}: ${unchecked === undefined ? `${violated === 0 ? 'holds' : `violated ${violated} times`}, ${checked} checked` : `not checked, ${unchecked}`}`,
  collected: ({ series, complete, detail }) => `${series} series collected, ${complete ? 'complete' : 'NOT complete'}${detail ? `: ${detail}` : ''}`,
  interrupted: ({ by }) => `interrupted by ${by}`,
  stopped: ({ by, detail }) => `stopped by a ${by === 'guard' ? 'guard' : 'stop condition'}: ${detail}`,
  undone: ({ afterMs }) => `traffic ended and faults undone ${durationText(afterMs)} after the breach`,
  'guards-published': ({ guards, requests }) => `${guards} guards were on the site too: metrics sent ${requests} times, with an alarm each`,
  warning: ({ warning }) => `warning: ${warning.message}`,
  'run-ended': ({ reason }) => `run ended: ${reason}`,
};

/** The journal in words, with what was found in the samples, in order of time. */
export function timelineOf(journal: readonly JournalEvent[], found: readonly TimelineEntry[]): TimelineEntry[] {
  return [...journal.map((event) => ({ atMs: event.at, kind: event.kind, text: textOf(event) })), ...found].sort((a, b) => a.atMs - b.atMs);
}

function textOf(event: JournalEvent): string {
  const text = texts[event.kind] as ((event: JournalEvent) => string) | undefined;
  return text ? text(event) : event.kind;
}
