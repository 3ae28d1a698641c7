import type { Assessment, CriterionResult, Figure, ObjectiveResult } from '../../grade/types.ts';
import { criterionText, quantityText } from '../format.ts';
import { phaseWords, statusWords } from '../words.ts';
import { type Cell, type Table, tableNotes, textCell } from './table.ts';

/** Every objective against its phase: what was measured, what was asked, which criteria were met. */
export function objectiveTable(assessment: Assessment): Table {
  const notes = tableNotes();
  const hasWarnings = assessment.objectives.some(({ warning }) => warning.length > 0);
  const rows = assessment.objectives.map((objective) => [
    textCell(objective.displayName || objective.sli),
    statusCell(objective),
    textCell(phaseWords[objective.phase]),
    notes.cell(objective.value),
    criteriaCell(objective.pass, objective.value),
    ...(hasWarnings ? [criteriaCell(objective.warning, objective.value)] : []),
    weightCell(objective),
  ]);
  return {
    caption: 'Objectives',
    columns: [
      { label: 'Objective', align: 'left' },
      { label: 'Result', align: 'left' },
      { label: 'Phase', align: 'left' },
      { label: 'Measured', align: 'right' },
      { label: 'Pass when', align: 'left' },
      ...(hasWarnings ? [{ label: 'Warning when', align: 'left' as const, rank: 2 }] : []),
      { label: 'Weight', align: 'left', rank: 3 },
    ],
    rows,
    footnotes: notes.footnotes(),
  };
}

function statusCell(objective: ObjectiveResult): Cell {
  const { label, sign, tone } = statusWords[objective.status];
  return { text: `${sign} ${label}`, tone };
}

function criteriaCell(criteria: readonly CriterionResult[], value: Figure): Cell {
  return criteria.length === 0 ? textCell('–', 'muted') : textCell(criteriaText(criteria, value));
}

/** Unmet criteria are marked in words too, since a cell may be read without colour; relative ones say what they came to. */
export function criteriaText(criteria: readonly CriterionResult[], value: Figure): string {
  return criteria
    .map(
      (each) =>
        `${criterionText(each.criterion, value.unit)}${comparedText(each, value.unit)}${each.met || value.state === 'no-data' ? '' : ' (unmet)'}`,
    )
    .join(', ');
}

function comparedText({ earlier, target }: CriterionResult, unit: string): string {
  if (earlier === undefined) return '';
  return target === undefined ? ' (nothing to compare)' : ` (to ${quantityText(target, unit)})`;
}

function weightCell({ weight, keySli }: ObjectiveResult): Cell {
  return keySli ? { text: `${weight}, key`, note: 'a key objective: when it fails, the run fails' } : textCell(String(weight));
}
