import type { Assessment, Grade } from '../../../grade/types.ts';
import { categoryWords, evidenceOf, letterCell } from '../../tables/grades.ts';
import { html, type Markup } from '../markup.ts';
import { section, toned } from '../parts.ts';

/** A letter for each side of the system; each opens to its rule and the figures behind it. */
export function gradesSection(assessment: Assessment): Markup | null {
  if (assessment.grades.every(({ letter }) => letter === undefined)) return null;
  return section('grades', 'Grades', html`<div class="grades">${assessment.grades.map((grade) => gradeCard(grade, assessment))}</div>\n`);
}

function gradeCard(grade: Grade, assessment: Assessment): Markup {
  const { text, tone } = letterCell(grade);
  const where = grade.category === 'integrity' && assessment.integrity ? 'integrity' : 'objectives';
  return html`<details class="grade"><summary class="grade-head"><span class="grade-of">${categoryWords[grade.category]}</span>
<span class="grade-letter${tone ? ` tone-${tone}` : ''}">${grade.letter ?? html`<span aria-hidden="true">${text}</span><span class="unseen">not graded</span>`}</span></summary>
<p class="grade-rule">${grade.rule}</p>
<ul>${evidenceOf(grade, assessment).map((each) => html`<li>${toned(each.text, each.tone)}</li>`)}</ul>
<p class="hint"><a href="#${where}">${where === 'integrity' ? 'The invariants' : 'All objectives'}</a></p>
</details>`;
}
