import type { Assessment } from '../../../grade/types.ts';
import { percentText, usdText } from '../../format.ts';
import { costNotes, costTable, costTree, totalCostCell, transactionsName, transactionText } from '../../tables/cost.ts';
import { html, type Markup } from '../markup.ts';
import { footnotes, section, tableMarkup, toned } from '../parts.ts';

/** Below this share a part of the bar has no room for its name. */
const namedShare = 0.12;

/** What the run cost, where the money went, and what a thousand transactions cost. */
export function costSection(assessment: Assessment): Markup {
  const { cost } = assessment;
  const total = totalCostCell(cost, 'totalUsd');
  const thousand = totalCostCell(cost, 'perThousandUsd');
  return section(
    'cost',
    'Cost',
    html`<p><b>${toned(total.text, total.tone, total.note)}</b> for the run; <b>${toned(thousand.text, thousand.tone, thousand.note)}</b> per 1,000 ${transactionsName(cost)} (${transactionText(cost)}).</p>\n`,
    shareBar(assessment),
    tableMarkup(costTable(assessment)) ?? footnotes(costNotes(cost)),
  );
}

/** One bar for the whole cost, a part a resource; the table below says the same in figures. */
function shareBar({ cost }: Assessment): Markup | null {
  const branches = costTree(cost).filter(({ usd }) => usd > 0);
  if (branches.length === 0) return null;
  const parts = branches.map(({ resource, usd, share }, index) => {
    const title = `${resource}: ${usdText(usd)}, ${percentText(share)}`;
    return html`<span class="share share-${index % 6}" style="flex-grow:${Number(share.toFixed(5))}" title="${title}">${share >= namedShare && html`<span>${resource}</span>`}</span>`;
  });
  return html`<div class="shares" aria-hidden="true">${parts}</div>\n`;
}
