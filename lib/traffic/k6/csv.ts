import { StringDecoder } from 'node:string_decoder';
import { ProofloadError } from '../../core/errors.ts';
import { msOfIso } from '../../core/time-format.ts';
import type { K6Events, K6Reader } from './rows.ts';

/** Columns that must be there; `systemTags` in the script's options decides about the tags among them. */
const needed = ['metric_name', 'timestamp', 'metric_value', 'name', 'status', 'error_code', 'expected_response', 'scenario', 'check', 'metadata'];

/** A value of k6 by column: `metric_name`, `timestamp`, `metric_value`, else a tag; '' where it has none. */
export type Row = (column: string) => string;

/** How rows of a k6 that we did not start are read. */
export interface RowRules {
  /** Columns that must be there. */
  readonly needed: readonly string[];
  /** Whether a response was what the flow expected. */
  readonly expected: (row: Row) => boolean;
}

const ourRules: RowRules = { needed, expected: (row) => row('expected_response') !== 'false' };

/** The parts of http_req_* that add up to what the client waited for (see tools/k6/proofload/rows.go). */
interface OpenRequest {
  blocked: number;
  connecting: number;
  sent: number;
}

/**
 * Reads `k6 run --out csv=-` with K6_CSV_TIME_FORMAT=unix_micro: what a k6 without our output offers. It costs k6 some
 * 15 % of its highest rate, and it has no closing row: completeness is what k6's exit says.
 */
export function csvReader(events: K6Events, rules: RowRules = ourRules): K6Reader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let columns: ReadonlyMap<string, number> | undefined;
  const take = metricRows(events, rules.expected);
  const line = (text: string): void => {
    const fields = fieldsOf(text);
    if (!columns) columns = columnsOf(fields, rules.needed);
    else take((column) => fields[columns?.get(column) ?? -1] ?? '');
  };
  const push = (chunk: Uint8Array): void => {
    const text = rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    let at = 0;
    for (let end = lineEnd(text, at); end >= 0; end = lineEnd(text, at)) {
      line(text.slice(at, end));
      at = end + 1;
    }
    rest = text.slice(at);
  };
  const end = (): { complete: boolean; detail: string } => {
    if (!columns) return { complete: false, detail: 'k6 wrote no CSV header' };
    return rest === '' ? { complete: true, detail: '' } : { complete: false, detail: "k6's CSV ends within a line" };
  };
  return { push, end };
}

/** Turns k6's values, one by one and in its order, into events. */
export function metricRows(events: K6Events, expected: RowRules['expected']): (row: Row) => void {
  let open: OpenRequest = { blocked: 0, connecting: 0, sent: 0 };
  let active = 0;
  return (row) => {
    const metric = row('metric_name');
    const value = Number(row('metric_value'));
    const atMs = timeOf(row('timestamp'));
    switch (metric) {
      case 'http_req_duration':
        open = { blocked: 0, connecting: 0, sent: value };
        return;
      case 'http_req_blocked':
        open.blocked = value;
        return;
      case 'http_req_connecting':
      case 'http_req_tls_handshaking':
        open.connecting += value;
        return;
      case 'http_req_receiving': {
        const durationMs = Math.max(open.blocked, open.connecting) + open.sent;
        const [status, errorCode] = [Number(row('status')), Number(row('error_code'))];
        events.request(atMs - durationMs, durationMs, row('name'), status, errorCode, expected(row));
        return;
      }
      case 'iteration_duration':
        events.iteration(row('scenario'), atMs - value, value, indexOf(row('metadata')));
        return;
      case 'dropped_iterations':
        events.dropped(row('scenario'), atMs, value);
        return;
      case 'vus':
        active = value;
        return;
      case 'vus_max':
        events.users(atMs, active, value);
        return;
      case 'data_sent':
        if (value > 0) events.data(value, 0);
        return;
      case 'data_received':
        if (value > 0) events.data(0, value);
        return;
      case 'checks':
        events.check(row('check'), value === 0 ? 0 : 1, value === 0 ? 1 : 0);
        return;
      case 'proofload_scenario_start':
        events.scenarioStarted(row('scenario'), atMs);
    }
  };
}

/**
 * Milliseconds since the epoch of a time in any format of K6_CSV_TIME_FORMAT, told by its length. Of whole seconds the middle is taken: the value lies
 * within half a second of it.
 */
function timeOf(text: string): number {
  if (text.length === 16) return Number(text) / 1000;
  if (text.includes('T')) return msOfIso(text);
  if (text.length <= 10) return Number(text) * 1000 + 500;
  return text.length <= 13 ? Number(text) : Number(text) / (text.length <= 16 ? 1000 : 1e6);
}

function indexOf(metadata: string): number | undefined {
  const found = /(?:^|&)proofload_index=(\d+)/.exec(metadata)?.[1];
  return found === undefined ? undefined : Number(found);
}

function columnsOf(header: readonly string[], required: readonly string[]): ReadonlyMap<string, number> {
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length === 0) return new Map(header.map((name, index) => [name, index]));
  throw new ProofloadError('k6-rows', `k6's CSV has no column ${missing.join(', ')}`, { hint: 'use the k6 that proofload builds (needs Go)' });
}

/** The end of the line from `from`, not counting line ends within quotes; -1 while it is still to come. */
function lineEnd(text: string, from: number): number {
  let end = text.indexOf('\n', from);
  for (let quote = text.indexOf('"', from); quote >= 0 && quote < end; ) {
    const closing = text.indexOf('"', quote + 1);
    if (closing < 0) return -1;
    if (closing > end) end = text.indexOf('\n', closing);
    quote = text.indexOf('"', closing + 1);
  }
  return end;
}

/** RFC 4180 fields of one line. */
function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/gsy;
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === '') break;
  }
  return fields;
}
