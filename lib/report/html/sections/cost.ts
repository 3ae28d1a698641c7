import type { Assessment } from '../../../grade/types.ts';
import { percentText, usdText } from '../../format.ts';
import {
  costNotes,
  costReasonTable,
  costSummaryTable,
  costTable,
  costTree,
  faultCostText,
  instrumentsText,
  monthCostTable,
  phaseCostTable,
  totalCostCell,
  transactionsName,
  transactionText,
} from '../../tables/cost.ts';
import type { Cell } from '../../tables/table.ts';
import { plural } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import { folded, footnotes, section, tableMarkup, toned } from '../parts.ts';

/** Below this share a part of the bar has no room for its name. */
const namedShare = 0.12;
/** So many resources have a row in the open table. */
const summaryRows = 8;

/** What the run cost, where the money went, what a thousand transactions and a month cost, and what the fault did. */
export function costSection(assessment: Assessment): Markup {
  const { cost } = assessment;
  const strong = ({ text, tone, note }: Cell): Markup => html`<b>${toned(text, tone, note)}</b>`;
  const tools = instrumentsText(cost);
  const fault = faultCostText(cost);
  const items = tableMarkup(costTable(assessment));
  const month = tableMarkup(monthCostTable(assessment));
  return section(
    'cost',
    'Cost',
    html`<p>${strong(totalCostCell(cost, 'totalUsd'))} for the run${tools && `, ${tools}`}; ${strong(totalCostCell(cost, 'perThousandUsd'))} per 1,000 ${transactionsName(cost)} (${transactionText(cost)}); ${strong(totalCostCell(cost, 'monthUsd'))} for a month at the baseline's rate.</p>\n`,
    fault && html`<p>The fault ${fault}.</p>\n`,
    shareBar(assessment),
    tableMarkup(costSummaryTable(assessment, summaryRows)) ?? footnotes(costNotes(cost)),
    tableMarkup(phaseCostTable(assessment), { showCaption: true }),
    tableMarkup(costReasonTable(assessment), { showCaption: true }),
    items && folded(`${plural(cost.items.length, 'item')} with quantity, unit price and source`, items),
    month && folded("A month at the baseline's rate, by resource", month),
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
