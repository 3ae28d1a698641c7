import type { Assessment, Figure, ThrottleFigure } from '../../grade/types.ts';
import type { PhaseKind } from '../../record/types.ts';
import { phaseWords } from '../words.ts';
import { type Table, tableNotes, textCell } from './table.ts';

/** Refusals for want of capacity by service, resource and reason, with a column a phase; rows that are 0 wherever they are graded stay out. */
export function throttleTable(assessment: Assessment): Table {
  const notes = tableNotes();
  const phases = assessment.phases.map(({ phase }) => phase);
  const rows = new Map<string, { of: ThrottleFigure; counts: Map<PhaseKind, Figure> }>();
  for (const { phase, throttles } of assessment.phases) {
    for (const of of throttles) {
      const key = JSON.stringify([of.service, of.resource, of.reason]);
      const row = rows.get(key) ?? { of, counts: new Map() };
      row.counts.set(phase, of.count);
      rows.set(key, row);
    }
  }
  const shown = [...rows.values()].filter(({ counts }) => [...counts].some(([phase, count]) => tells(phase, count)));
  return {
    caption: 'Throttles by service, resource and reason',
    columns: [
      { label: 'Service', align: 'left' },
      { label: 'Resource', align: 'left' },
      { label: 'Reason', align: 'left' },
      ...phases.map((phase) => ({ label: phaseWords[phase], align: 'right' as const, rank: phase === 'warm-up' ? 1 : 0 })),
    ],
    rows: shown.map(({ of, counts }) => [
      textCell(of.service),
      textCell(of.resource),
      textCell(of.reason),
      ...phases.map((phase) => {
        const count = counts.get(phase);
        if (!count) return notes.noData('this metric was not collected for that phase');
        return notes.cell(count, count.state === 'value' && count.value > 0 ? 'warn' : 'muted');
      }),
    ]),
    footnotes: notes.footnotes(),
  };
}

/** Whether a count is worth a row: something was throttled, or nobody knows; the warm-up is never graded, so there not knowing is usual. */
function tells(phase: PhaseKind, count: Figure): boolean {
  return count.state === 'value' ? count.value !== 0 : phase !== 'warm-up';
}
