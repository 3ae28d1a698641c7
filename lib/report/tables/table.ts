import type { Figure } from '../../grade/types.ts';
import { quantityText } from '../format.ts';
import { provenance, seriesProvenance, type Tone } from '../words.ts';

/** One cell: what it says, and, for those who ask (a tooltip), where that comes from. */
export interface Cell {
  readonly text: string;
  /** What a column without room says instead. */
  readonly short?: string;
  readonly note?: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly label: string;
  readonly align: 'left' | 'right';
  /** A narrow terminal leaves out the columns of the highest number first; 0 always stays. */
  readonly rank?: number;
}

/** What a report shows as rows and columns; the first cell of a row heads it. Every renderer prints the same tables. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sources and resolutions, and the reasons behind the `no data [n]` cells. */
  readonly footnotes: readonly string[];
}

/** The notes under one table: each reason for `no data` gets a number, each source is named once. */
export interface Notes {
  /** A cell for the figure; without data it points to its reason. */
  cell(figure: Figure, tone?: Tone): Cell;
  /** A cell of an absent value with its reason. */
  noData(reason: string): Cell;
  /** The footnotes of all cells made so far. */
  footnotes(): string[];
}

/** Collects the footnotes of one table while its cells are made. */
export function tableNotes(): Notes {
  const reasons: string[] = [];
  const sources = new Set<string>();
  const noData = (reason: string): Cell => {
    if (!reasons.includes(reason)) reasons.push(reason);
    const mark = `[${reasons.indexOf(reason) + 1}]`;
    return { text: `no data ${mark}`, short: mark, note: `no data: ${reason}`, tone: 'muted' };
  };
  return {
    noData,
    cell(figure, tone) {
      if (figure.state === 'no-data') return noData(figure.reason);
      sources.add(seriesProvenance(figure));
      return { text: quantityText(figure.value, figure.unit), note: provenance(figure), ...(tone ? { tone } : {}) };
    },
    footnotes: () => [
      ...reasons.map((reason, index) => `[${index + 1}] no data: ${reason}`),
      ...(sources.size > 0 ? [`Figures ${[...sources].join('; ')}.`] : []),
    ],
  };
}

/** A cell of plain text. */
export function textCell(text: string, tone?: Tone): Cell {
  return tone ? { text, tone } : { text };
}
