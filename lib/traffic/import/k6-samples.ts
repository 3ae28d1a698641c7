import { ProofloadError } from '../../core/errors.ts';
import type { Arrival, Sample } from '../../record/types.ts';
import { csvReader, type Row, type RowRules } from '../k6/csv.ts';
import { errorWord } from '../k6/errors.ts';
import type { K6Events } from '../k6/rows.ts';
import type { ResultFile } from './file.ts';
import { jsonReader } from './k6-json.ts';

/** Where samples go while a file is read. */
export interface SampleSink {
  samples(samples: readonly Sample[]): void;
  arrivals(arrivals: readonly Arrival[]): void;
}

/** What a file of samples held. */
export interface SampleFacts {
  /** Start of the first request and of the last one. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly requests: number;
  readonly dropped: number;
  readonly flows: readonly { readonly name: string; readonly arrivals: number }[];
  /** Whether the file has times to the second only, as `--out csv` has them by default. */
  readonly wholeSeconds: boolean;
  /** Why it is not whole; absent where it is. */
  readonly cutOff?: string;
}

/** Samples that are kept before they are passed on. */
const batch = 20_000;

/** Without `expected_response`, which `systemTags` may leave out, the status tells: no response and 4xx, 5xx failed. */
function expected(row: Row): boolean {
  const tag = row('expected_response');
  if (tag !== '') return tag !== 'false';
  const status = Number(row('status'));
  return status > 0 && status < 400;
}

const rules: RowRules = { needed: ['metric_name', 'timestamp', 'metric_value', 'name', 'status'], expected };

/**
 * Reads k6's CSV or JSON lines as they come. A flow's start is taken for the one that was meant: the file does not tell the difference.
 * @throws ProofloadError `nothing-to-import` where it holds no HTTP request; `k6-rows`, `bad-import` where it cannot be read
 */
export async function readK6Samples(file: ResultFile, format: 'k6 CSV' | 'k6 JSON', sink: SampleSink): Promise<SampleFacts> {
  const facts = { firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY, requests: 0, dropped: 0, wholeSeconds: format === 'k6 CSV' };
  const flows = new Map<string, number>();
  let samples: Sample[] = [];
  let arrivals: Arrival[] = [];
  const arrived = (arrival: Arrival): void => {
    flows.set(arrival.flow, (flows.get(arrival.flow) ?? 0) + 1);
    arrivals.push(arrival);
  };
  const events: K6Events = {
    ...{ users: () => {}, data: () => {}, check: () => {}, scenarioStarted: () => {} },
    request: (startMs, durationMs, operation, status, errorCode, isExpected) => {
      if (!Number.isFinite(startMs) || !Number.isFinite(durationMs)) throw unreadable(file.name, facts.requests);
      facts.requests++;
      facts.firstMs = Math.min(facts.firstMs, startMs);
      facts.lastMs = Math.max(facts.lastMs, startMs);
      if (Math.abs(((startMs + durationMs) % 1000) - 500) > 0.01) facts.wholeSeconds = false;
      const error = errorWord(errorCode, status);
      samples.push({ startMs, durationMs, operation, status, error, ok: isExpected && error === '', bytesReceived: 0 });
    },
    iteration: (flow, startMs, durationMs) => arrived({ flow: flow || 'default', intendedMs: startMs, startMs, durationMs }),
    dropped: (flow, atMs, count) => {
      facts.dropped += count;
      for (let nth = 0; nth < count; nth++) arrived({ flow: flow || 'default', intendedMs: atMs, dropped: 'system-slow' });
    },
  };
  const pass = (): void => {
    sink.samples(samples);
    sink.arrivals(arrivals);
    samples = [];
    arrivals = [];
  };
  const reader = format === 'k6 CSV' ? csvReader(events, rules) : jsonReader(events, rules);
  for await (const chunk of file.chunks()) {
    reader.push(chunk);
    if (samples.length + arrivals.length >= batch) pass();
  }
  pass();
  const { complete, detail } = reader.end();
  if (facts.requests === 0)
    throw new ProofloadError('nothing-to-import', `${file.name} holds no HTTP request (http_req_duration and the like)`, {
      hint: 'only HTTP traffic of k6 can be graded',
    });
  const named = [...flows].map(([name, count]) => ({ name, arrivals: count }));
  return { ...facts, flows: named, ...(complete ? {} : { cutOff: detail }) };
}

function unreadable(name: string, requests: number): ProofloadError {
  return new ProofloadError('bad-import', `${name}: the request after ${requests} others has no time or no duration that can be read`, {
    hint: 'times may be in any format of K6_CSV_TIME_FORMAT; fetch the file again',
  });
}
