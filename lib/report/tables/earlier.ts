import type { Assessment, CriterionResult, ObjectiveResult } from '../../grade/types.ts';
import { quantityText, signedPercent } from '../format.ts';
import { phaseWords, statusWords } from '../words.ts';
import { criteriaText } from './objectives.ts';
import { type Cell, type Table, tableNotes, textCell } from './table.ts';

/** The objectives that are held against earlier runs: what those had, what this one has, and what was asked of the change. */
export function earlierTable({ objectives, comparedWith = [] }: Assessment): Table {
  const notes = tableNotes();
  const relative = objectives.filter((each) => relativeCriteria(each).length > 0);
  const runs =
    comparedWith.length === 0
      ? 'There was no earlier run to compare with; such criteria are then met by rule.'
      : `Earlier: ${comparedWith.join(', ')}.`;
  return {
    caption: 'Objectives against earlier runs',
    columns: [
      { label: 'Objective', align: 'left' },
      { label: 'Result', align: 'left' },
      { label: 'Phase', align: 'left' },
      { label: 'Earlier', align: 'right' },
      { label: 'This run', align: 'right' },
      { label: 'Change', align: 'right' },
      { label: 'Asked for', align: 'left' },
    ],
    rows: relative.map((objective) => {
      const { displayName, sli, phase, status, value } = objective;
      const earlier = relativeCriteria(objective)[0]?.earlier ?? null;
      const { sign, label, tone } = statusWords[status];
      return [
        textCell(displayName || sli),
        textCell(`${sign} ${label}`, tone),
        textCell(phaseWords[phase]),
        earlier === null ? textCell('none', 'muted') : textCell(quantityText(earlier, value.unit)),
        notes.cell(value),
        changeCell(objective, earlier),
        textCell(criteriaText(relativeCriteria(objective), value)),
      ];
    }),
    footnotes: [...notes.footnotes(), runs],
  };
}

function relativeCriteria({ pass, warning }: ObjectiveResult): CriterionResult[] {
  return [...pass, ...warning].filter(({ earlier }) => earlier !== undefined);
}

function changeCell({ value }: ObjectiveResult, earlier: number | null): Cell {
  if (value.state === 'no-data' || earlier === null || earlier === 0) return textCell('–', 'muted');
  return textCell(signedPercent(((value.value - earlier) / Math.abs(earlier)) * 100));
}
