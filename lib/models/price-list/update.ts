import { isMap, isScalar, parseDocument } from 'yaml';
import type { NumberEntry } from '../../core/numbers.ts';
import type { Match } from './match.ts';

/** What a refresh did to one price. */
export interface PriceChange {
  readonly key: string;
  readonly outcome: 'changed' | 'confirmed' | 'kept' | 'left-out';
  /** `$0.2 per 1000000`, with tiers; as it was, as it is. */
  readonly before: string;
  readonly after: string;
  /** The date that the price now has; absent where there is none any more. */
  readonly date?: string;
  /** Why a price was not found. */
  readonly reason?: string;
}

type Table = Readonly<Record<string, number>>;
type Found = Extract<Match, { bands: unknown }>;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A price file with the prices that were found, each with its date and source; everything else of it stays as it is, to the letter. What was not found
 * keeps its old price and date; with `foreign`, of a file that is another Region's, it is left out instead, since nobody knows it here.
 */
export function updatePrices(text: string, matches: readonly Match[], foreign: boolean): { text: string; changes: PriceChange[] } {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new TypeError('a price file maps keys to entries');
  const changes: PriceChange[] = [];
  const edits: Edit[] = [];
  for (const match of matches) {
    const pair = contents.items.find(({ key }) => isScalar(key) && key.value === match.key);
    if (!pair || !isScalar(pair.key) || !isMap(pair.value) || !pair.key.range || !pair.value.range) continue;
    const entry = pair.value.toJSON() as NumberEntry;
    if (typeof entry.value === 'number') continue;
    changes.push(changeOf(match, entry, entry.value, foreign));
    const [start, end] = pair.value.range;
    if (!('reason' in match)) edits.push({ start, end, text: entryText(match, tableOf(match, entry.value['per'] ?? 1), entry.unit) });
    else if (foreign) edits.push({ start: pair.key.range[0], end: text.indexOf('\n', end) + 1 || text.length, text: '' });
  }
  return { text: edited(text, edits), changes };
}

function changeOf(match: Match, entry: NumberEntry, value: Table, foreign: boolean): PriceChange {
  const { key } = match;
  const before = priceText(value);
  if ('reason' in match) {
    const { reason } = match;
    if (foreign) return { key, outcome: 'left-out', before, after: '', reason };
    return { key, outcome: 'kept', before, after: before, date: String(entry.date), reason };
  }
  const after = priceText(tableOf(match, value['per'] ?? 1));
  return { key, outcome: after === before ? 'confirmed' : 'changed', before, after, date: match.date };
}

function edited(text: string, edits: readonly Edit[]): string {
  const fromTheEnd = [...edits].sort((a, b) => b.start - a.start);
  return fromTheEnd.reduce((whole, { start, end, text: part }) => whole.slice(0, start) + part + whole.slice(end), text);
}

/** An entry on one line, as YAML and as JSON with bare keys. */
function entryText({ source, date }: Found, value: Table, unit: string): string {
  const amounts = Object.entries(value).sort(([a], [b]) => (a === 'per' ? -1 : b === 'per' ? 1 : Number(a) - Number(b)));
  const table = amounts.map(([name, amount]) => `${name}: ${plain(amount)}`).join(', ');
  return `{ value: { ${table} }, unit: ${JSON.stringify(unit)}, source: ${JSON.stringify(source)}, date: ${date}, status: documented }`;
}

/** Without an exponent: `0.0000000309`. */
function plain(amount: number): string {
  return amount >= 1e-6 || amount === 0 ? String(amount) : amount.toFixed(16).replace(/0+$/, '');
}

/** Ours is the price of `per` units, which reads better than that of one; AWS gives at most ten decimals, so rounding to twelve digits loses nothing. */
function tableOf({ bands }: Found, per: number): Table {
  return Object.fromEntries([['per', per], ...bands.map(({ from, usd }) => [String(from), Number((usd * per).toPrecision(12))])]);
}

/** `$0.2 per 1000000` for one band; `$1 per 1000000, $0.9 from 300000000`. */
function priceText({ per = 1, ...amounts }: Table): string {
  const bands = Object.entries(amounts).map(([from, usd]) => ({ from: Number(from), usd }));
  const [first, ...others] = bands.sort((a, b) => a.from - b.from);
  return [`$${plain(first?.usd ?? 0)}${per === 1 ? '' : ` per ${per}`}`, ...others.map(({ from, usd }) => `$${plain(usd)} from ${from}`)].join(', ');
}
