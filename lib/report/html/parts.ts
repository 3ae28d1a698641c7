import type { Cell, Table } from '../tables/table.ts';
import type { Tone } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';

/** Up to this length a cell's text stays on one line, however narrow the page. */
const unbrokenLength = 28;
const unbrokenLabel = 16;

/** A part of the page under its own heading; `id` is what the contents point to. */
export function section(id: string, title: string, ...body: readonly Content[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>\n`;
}

/** A table with caption and scopes; a first cell without text belongs to the one above it. */
export function tableMarkup(table: Table, options: { readonly showCaption?: boolean } = {}): Markup | null {
  if (table.rows.length === 0) return null;
  const head = table.columns.map(
    ({ label, align }) => html`<th scope="col" class="${align}${label.length <= unbrokenLabel ? ' short' : ''}">${label}</th>`,
  );
  const rows = table.rows.map((row, index) => {
    const grouped = row[0]?.text === '' && index > 0;
    return html`<tr${grouped ? '' : html` class="first"`}>${row.map((cell, column) => cellMarkup(cell, column, table, grouped ? 0 : groupSize(table, index)))}</tr>\n`;
  });
  return html`<div class="scroll" role="region" aria-label="${table.caption}" tabindex="0"><table>
<caption${options.showCaption ? '' : html` class="unseen"`}>${table.caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}</tbody></table></div>
${footnotes(table.footnotes)}`;
}

/** Small print under a table or figure. */
export function footnotes(notes: readonly string[]): Markup | null {
  return notes.length > 0 ? html`<p class="notes">${notes.map((note, index) => (index === 0 ? note : html`<br>${note}`))}</p>\n` : null;
}

/** A figure or state with its colour; never colour alone, the text says the same. */
export function toned(text: string, tone: Tone | undefined, note?: string): Markup {
  return html`<span${tone ? html` class="tone-${tone}"` : ''}${note ? html` title="${note}"` : ''}>${text}</span>`;
}

/** Something to open: a heading line and what it hides. */
export function folded(summary: Content, ...body: readonly Content[]): Markup {
  return html`<details><summary>${summary}</summary>${body}</details>\n`;
}

function groupSize(table: Table, from: number): number {
  let to = from + 1;
  while (table.rows[to]?.[0]?.text === '') to++;
  return to - from;
}

function cellMarkup(cell: Cell, column: number, table: Table, rowSpan: number): Markup | null {
  const align = table.columns[column]?.align ?? 'left';
  const text = cell.note || cell.tone ? toned(cell.text, cell.tone, cell.note) : html`${cell.text}`;
  const classes = `${align}${[...cell.text].length <= unbrokenLength ? ' short' : ''}`;
  if (column > 0) return html`<td class="${classes}">${text}</td>`;
  if (rowSpan === 0) return null;
  return html`<th scope="row" class="${classes}"${rowSpan > 1 ? html` rowspan="${rowSpan}"` : ''}>${text}</th>`;
}
