import { clockTime } from '../../core/time-format.ts';
import type { Assessment } from '../../grade/types.ts';
import { decimalText } from '../format.ts';
import { escapeMarkdown } from '../safe-text.ts';
import { bookTable } from '../tables/books.ts';
import { clientErrorTable, noClientErrors } from '../tables/clients.ts';
import { costReasonTable, costTable, faultCostText, phaseCostTable, totalCostCell, transactionText } from '../tables/cost.ts';
import { earlierTable } from '../tables/earlier.ts';
import { type FaultFact, faultFacts } from '../tables/faults.ts';
import { gradeTable } from '../tables/grades.ts';
import { invariantTable, violationTable } from '../tables/integrity.ts';
import { objectiveTable } from '../tables/objectives.ts';
import { operationTable, phaseTable } from '../tables/phases.ts';
import { runFacts } from '../tables/run-facts.ts';
import { throttleTable } from '../tables/throttles.ts';
import { plural, verdictMarks, verdictWords } from '../words.ts';
import { folded, markdownTable } from './table.ts';

/** A section of `report.md`: its lines, or none where there is nothing to say. */
export type MarkdownSection = (assessment: Assessment) => string[];

/** The sections in their order: what decides comes first, evidence is folded. */
export const markdownSections: readonly MarkdownSection[] = [
  verdictSection,
  gradeSection,
  phaseSection,
  objectiveSection,
  earlierSection,
  integritySection,
  faultSection,
  warningSection,
  clientSection,
  throttleSection,
  costSection,
  evidenceSection,
];

function verdictSection({ verdict, reasons, manifest, scope }: Assessment): string[] {
  const { label, sentence } = verdictWords[verdict];
  const [first, ...others] = reasons.length > 0 ? reasons : [sentence];
  return [
    `## ${verdictMarks[verdict]} ${label}: ${escapeMarkdown(manifest.exercise)}`,
    '',
    `**${escapeMarkdown(first ?? sentence)}**`,
    ...(others.length > 0 ? ['', ...others.map((reason) => `- ${escapeMarkdown(reason)}`)] : []),
    '',
    ...(manifest.hypothesis ? [`Hypothesis: ${escapeMarkdown(manifest.hypothesis)}  `] : []),
    `Scope: ${escapeMarkdown(scope)}${manifest.smoke ? ' · smoke (one graded minute a phase is enough)' : ''}`,
  ];
}

function gradeSection(assessment: Assessment): string[] {
  return assessment.grades.every(({ letter }) => letter === undefined) ? [] : ['### Grades', '', ...markdownTable(gradeTable(assessment))];
}

function phaseSection(assessment: Assessment): string[] {
  if (assessment.phases.length === 0) return ['No phase was run.'];
  return ['### Phases', '', ...markdownTable(phaseTable(assessment))];
}

function objectiveSection(assessment: Assessment): string[] {
  const { achieved, maximum, percent } = assessment.score;
  const score = maximum > 0 ? `Score ${decimalText(achieved)} of ${decimalText(maximum)} (${decimalText(percent)} %).` : '';
  return [
    '### Objectives',
    '',
    ...(assessment.objectives.length > 0 ? [...markdownTable(objectiveTable(assessment)), '', score] : ['None was evaluated.']),
  ];
}

function earlierSection(assessment: Assessment): string[] {
  const lines = markdownTable(earlierTable(assessment));
  return lines.length > 0 ? ['### Compared with earlier runs', '', ...lines] : [];
}

function integritySection({ integrity }: Assessment): string[] {
  if (!integrity) return [];
  const violations = markdownTable(violationTable(integrity));
  return ['### Integrity', '', ...markdownTable(invariantTable(integrity)), ...(violations.length > 0 ? ['', ...violations] : [])];
}

function faultSection(assessment: Assessment): string[] {
  const fact = ({ label, text, rule, command }: FaultFact): string =>
    `- ${label}: ${escapeMarkdown(text)}${rule ? ` <sub>${escapeMarkdown(rule)}</sub>` : ''}${command ? `; to do: ${codeSpan(command)}` : ''}`;
  return assessment.faults.flatMap((fault, index) => [
    ...(index > 0 ? [''] : []),
    `### Fault ${escapeMarkdown(fault.fault)} on ${escapeMarkdown(fault.resource)}`,
    '',
    ...faultFacts(fault).map(fact),
  ]);
}

function warningSection({ warnings }: Assessment): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.map(({ code, message, advice, invalidates }) => {
    const advised = advice ? ` → ${escapeMarkdown(advice)}` : '';
    return `- ${invalidates ? '**Invalidates the run:** ' : ''}${escapeMarkdown(message)} (${codeSpan(code)})${advised}`;
  });
  return ['### Warnings', '', ...lines];
}

function clientSection(assessment: Assessment): string[] {
  const table = clientErrorTable(assessment);
  if (table.rows.length > 0) return ['### What clients saw', '', ...markdownTable(table)];
  return assessment.phases.length > 0 ? ['### What clients saw', '', noClientErrors(assessment)] : [];
}

function throttleSection(assessment: Assessment): string[] {
  const lines = markdownTable(throttleTable(assessment));
  return lines.length > 0 ? ['### Throttles', '', ...lines] : [];
}

function costSection(assessment: Assessment): string[] {
  const { cost } = assessment;
  const total = escapeMarkdown(totalCostCell(cost, 'totalUsd').text);
  const thousand = escapeMarkdown(totalCostCell(cost, 'perThousandUsd').text);
  const month = escapeMarkdown(totalCostCell(cost, 'monthUsd').text);
  const fault = faultCostText(cost);
  const table = markdownTable(costTable(assessment));
  return [
    '### Cost',
    '',
    `The run **${total}**; per thousand **${thousand}** (${escapeMarkdown(transactionText(cost))}); a month at the baseline's rate **${month}**.`,
    ...(fault ? ['', `The fault ${escapeMarkdown(fault)}.`] : []),
    ...(table.length > 0 ? ['', ...folded(plural(cost.items.length, 'item'), table)] : []),
    ...(cost.phases.length > 0 ? ['', ...folded('by phase', markdownTable(phaseCostTable(assessment)))] : []),
    ...(cost.reasons.length > 0 ? ['', ...folded('by reason', markdownTable(costReasonTable(assessment)))] : []),
  ];
}

function evidenceSection(assessment: Assessment): string[] {
  const disagreeing = assessment.books.filter(({ agree }) => !agree).length;
  const books =
    disagreeing > 0 ? `Books: ${disagreeing} of ${assessment.books.length} differ` : `Books: ${plural(assessment.books.length, 'line')}, all agree`;
  return [
    ...folded('By operation', markdownTable(operationTable(assessment))),
    ...folded(books, markdownTable(bookTable(assessment))),
    ...folded(
      'Timeline',
      assessment.timeline.map(({ atMs, kind, text }) => `- ${clockTime(atMs)} UTC ${escapeMarkdown(kind)}: ${escapeMarkdown(text)}`),
    ),
    ...folded(
      'Settings',
      runFacts(assessment).map(([label, text]) => `- ${escapeMarkdown(label)}: ${escapeMarkdown(text)}`),
    ),
    '',
    `<sub>Exit code ${assessment.exitCode}. Charts and all details: report.html.</sub>`,
  ];
}

/** Text as code, whatever backticks it holds. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}
