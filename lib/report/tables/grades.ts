import type { Assessment, Grade, GradeCategory, GradeLetter } from '../../grade/types.ts';
import { decimalText, figureText } from '../format.ts';
import { phaseWords, provenance, statusWords, type Tone } from '../words.ts';
import { criteriaText } from './objectives.ts';
import { type Cell, type Table, textCell } from './table.ts';

export const categoryWords: Readonly<Record<GradeCategory, string>> = {
  latency: 'Latency',
  throttling: 'Throttling',
  cost: 'Cost',
  recovery: 'Recovery',
  integrity: 'Integrity',
};

const letterTones: Readonly<Record<GradeLetter, Tone>> = { A: 'good', B: 'good', C: 'warn', D: 'warn', E: 'bad', F: 'bad' };

/** The letter, or a dash where there is none. */
export function letterCell({ letter, rule }: Grade): Cell {
  return letter ? { text: letter, tone: letterTones[letter], note: rule } : { text: '–', tone: 'muted', note: rule };
}

/** Grades whose rule is not the common one, or that are missing, say why; the rule itself stands below the table once. */
export function gradeTable({ grades }: Assessment): Table {
  const common = grades.flatMap(({ letter, percent, rule }) => (letter && percent !== undefined && !rule.startsWith(`${letter}:`) ? [rule] : []));
  return {
    caption: 'Grades',
    columns: [
      { label: 'Of', align: 'left' },
      { label: 'Grade', align: 'left' },
      { label: 'Reached', align: 'right' },
      { label: 'Why', align: 'left' },
    ],
    rows: grades.map((grade) => [
      textCell(categoryWords[grade.category]),
      letterCell(grade),
      grade.percent === undefined ? textCell('–', 'muted') : textCell(`${decimalText(grade.percent)} %`),
      textCell(common.includes(grade.rule) ? behind(grade) : grade.rule.replace(/^[A-F]: /, '')),
    ]),
    footnotes: [...new Set(common)].map((rule) => `${rule}.`),
  };
}

function behind({ objectives }: Grade): string {
  return `${objectives.length} ${objectives.length === 1 ? 'objective' : 'objectives'}`;
}

/** The figures behind a grade: one line an objective, with what was asked and who says so. */
export function evidenceOf({ objectives }: Grade, { objectives: all }: Assessment): readonly { readonly text: string; readonly tone: Tone }[] {
  return objectives.flatMap((index) => {
    const objective = all[index];
    if (!objective) return [];
    const { displayName, sli, phase, value, pass } = objective;
    const { sign, label, tone } = statusWords[objective.status];
    const asked = pass.length > 0 ? `; asked for: ${criteriaText(pass, value)}` : '';
    const source = value.state === 'value' ? `; ${provenance(value)}` : '';
    return [{ text: `${sign} ${displayName || sli} (${phaseWords[phase]}): ${figureText(value)}, ${label}${asked}${source}`, tone }];
  });
}
