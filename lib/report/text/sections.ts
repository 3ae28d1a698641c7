import { exitCodes } from '../../core/exit-codes.ts';
import type { Assessment } from '../../grade/types.ts';
import { decimalText } from '../format.ts';
import { bookTable } from '../tables/books.ts';
import { clientErrorTable, noClientErrors } from '../tables/clients.ts';
import { costSummaryTable, faultCostText, totalCostCell, transactionText } from '../tables/cost.ts';
import { faultFacts } from '../tables/faults.ts';
import { gradeTable } from '../tables/grades.ts';
import { invariantTable, violationTable } from '../tables/integrity.ts';
import { objectiveTable } from '../tables/objectives.ts';
import { phaseTable } from '../tables/phases.ts';
import type { Table } from '../tables/table.ts';
import { throttleTable } from '../tables/throttles.ts';
import { verdictWords } from '../words.ts';
import { hanging, type TextOptions, type TextPage, width } from './page.ts';
import { tableLines } from './table.ts';

/** A section of the terminal summary: its lines, or none where there is nothing to say. */
export type TextSection = (assessment: Assessment, page: TextPage, options: TextOptions) => string[];

/** The summary's sections in their order; the verdict comes first. */
export const textSections: readonly TextSection[] = [
  verdictSection,
  gradeSection,
  phaseSection,
  objectiveSection,
  integritySection,
  faultSection,
  throttleSection,
  clientSection,
  costSection,
  bookSection,
  warningSection,
  endSection,
];

function verdictSection(assessment: Assessment, page: TextPage): string[] {
  const { label, sign, tone, sentence } = verdictWords[assessment.verdict];
  const { manifest } = assessment;
  const badge = ` ${sign} ${label.toUpperCase()} `;
  const reasons = assessment.reasons.length > 0 ? assessment.reasons : [sentence];
  return [
    ...hanging(' '.repeat(width(badge) + 2), `${manifest.exercise}, run ${manifest.runId}`, page, 'bold').map((line, index) =>
      index === 0 ? `${page.paint(badge, tone, 'bold', 'inverse')}  ${line.trimStart()}` : line,
    ),
    '',
    ...reasons.flatMap((reason, index) => hanging(index === 0 ? '  ' : '  · ', reason, page, index === 0 ? 'bold' : 'plain')),
    '',
    ...(manifest.hypothesis ? hanging('  Hypothesis  ', manifest.hypothesis, page) : []),
    ...hanging('  Scope       ', assessment.scope, page),
    ...(manifest.timeScale === 1
      ? []
      : hanging('  Clock       ', `${manifest.timeScale} times as fast as the wall's: not a release gate`, page, 'warn')),
    ...(manifest.smoke ? hanging('  Smoke       ', 'one whole minute a phase is enough here: a check of the path, not of the limit', page) : []),
  ];
}

function gradeSection(assessment: Assessment, page: TextPage): string[] {
  if (assessment.grades.every(({ letter }) => letter === undefined)) return [];
  return tableSection('Grades', gradeTable(assessment), page);
}

function phaseSection(assessment: Assessment, page: TextPage): string[] {
  if (assessment.phases.length === 0) return [heading('Phases', page), '  No phase was run.'];
  return tableSection('Phases', phaseTable(assessment), page);
}

function objectiveSection(assessment: Assessment, page: TextPage): string[] {
  if (assessment.objectives.length === 0) return [heading('Objectives', page), '  None was evaluated.'];
  const { achieved, maximum, percent } = assessment.score;
  const score = maximum > 0 ? ` (score ${decimalText(achieved)} of ${decimalText(maximum)}, ${decimalText(percent)} %)` : '';
  return tableSection(`Objectives${score}`, objectiveTable(assessment), page);
}

function integritySection({ integrity }: Assessment, page: TextPage): string[] {
  if (!integrity) return [];
  const violations = tableLines(violationTable(integrity), page);
  return [...tableSection('Integrity', invariantTable(integrity), page), ...(violations.length > 0 ? ['', ...violations] : [])];
}

function faultSection(assessment: Assessment, page: TextPage): string[] {
  return assessment.faults.flatMap((fault, index) => [
    ...(index > 0 ? [''] : []),
    ...hanging('', `Fault ${fault.fault} on ${fault.resource}`, page, 'bold'),
    ...faultFacts(fault).flatMap(({ label, text, tone, command }) => [
      ...hanging(`  ${label.padEnd(10)}  `, text, page, tone),
      ...(command ? hanging('              to do: ', command, page, 'bold') : []),
    ]),
  ]);
}

function throttleSection(assessment: Assessment, page: TextPage): string[] {
  return tableSection('Throttles', throttleTable(assessment), page);
}

function clientSection(assessment: Assessment, page: TextPage): string[] {
  const table = clientErrorTable(assessment);
  if (table.rows.length > 0) return tableSection('What clients saw', table, page);
  return assessment.phases.length > 0 ? [heading('What clients saw', page), `  ${noClientErrors(assessment)}`] : [];
}

function costSection(assessment: Assessment, page: TextPage): string[] {
  const { cost } = assessment;
  const fault = faultCostText(cost);
  return [
    heading('Cost', page),
    ...hanging('  The run       ', totalCostCell(cost, 'totalUsd').text, page),
    ...hanging('  Per thousand  ', `${totalCostCell(cost, 'perThousandUsd').text} (${transactionText(cost)})`, page),
    ...hanging('  A month       ', `${totalCostCell(cost, 'monthUsd').text} at the baseline's rate`, page),
    ...(fault ? hanging('  The fault     ', fault, page) : []),
    ...tableLines(costSummaryTable(assessment, 6), page),
  ];
}

function bookSection(assessment: Assessment, page: TextPage): string[] {
  return tableSection('Books', bookTable(assessment), page);
}

function warningSection(assessment: Assessment, page: TextPage): string[] {
  if (assessment.warnings.length === 0) return [];
  return [
    heading('Warnings', page),
    ...assessment.warnings.flatMap(({ code, message, advice, invalidates }) => [
      ...hanging('  ! ', `${message} [${code}]${invalidates ? ' This makes the verdict invalid.' : ''}`, page, invalidates ? 'invalid' : 'warn'),
      ...(advice ? hanging('    → ', advice, page) : []),
    ]),
  ];
}

function endSection(assessment: Assessment, page: TextPage, options: TextOptions): string[] {
  const meaning = Object.values(exitCodes).find(({ code }) => code === assessment.exitCode)?.meaning;
  return [
    ...(options.reportFolder
      ? hanging('Report     ', `${options.reportFolder.replace(/\/+$/, '')}/report.html (also report.md, report.json, junit.xml)`, page, 'bold')
      : []),
    ...hanging('Exit code  ', `${assessment.exitCode}${meaning ? `: ${meaning}` : ''}`, page),
  ];
}

function tableSection(title: string, table: Table, page: TextPage): string[] {
  return table.rows.length > 0 ? [heading(title, page), ...tableLines(table, page)] : [];
}

function heading(title: string, page: TextPage): string {
  return page.paint(title, 'bold');
}
