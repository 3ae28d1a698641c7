import type { Assessment, CostFigures, CostItem, CostReason } from '../../grade/types.ts';
import { countText, percentText, quantityText, usdText } from '../format.ts';
import { phaseWords } from '../words.ts';
import { type Cell, type Table, tableNotes, textCell } from './table.ts';

/** What one resource cost, with the items that make it up, dearest first. */
export interface CostBranch {
  readonly resource: string;
  readonly usd: number;
  /** Of the priced total; 0 where that is 0. */
  readonly share: number;
  readonly items: readonly CostItem[];
}

/** The cost as a tree: resources, dearest first, and their dimensions. */
export function costTree(cost: Pick<CostFigures, 'items'>): CostBranch[] {
  const byResource = new Map<string, CostItem[]>();
  for (const item of cost.items) byResource.set(item.resource, [...(byResource.get(item.resource) ?? []), item]);
  const sum = (items: readonly CostItem[]): number => items.reduce((total, { usd }) => total + usd, 0);
  const total = sum(cost.items);
  return [...byResource]
    .map(([resource, items]) => ({
      resource,
      usd: sum(items),
      share: total > 0 ? sum(items) / total : 0,
      items: [...items].sort((a, b) => b.usd - a.usd),
    }))
    .sort((a, b) => b.usd - a.usd || a.resource.localeCompare(b.resource, 'en'));
}

/** The cost of the run by resource and dimension. */
export function costTable(assessment: Assessment): Table {
  const rows = costTree(assessment.cost).flatMap(({ resource, usd, share, items }) =>
    items.map((item, index) => [
      textCell(index === 0 ? resource : ''),
      textCell(item.dimension),
      { text: `${countText(item.quantity)} ${item.unit}`, note: `from ${item.source}` },
      textCell(unitPriceText(item)),
      textCell(usdText(item.usd)),
      textCell(index === 0 && items.length > 1 ? `${usdText(usd)} (${percentText(share)})` : index === 0 ? percentText(share) : ''),
    ]),
  );
  const sources = [...new Set(assessment.cost.items.flatMap(({ source }) => source.split('; ')))];
  return {
    caption: 'Cost of the run by resource',
    columns: [
      { label: 'Resource', align: 'left' },
      { label: 'Dimension', align: 'left' },
      { label: 'Quantity', align: 'right' },
      { label: 'Unit price', align: 'right', rank: 2 },
      { label: 'Cost', align: 'right' },
      { label: 'Resource, share', align: 'right', rank: 1 },
    ],
    rows,
    footnotes: [...(sources.length > 0 ? [`Quantities and prices: ${sources.join(', ')}.`] : []), ...costNotes(assessment.cost)],
  };
}

/** The cost of the run by resource alone, for where there is little room; the dearest first. */
export function costSummaryTable(assessment: Assessment, most: number): Table {
  const branches = costTree(assessment.cost);
  const rest = branches.slice(most);
  const restUsd = rest.reduce((sum, { usd }) => sum + usd, 0);
  const shown = branches
    .slice(0, most)
    .map(({ resource, usd, share, items }) => [
      textCell(resource),
      textCell(items.map(({ quantity, unit }) => `${countText(quantity)} ${unit}`).join(', ')),
      textCell(usdText(usd)),
      textCell(percentText(share)),
    ]);
  const others = rest.length > 0 ? [[textCell(`${rest.length} more`), textCell(''), textCell(usdText(restUsd)), textCell('')]] : [];
  return {
    caption: 'Cost of the run by resource',
    columns: [
      { label: 'Resource', align: 'left' },
      { label: 'Of which', align: 'left', rank: 1 },
      { label: 'Cost', align: 'right' },
      { label: 'Share', align: 'right' },
    ],
    rows: [...shown, ...others],
    footnotes: costNotes(assessment.cost),
  };
}

