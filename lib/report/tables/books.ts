import type { Assessment } from '../../grade/types.ts';
import { countText } from '../format.ts';
import { type Table, textCell } from './table.ts';

/** Counts of one thing from two sources: whether the measurement's books balance. */
export function bookTable(assessment: Assessment): Table {
  return {
    caption: 'Books: one thing counted twice',
    columns: [
      { label: 'What', align: 'left' },
      { label: 'Balance', align: 'left' },
      { label: 'One source', align: 'left', rank: 1 },
      { label: 'Count', align: 'right' },
      { label: 'Other source', align: 'left', rank: 1 },
      { label: 'Count', align: 'right' },
      { label: 'Difference', align: 'right', rank: 2 },
    ],
    rows: assessment.books.map(({ what, left, right, agree }) => [
      textCell(what),
      agree ? textCell('✓ agree', 'good') : textCell('✗ differ', 'bad'),
      textCell(left.source),
      textCell(countText(left.count)),
      textCell(right.source),
      textCell(countText(right.count)),
      textCell(left.count === right.count ? '0' : `${right.count > left.count ? '+' : ''}${countText(right.count - left.count)}`),
    ]),
    footnotes: [],
  };
}
