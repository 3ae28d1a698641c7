import type { Comparison } from '../../grade/compare/types.ts';
import { folded, markdownTable } from '../markdown/table.ts';
import { escapeMarkdown, withPlainText } from '../safe-text.ts';
import { verdictMarks, verdictWords } from '../words.ts';
import { comparisonTable, differenceTable } from './table.ts';
import { runText } from './text.ts';

/** Version of `comparison.json`'s layout: higher when a member goes or changes its meaning, the same when one is added. */
export const comparisonVersion = 1;

/** What `comparison.json` holds. */
export interface ComparisonDocument extends Comparison {
  readonly comparisonVersion: typeof comparisonVersion;
}

/** The files of a comparison by name, ready to be written beside the candidate's reports. */
export function renderComparison(comparison: Comparison): { readonly 'comparison.json': string; readonly 'comparison.md': string } {
  const document: ComparisonDocument = { comparisonVersion, ...comparison };
  return { 'comparison.json': `${JSON.stringify(document, null, 2)}\n`, 'comparison.md': renderComparisonMarkdown(comparison) };
}

/** The comparison as a comment on a pull request reads it. */
function renderComparisonMarkdown(comparison: Comparison): string {
  const clean = withPlainText(comparison);
  const [first = '', ...others] = clean.reasons;
  const differences = markdownTable(differenceTable(clean));
  return `${[
    `## ${verdictMarks[clean.verdict]} ${verdictWords[clean.verdict].label}: ${escapeMarkdown(clean.exercise)} against run ${escapeMarkdown(clean.reference.runId)}`,
    '',
    `**${escapeMarkdown(first)}**`,
    ...(others.length > 0 ? ['', ...others.map((reason) => `- ${escapeMarkdown(reason)}`)] : []),
    '',
    `Reference: ${escapeMarkdown(runText(clean.reference))}  `,
    `Candidate: ${escapeMarkdown(runText(clean.candidate))}`,
    '',
    ...markdownTable(comparisonTable(clean)),
    ...(differences.length > 0 ? ['', ...folded('What differs', differences)] : []),
  ].join('\n')}\n`;
}
