import { expect, it } from 'vitest';
import { type Table, tableNotes, textCell } from '../tables/table.ts';
import { textPage } from './page.ts';
import { tableLines } from './table.ts';

it('counts reasons from 1 where the column that needed the first one is left out', () => {
  const notes = tableNotes();
  const rows = [[textCell('the baseline phase of a run [2]'), notes.noData('nobody asked'), notes.noData('nobody knows')]];
  const columns: Table['columns'] = [
    { label: 'Phase', align: 'left' },
    { label: 'What a narrow terminal leaves out', align: 'right', rank: 1 },
    { label: 'Count', align: 'right' },
  ];
  const table = { caption: '', columns, rows, footnotes: notes.footnotes() };
  expect(tableLines(table, textPage({ columns: 60 })).slice(2)).toEqual([
    '  the baseline phase of a run [2]  no data [1]',
    '  [1] no data: nobody knows',
  ]);
  const all = tableLines(table, textPage({ columns: 120 })).slice(2);
  expect(all[0]).toMatch(/no data \[1\] +no data \[2\]$/);
  expect(all.slice(1)).toEqual(['  [1] no data: nobody asked', '  [2] no data: nobody knows']);
});