/** `storage (CartsTable, OrdersTable)`: `resource: what` entries, grouped by what. */
function groupedText(names: readonly string[]): string {
  const byWhat = new Map<string, string[]>();
  for (const each of names) {
    const [resource = each, ...what] = each.split(': ');
    byWhat.set(what.join(': '), [...(byWhat.get(what.join(': ')) ?? []), resource]);
  }
  return [...byWhat].map(([what, resources]) => (what ? `${what} of ${resources.join(', ')}` : resources.join(', '))).join('; ');
}

/** `$0.0000002 per request`; where it is tiny, per million. */
function unitPriceText({ unitPriceUsd, unit }: CostItem): string {
  return unitPriceUsd > 0 && unitPriceUsd < 0.0001 ? `${usdText(unitPriceUsd * 1_000_000)} per 1M ${unit}` : `${usdText(unitPriceUsd)} per ${unit}`;
}

/** `at least $0.0123` where something has no price or is told by nothing. */
export function totalCostCell(cost: CostFigures, figure: 'totalUsd' | 'systemUsd' | 'perThousandUsd' | 'monthUsd'): Cell {
  const value = cost[figure];
  if (value.state === 'no-data') return { text: `no data (${value.reason})`, tone: 'muted' };
  const least = cost.unpriced.length + cost.untold.length > 0 ? 'at least ' : '';
  return { text: `${least}${quantityText(value.value, value.unit)}`, note: costNotes(cost).join(' ') };
}

/** What the run's own tools cost, a part of the total; empty where they cost nothing. */
export function instrumentsText({ instrumentsUsd }: CostFigures): string {
  return instrumentsUsd.state === 'value' && instrumentsUsd.value > 0 ? `${usdText(instrumentsUsd.value)} of it for the run's own tools` : '';
}

/** What to say of the fault after its name: what it cost beyond the baseline's price, and what changed most; empty in a run without a fault. */
export function faultCostText({ fault, ...cost }: CostFigures): string {
  if (!fault) return '';
  const { extraUsd, items } = fault;
  if (extraUsd.state === 'no-data') return `has no known cost: ${extraUsd.reason}`;
  const changes = items.filter(({ usd }) => Math.abs(usd) > Math.abs(extraUsd.value) / 10).slice(0, 3);
  const most = changes.map(({ resource, dimension, usd }) => `${resource} ${dimension} ${usd < 0 ? '' : '+'}${usdText(usd)}`).join(', ');
  return `${extraText(extraUsd.value, cost)} what as many ${transactionsName(cost)} cost in the baseline${most ? ` (${most})` : ''}`;
}

/** Below this share of what its phase cost, a fault changed nothing: two minutes without a fault differ as much. */
const noticeable = 0.01;

function extraText(extraUsd: number, { phases }: Pick<CostFigures, 'phases'>): string {
  const usd = phases.find(({ phase }) => phase === 'fault')?.usd;
  const share = usd?.state === 'value' && usd.value > 0 ? Math.abs(extraUsd) / usd.value : 1;
  const amount = usdText(Math.abs(extraUsd));
  if (share < noticeable) return `cost nothing to speak of: ${amount} (${percentText(share)}) ${extraUsd < 0 ? 'less' : 'more'} than`;
  return extraUsd < 0 ? `saved ${amount} against` : `cost ${amount} beyond`;
}

/** The cost of each graded phase and of a thousand transactions in it. */
export function phaseCostTable({ cost }: Assessment): Table {
  const notes = tableNotes();
  const rows = cost.phases.map(({ phase, minutes, usd, transactions, perThousandUsd }) => [
    textCell(phaseWords[phase]),
    textCell(countText(minutes)),
    notes.cell(usd),
    textCell(countText(transactions)),
    notes.cell(perThousandUsd),
  ]);
  return {
    caption: 'Cost of the system by phase',
    columns: [
      { label: 'Phase', align: 'left' },
      { label: 'Minutes', align: 'right', rank: 1 },
      { label: 'Cost', align: 'right' },
      { label: capitalised(transactionsName(cost)), align: 'right' },
      { label: `Per 1,000 ${transactionsName(cost)}`, align: 'right' },
    ],
    rows,
    footnotes: notes.footnotes(),
  };
}

