import { StringDecoder } from 'node:string_decoder';
import { ProofloadError } from '../../core/errors.ts';
import { metricRows, type RowRules } from '../k6/csv.ts';
import type { K6Events, K6Reader } from '../k6/rows.ts';

interface Point {
  readonly type?: string;
  readonly metric?: string;
  readonly data?: { readonly time?: string; readonly value?: number; readonly tags?: Readonly<Record<string, string>> | null };
}

/** Reads `k6 run --out json`: one JSON value a line, each a metric's declaration or one value of it. */
export function jsonReader(events: K6Events, rules: Pick<RowRules, 'expected'>): K6Reader {
  const decoder = new StringDecoder('utf8');
  const take = metricRows(events, rules.expected);
  let rest = '';
  let lines = 0;
  const line = (text: string): void => {
    lines++;
    if (text.trim() === '') return;
    const { type, metric = '', data } = parsed(text, lines);
    if (type !== 'Point') return;
    take((column) => {
      if (column === 'metric_name') return metric;
      if (column === 'timestamp') return data?.time ?? '';
      return column === 'metric_value' ? String(data?.value) : (data?.tags?.[column] ?? '');
    });
  };
  const push = (chunk: Uint8Array): void => {
    const all = (rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))).split('\n');
    rest = all.pop() ?? '';
    for (const each of all) line(each);
  };
  const end = (): { complete: boolean; detail: string } =>
    rest === '' ? { complete: true, detail: '' } : { complete: false, detail: "k6's JSON ends within a line" };
  return { push, end };
}

function parsed(text: string, line: number): Point {
  try {
    return JSON.parse(text) as Point;
  } catch (cause) {
    throw new ProofloadError('bad-import', `line ${line} is not JSON: ${JSON.stringify(text.slice(0, 60))}`, {
      hint: 'the file was changed or put together of several: import each by itself',
      cause,
    });
  }
}
