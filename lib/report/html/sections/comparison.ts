import type { Comparison } from '../../../grade/compare/types.ts';
import type { Assessment } from '../../../grade/types.ts';
import { comparisonTable, differenceTable } from '../../comparison/table.ts';
import { runText } from '../../comparison/text.ts';
import { earlierTable } from '../../tables/earlier.ts';
import { plural, verdictWords } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import { folded, section, tableMarkup, toned } from '../parts.ts';
import { intervalChart } from './intervals.ts';

/** What became of the system since another run: the comparison of a gate, and objectives that are relative to earlier runs. */
export function comparisonSection(assessment: Assessment, comparison: Comparison | undefined): Markup | null {
  const earlier = tableMarkup(earlierTable(assessment));
  if (!comparison && !earlier) return null;
  const title = comparison ? `Compared with run ${comparison.reference.runId}` : 'Compared with earlier runs';
  return section(
    'comparison',
    title,
    comparison && compared(comparison),
    comparison && earlier && html`<h3 class="apart">Objectives that are relative to earlier runs</h3>\n`,
    earlier,
  );
}

function compared(comparison: Comparison): Markup {
  const { verdict, reasons, reference, candidate, differences } = comparison;
  const { sign, label, tone } = verdictWords[verdict];
  const hindering = differences.some(({ allowed }) => !allowed);
  const differing = tableMarkup(differenceTable(comparison), { showCaption: hindering });
  return html`<div class="card"><p class="outcome">${toned(`${sign} ${label}`, tone)}</p>
<ul class="reasons">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
<dl class="list"><div><dt>Reference</dt><dd>${runText(reference)}</dd></div><div><dt>This run</dt><dd>${runText(candidate)}</dd></div></dl></div>
${hindering && differing}${intervalChart(comparison)}${tableMarkup(comparisonTable(comparison))}
${!hindering && differing && folded(`What else differs: ${plural(differences.length, 'thing')}, none of which hinders`, differing)}`;
}
