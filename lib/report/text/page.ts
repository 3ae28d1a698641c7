import type { Tone } from '../words.ts';

export interface TextOptions {
  /** Width of the terminal; kept between 60 and 120. Default 100. */
  readonly columns?: number;
  /** Whether to use ANSI colours. Default false. */
  readonly colour?: boolean;
  /** Where the run's files lie, as the reader may type it. */
  readonly reportFolder?: string;
}

/** What a section needs to know of the terminal. */
export interface TextPage {
  readonly columns: number;
  readonly paint: (text: string, ...styles: readonly Style[]) => string;
}

export type Style = Tone | 'bold' | 'dim' | 'inverse';

const ansiCodes: Readonly<Record<Style, string>> = {
  good: '32',
  warn: '33',
  bad: '31',
  invalid: '35',
  muted: '2',
  plain: '',
  bold: '1',
  dim: '2',
  inverse: '7',
};

/** The page that `options` ask for. */
export function textPage(options: TextOptions): TextPage {
  const columns = Math.min(120, Math.max(60, Math.floor(options.columns ?? 100)));
  return { columns, paint: options.colour ? ansi : (text) => text };
}

function ansi(text: string, ...styles: readonly Style[]): string {
  const codes = styles.map((style) => ansiCodes[style]).filter((code) => code !== '');
  return codes.length > 0 && text !== '' ? `\u001b[${codes.join(';')}m${text}\u001b[0m` : text;
}

/** Characters that a terminal shows for `text`, which holds no escape sequences. */
export function width(text: string): number {
  return [...text].length;
}

/** `text` in at most `room` characters, its end replaced by `…` where it is longer. */
export function clip(text: string, room: number): string {
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(0, room - 1)).join('')}…`;
}

/** `text` in lines of at most `room` characters, broken at spaces where there are any. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && width(line) + 1 + width(rest) > room) {
      lines.push(line);
      line = '';
    }
    while (width(rest) > room) {
      lines.push([...rest].slice(0, room).join(''));
      rest = [...rest].slice(room).join('');
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** `text` wrapped behind `head`: further lines are indented by the head's width. */
export function hanging(head: string, text: string, page: TextPage, style: Style = 'plain'): string[] {
  const indent = ' '.repeat(width(head));
  return wrap(text, page.columns - width(head)).map((line, index) => `${index === 0 ? head : indent}${page.paint(line, style)}`);
}
