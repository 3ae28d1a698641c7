import type { Cell, Column, Table } from '../tables/table.ts';
import { clip, hanging, type TextPage, width } from './page.ts';

const gap = '  ';
/** No column is clipped below this. */
const narrowest = 8;

/** A table as aligned lines that fit the page, its footnotes under it. */
export function tableLines(whole: Table, page: TextPage): string[] {
  if (whole.rows.length === 0) return [];
  const room = page.columns - gap.length;
  const fitted = neededWidth(whole, fittingColumns(whole, room)) > room ? shortened(whole) : whole;
  const shown = fittingColumns(fitted, room);
  const table = renumbered(fitted, shown);
  const widths = clippedWidths(
    shown.map((index) => naturalWidth(table, index)),
    shown.map((index) => table.columns[index]?.align === 'left'),
    room,
  );
  const print = (cells: readonly Cell[], styled: boolean): string => {
    const parts = shown.map((index, place) => cellText(cells[index], table.columns[index], widths[place] ?? 0, styled, page));
    return `${gap}${parts.join(gap)}`.trimEnd();
  };
  const head = print(
    table.columns.map(({ label }) => ({ text: label })),
    false,
  );
  const rule = `${gap}${'─'.repeat(
    Math.min(
      page.columns - gap.length,
      widths.reduce((sum, each) => sum + each + gap.length, -gap.length),
    ),
  )}`;
  const lines = [page.paint(head, 'bold'), page.paint(rule, 'dim'), ...table.rows.map((row) => print(row, true))];
  return [...lines, ...table.footnotes.flatMap((note) => hanging(gap, note, page, 'dim'))];
}

function cellText(cell: Cell | undefined, column: Column | undefined, room: number, styled: boolean, page: TextPage): string {
  const text = clip(cell?.text ?? '', room);
  const padding = ' '.repeat(room - width(text));
  const painted = styled && cell?.tone ? page.paint(text, cell.tone) : text;
  return column?.align === 'right' ? padding + painted : painted + padding;
}

function naturalWidth(table: Table, index: number): number {
  return Math.max(width(table.columns[index]?.label ?? ''), ...table.rows.map((row) => width(row[index]?.text ?? '')));
}

/** What a cell without a figure says, and the number of its reason: `no data [2]`, `[2]`. */
const marked = /^((?:no data )?)\[(\d+)\]$/;

/** Without the reasons that only columns left out refer to, and the others counted from 1 again. */
function renumbered(table: Table, shown: readonly number[]): Table {
  const used = table.rows.flatMap((row) => shown.flatMap((index) => marked.exec(row[index]?.text ?? '')?.[2] ?? []));
  const numbers = [...new Set(used)].sort((a, b) => Number(a) - Number(b));
  const markOf = (number: string): string => `[${numbers.indexOf(number) + 1}]`;
  const footnotes = table.footnotes.flatMap((note) => {
    const [mark, number = ''] = /^\[(\d+)\]/.exec(note) ?? [];
    if (mark === undefined) return [note];
    return numbers.includes(number) ? [markOf(number) + note.slice(mark.length)] : [];
  });
  const cellOf = (cell: Cell): Cell => {
    const [, words, number = ''] = marked.exec(cell.text) ?? [];
    return words === undefined ? cell : { ...cell, text: words + markOf(number) };
  };
  return { ...table, rows: table.rows.map((row) => row.map(cellOf)), footnotes };
}

function neededWidth(table: Table, shown: readonly number[]): number {
  return shown.reduce((sum, index) => sum + naturalWidth(table, index) + gap.length, -gap.length);
}

function shortened(table: Table): Table {
  return { ...table, rows: table.rows.map((row) => row.map((cell) => (cell.short ? { ...cell, text: cell.short } : cell))) };
}

/** The columns that fit without clipping; the optional ones of the highest rank go first. */
function fittingColumns(table: Table, room: number): number[] {
  let shown = table.columns.map((_, index) => index);
  const rankOf = (index: number): number => table.columns[index]?.rank ?? 0;
  while (neededWidth(table, shown) > room) {
    const highest = Math.max(...shown.map(rankOf));
    if (highest === 0) break;
    shown = shown.filter((index) => rankOf(index) !== highest);
  }
  return shown;
}

/** Narrows the widest left-aligned column, character by character, until the row fits; numbers are never clipped unless nothing else helps. */
function clippedWidths(natural: readonly number[], isText: readonly boolean[], room: number): number[] {
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, each) => sum + each + gap.length, -gap.length);
  while (total() > room) {
    const text = widths.map((each, index) => (isText[index] && each > narrowest ? each : 0));
    const candidates = Math.max(...text) > 0 ? text : widths.map((each) => (each > narrowest ? each : 0));
    const widest = Math.max(...candidates);
    if (widest === 0) break;
    widths[candidates.indexOf(widest)] = widest - 1;
  }
  return widths;
}
