import type { Assessment } from '../../grade/types.ts';
import type { PhaseKind } from '../../record/types.ts';
import { countText, percentText } from '../format.ts';
import { phaseWords } from '../words.ts';
import { type Table, textCell } from './table.ts';

/** What stands where the table below has no rows: no request failed, or none was made. */
export function noClientErrors({ phases }: Assessment): string {
  return phases.some(({ errorRate }) => errorRate.state === 'value') ? 'No request failed.' : 'No data: nothing tells whether a request failed.';
}

/** What clients saw go wrong: errors by kind and operation, with a column a phase. */
export function clientErrorTable(assessment: Assessment): Table {
  const phases = assessment.phases.map(({ phase }) => phase);
  const rows = new Map<string, { kind: string; operation: string; counts: Map<PhaseKind, number> }>();
  for (const { phase, errors } of assessment.phases) {
    for (const { kind, operation, count } of errors) {
      const key = JSON.stringify([kind, operation]);
      const row = rows.get(key) ?? { kind, operation, counts: new Map() };
      row.counts.set(phase, (row.counts.get(phase) ?? 0) + count);
      rows.set(key, row);
    }
  }
  const total = (counts: Map<PhaseKind, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
  const ordered = [...rows.values()].sort((a, b) => total(b.counts) - total(a.counts) || a.kind.localeCompare(b.kind, 'en'));
  const requests = assessment.phases.reduce((sum, phase) => sum + phase.requests, 0);
  return {
    caption: 'Errors that clients saw',
    columns: [
      { label: 'Error', align: 'left' },
      { label: 'Operation', align: 'left' },
      ...phases.map((phase) => ({ label: phaseWords[phase], align: 'right' as const, rank: phase === 'warm-up' ? 2 : 0 })),
      { label: 'Of all requests', align: 'right', rank: 1 },
    ],
    rows: ordered.map(({ kind, operation, counts }) => [
      textCell(kind),
      textCell(operation),
      ...phases.map((phase) => textCell(countText(counts.get(phase) ?? 0), counts.get(phase) ? undefined : 'muted')),
      textCell(requests > 0 ? percentText(total(counts) / requests) : '–'),
    ]),
    footnotes:
      ordered.length > 0
        ? [`Counted ${assessment.manifest.imported?.holds === 'figures' ? 'by the imported file' : "from the clients' samples"}.`]
        : [],
  };
}
