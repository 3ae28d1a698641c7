import { dateTimeText } from '../../core/time-format.ts';
import type { ComparedRun, Comparison } from '../../grade/compare/types.ts';
import { withPlainText } from '../safe-text.ts';
import { hanging, type TextOptions, textPage, width } from '../text/page.ts';
import { tableLines } from '../text/table.ts';
import { verdictWords } from '../words.ts';
import { comparisonTable, differenceTable } from './table.ts';

/** What a terminal shows of a comparison, verdict first; ends with a line break. */
export function renderComparisonText(comparison: Comparison, options: TextOptions = {}): string {
  const clean = withPlainText(comparison);
  const page = textPage(options);
  const { label, sign, tone } = verdictWords[clean.verdict];
  const badge = ` ${sign} ${label.toUpperCase()} `;
  const head = hanging(' '.repeat(width(badge) + 2), `${clean.exercise}, compared with run ${clean.reference.runId}`, page, 'bold');
  const sections = [
    [
      ...head.map((line, index) => (index === 0 ? `${page.paint(badge, tone, 'bold', 'inverse')}  ${line.trimStart()}` : line)),
      '',
      ...clean.reasons.flatMap((reason, index) => hanging(index === 0 ? '  ' : '  · ', reason, page, index === 0 ? 'bold' : 'plain')),
      '',
      ...hanging('  Reference  ', runText(clean.reference), page),
      ...hanging('  Candidate  ', runText(clean.candidate), page),
    ],
    ...[comparisonTable(clean), differenceTable(clean)].map((table) => {
      const lines = tableLines(table, page);
      return lines.length > 0 ? [page.paint(table.caption, 'bold'), ...lines] : [];
    }),
  ].filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** `20261124-…, 2026-11-24 10:00:00 UTC, pass, commit abc1234 on main` */
export function runText({ runId, startedMs, verdict, source }: ComparedRun): string {
  const commit = source
    ? `, commit ${source.commit.slice(0, 7)}${source.branch ? ` on ${source.branch}` : ''}${source.dirty ? ' with changes' : ''}`
    : '';
  return `${runId}, ${dateTimeText(startedMs)}, ${verdict}${commit}`;
}