/** So many resources of one reason have a row of their own, the dearest; the others share one. */
const rowsPerReason = 5;

/** Money that went into no transaction, by reason. */
export function costReasonTable({ cost }: Assessment): Table {
  const byReason = new Map<CostReason['reason'], CostReason[]>();
  for (const each of cost.reasons) byReason.set(each.reason, [...(byReason.get(each.reason) ?? []), each]);
  return {
    caption: 'Cost by reason',
    columns: [
      { label: 'Reason', align: 'left' },
      { label: 'Resource', align: 'left' },
      { label: 'Quantity', align: 'right' },
      { label: 'Cost', align: 'right' },
    ],
    rows: [...byReason.values()].flatMap(reasonRows),
    footnotes: [...new Set(cost.reasons.map(({ reason, what }) => `${reason}: ${what}.`))],
  };
}

function reasonRows(all: readonly CostReason[]): Cell[][] {
  const usdOf = (usd: number, inTotal: boolean): Cell => textCell(inTotal || usd === 0 ? usdText(usd) : `${usdText(usd)}, not in the total`);
  const shown = all.length > rowsPerReason + 1 ? all.slice(0, rowsPerReason) : all;
  const others = all.slice(shown.length);
  const rows = shown.map(({ reason, resource, quantity, unit, usd, inTotal, what }, index) => [
    textCell(index === 0 ? reason : ''),
    textCell(resource),
    { text: `${countText(quantity)} ${unit}`, note: what },
    usdOf(usd, inTotal),
  ]);
  if (others.length === 0) return rows;
  const usd = others.reduce((sum, each) => sum + each.usd, 0);
  return [
    ...rows,
    [
      textCell(''),
      textCell(`${others.length} more`),
      textCell(''),
      usdOf(
        usd,
        others.every(({ inTotal }) => inTotal),
      ),
    ],
  ];
}

/** A month at the baseline's rate, by resource. */
export function monthCostTable({ cost }: Assessment): Table {
  return {
    caption: "Cost of a month at the baseline's rate",
    columns: [
      { label: 'Resource', align: 'left' },
      { label: 'Of which', align: 'left', rank: 1 },
      { label: 'Cost', align: 'right' },
      { label: 'Share', align: 'right' },
    ],
    rows: costTree({ items: cost.month }).map(({ resource, usd, share, items }) => [
      textCell(resource),
      textCell(items.map(({ quantity, unit, usd: part }) => `${countText(quantity)} ${unit} ${usdText(part)}`).join(', ')),
      textCell(usdText(usd)),
      textCell(percentText(share)),
    ]),
    footnotes: [],
  };
}

/** `over 2,670 orders`: the business transactions behind the cost per thousand. */
export function transactionText(cost: CostFigures): string {
  return `over ${countText(cost.transactions)} ${transactionsName(cost)}`;
}

/** The business transaction's name in the plural. */
export function transactionsName({ transaction }: Pick<CostFigures, 'transaction'>): string {
  if (/s$/.test(transaction)) return transaction;
  return /[^aeiou]y$/.test(transaction) ? transaction.replace(/y$/, 'ies') : `${transaction}s`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What the sums leave out and how they are meant. */
export function costNotes(cost: CostFigures): string[] {
  return [
    ...(cost.unpriced.length > 0 ? [`Without a price, so not in the total: ${groupedText(cost.unpriced)}.`] : []),
    ...(cost.untold.length > 0 ? [`Billed by AWS and told by no metric, so not in the total: ${groupedText(cost.untold)}.`] : []),
    ...(cost.currencyNote ? [cost.currencyNote] : []),
  ];
}
