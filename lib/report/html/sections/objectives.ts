import type { Assessment } from '../../../grade/types.ts';
import { decimalText } from '../../format.ts';
import { objectiveTable } from '../../tables/objectives.ts';
import { html, type Markup } from '../markup.ts';
import { section, tableMarkup } from '../parts.ts';

/** What was promised and what was measured. */
export function objectivesSection(assessment: Assessment): Markup {
  const { achieved, maximum, percent } = assessment.score;
  const score =
    maximum > 0 && html`<p class="before-table">Score <b>${decimalText(achieved)}</b> of ${decimalText(maximum)} (${decimalText(percent)} %).</p>\n`;
  const table = tableMarkup(objectiveTable(assessment)) ?? html`<p>None was evaluated.</p>`;
  return section('objectives', 'Objectives', score, table);
}
