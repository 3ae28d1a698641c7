import { escapeMarkdown } from '../safe-text.ts';
import type { Cell, Table } from '../tables/table.ts';

/** A table in GitHub's Markdown, its footnotes below in small print. */
export function markdownTable(table: Table): string[] {
  if (table.rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cell = (each: Cell, column: number): string =>
    column === 0 && each.text !== '' ? `**${escapeMarkdown(each.text)}**` : escapeMarkdown(each.text);
  return [
    line(table.columns.map(({ label }) => escapeMarkdown(label))),
    line(table.columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map(cell))),
    ...(table.footnotes.length > 0 ? ['', `<sub>${table.footnotes.map(escapeMarkdown).join('<br>')}</sub>`] : []),
  ];
}

/** `text` inside `<details>`, under `summary`. */
export function folded(summary: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['<details>', `<summary>${escapeMarkdown(summary)}</summary>`, '', ...lines, '', '</details>'] : [];
}
