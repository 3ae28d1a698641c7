import { durationText } from '../../core/time-format.ts';
import type { Assessment, LatencyFigures, PhaseFigures } from '../../grade/types.ts';
import { countText } from '../format.ts';
import { phaseWords, plural, type Tone } from '../words.ts';
import { type Cell, type Notes, type Table, tableNotes, textCell } from './table.ts';

/** The key figures, one row a phase. */
export function phaseTable(assessment: Assessment): Table {
  const notes = tableNotes();
  const rows = assessment.phases.map((phase) => [
    textCell(phaseWords[phase.phase]),
    gradedCell(phase),
    textCell(countText(phase.requests)),
    notes.cell(phase.ratePerSec),
    ...quantileCells(phase.latency, notes),
    notes.cell(phase.errorRate, toneOfErrors(phase.errorRate)),
    throttleTotal(phase, notes),
  ]);
  return {
    caption: 'Key figures by phase',
    columns: [
      { label: 'Phase', align: 'left' },
      { label: 'Graded on', align: 'left', rank: 2 },
      { label: 'Requests', align: 'right', rank: 1 },
      { label: 'Rate', align: 'right' },
      { label: 'p50', align: 'right', rank: 3 },
      { label: 'p95', align: 'right' },
      { label: 'p99', align: 'right' },
      { label: 'Errors', align: 'right' },
      { label: 'Throttles', align: 'right' },
    ],
    rows,
    footnotes: notes.footnotes(),
  };
}

/** The same figures by operation, one row an operation and phase. */
export function operationTable(assessment: Assessment): Table {
  const notes = tableNotes();
  const ordered = assessment.phases
    .flatMap(({ phase, operations }) => operations.map((operation) => ({ phase, ...operation })))
    .sort((a, b) => a.operation.localeCompare(b.operation, 'en'));
  const rows = ordered.map(({ phase, operation, requests, latency, errorRate }) => [
    textCell(operation),
    textCell(phaseWords[phase]),
    textCell(countText(requests)),
    ...quantileCells(latency, notes),
    notes.cell(latency.max),
    notes.cell(errorRate, toneOfErrors(errorRate)),
  ]);
  return {
    caption: 'Latency and errors by operation',
    columns: [
      { label: 'Operation', align: 'left' },
      { label: 'Phase', align: 'left' },
      { label: 'Requests', align: 'right', rank: 1 },
      { label: 'p50', align: 'right', rank: 3 },
      { label: 'p95', align: 'right' },
      { label: 'p99', align: 'right' },
      { label: 'Max', align: 'right', rank: 2 },
      { label: 'Errors', align: 'right' },
    ],
    rows,
    footnotes: notes.footnotes(),
  };
}

/** Whether flows started when they were meant to, one row a phase. */
export function arrivalTable(assessment: Assessment): Table {
  const notes = tableNotes();
  const dropped = (count: number): Cell => textCell(countText(count), count > 0 ? 'bad' : undefined);
  const rows = assessment.phases.map(({ phase, arrivals }) => [
    textCell(phaseWords[phase]),
    textCell(countText(arrivals.planned)),
    textCell(countText(arrivals.started)),
    dropped(arrivals.droppedSystemSlow),
    dropped(arrivals.droppedGeneratorSlow),
    notes.cell(arrivals.latenessP99Ms),
  ]);
  return {
    caption: 'Arrivals: flows meant to start, and those that did',
    columns: [
      { label: 'Phase', align: 'left' },
      { label: 'Planned', align: 'right' },
      { label: 'Started', align: 'right' },
      { label: 'Dropped, system slow', align: 'right' },
      { label: 'Dropped, generator slow', align: 'right' },
      { label: 'Lateness p99', align: 'right', rank: 1 },
    ],
    rows,
    footnotes: notes.footnotes(),
  };
}

function quantileCells(latency: LatencyFigures, notes: Notes): Cell[] {
  return [notes.cell(latency.p50), notes.cell(latency.p95), notes.cell(latency.p99)];
}

function toneOfErrors(rate: PhaseFigures['errorRate']): Tone | undefined {
  return rate.state === 'value' && rate.value > 0 ? 'warn' : undefined;
}

function gradedCell(phase: PhaseFigures): Cell {
  const length = durationText(phase.window.endMs - phase.window.startMs);
  if (!phase.graded) return { text: 'not graded', note: `${length} long`, tone: 'muted' };
  const minutes = phase.gradedMinutes.length;
  if (minutes === 0) return { text: length, note: 'the whole phase' };
  return { text: plural(minutes, 'minute'), note: `${plural(minutes, 'whole clock minute')} of ${length}` };
}

/** All throttles of the phase; when a part of them is unknown, at least the known ones. */
export function throttleTotal(phase: PhaseFigures, notes: Notes): Cell {
  if (phase.throttles.length === 0) return notes.noData('no throttle metric was collected for this phase');
  const unknown = phase.throttles.flatMap(({ count }) => (count.state === 'no-data' ? [count.reason] : []));
  if (unknown.length === phase.throttles.length) return notes.noData(unknown[0] ?? 'not collected');
  let total = 0;
  for (const { count } of phase.throttles) if (count.state === 'value') total += count.value;
  // What is known is 0, and not all is known: that is no 0.
  if (total === 0 && unknown.length > 0) return notes.noData(unknown[0] ?? 'not collected');
  for (const { count } of phase.throttles) if (count.state === 'value') notes.cell(count);
  const note = unknown.length > 0 ? `at least: for a part there is no data (${unknown.join('; ')})` : 'over all resources, in the graded minutes';
  return { text: `${unknown.length > 0 ? '≥ ' : ''}${countText(total)}`, note, ...(total > 0 ? { tone: 'warn' as const } : {}) };
}
