import type { SampleChunk } from '../record/chunks.ts';
import type { RunRecord } from '../record/reader.ts';
import type { Window } from '../record/types.ts';
import { binSecondsFor, TimeBins } from '../stats/bins.ts';
import { Distribution } from '../stats/distribution.ts';

/** Requests of one operation in one phase. */
interface Tally {
  count: number;
  failed: number;
  readonly latencyUs: Distribution;
}

/** What the samples of one window showed. */
export interface PhaseTally {
  readonly all: Tally;
  readonly byOperation: Map<string, Tally>;
  /** Failed requests by kind and operation. */
  readonly errors: Map<string, { readonly kind: string; readonly operation: string; count: number }>;
}

/** One pass over all samples: what each window showed, and the whole run over time. */
export interface ClientTally {
  readonly phases: readonly PhaseTally[];
  readonly bins: TimeBins;
  /** Failed requests over time by kind, on the same bins. */
  readonly errorBins: ReadonlyMap<string, Float64Array>;
  /** All requests; those that got any response; those that got none. */
  readonly requests: number;
  readonly responses: number;
  /** Requests that went as they should, by operation, over the whole run. */
  readonly succeeded: ReadonlyMap<string, number>;
  /** Requests by HTTP status, over the whole run; 0 where no response came. */
  readonly byStatus: ReadonlyMap<number, number>;
}

/** At most so many points a series. */
const maxChartPoints = 2_000;

/** What a request did not do right: the status where a response came, else the client's word. */
function errorKind(status: number, error: string): string {
  if (status === 0) return error || 'no response';
  return status >= 400 ? `HTTP ${status}` : `unexpected response (HTTP ${status})`;
}

/** Reads every sample once. A request belongs to the window, and to the second, in which it started. */
export function tallyClients(record: RunRecord, windows: readonly Window[]): ClientTally {
  const span = spanOf(record);
  const binSec = binSecondsFor(span.endMs - span.startMs, maxChartPoints);
  const bins = new TimeBins(span.startMs, span.endMs, binSec);
  const phases = windows.map(() => ({ all: emptyTally(), byOperation: new Map(), errors: new Map() }) satisfies PhaseTally);
  const errorBins = new Map<string, Float64Array>();
  const binCount = Math.max(0, Math.ceil((span.endMs - span.startMs) / (binSec * 1000)));
  const totals = { requests: 0, responses: 0, succeeded: new Map<string, number>(), byStatus: new Map<number, number>() };
  record.forEachSampleChunk((chunk) => {
    for (let row = 0; row < chunk.count; row++) {
      const atMs = chunk.baseMs + (chunk.startUs[row] ?? 0) / 1000;
      const latencyUs = chunk.durationUs[row] ?? 0;
      const operation = chunk.names[chunk.operation[row] ?? 0] ?? '';
      const status = chunk.status[row] ?? 0;
      const failed = isFailed(chunk, row);
      bins.add(atMs, latencyUs, failed);
      totals.requests++;
      if (status > 0) totals.responses++;
      totals.byStatus.set(status, (totals.byStatus.get(status) ?? 0) + 1);
      if (!failed) totals.succeeded.set(operation, (totals.succeeded.get(operation) ?? 0) + 1);
      const phase = phases[windows.findIndex((window) => atMs >= window.startMs && atMs < window.endMs)];
      if (phase) addTo(phase, operation, latencyUs, failed);
      if (!failed) continue;
      const kind = errorKind(status, chunk.names[chunk.error[row] ?? 0] ?? '');
      if (phase) addError(phase, kind, operation);
      addToBin(errorBins, kind, Math.floor((atMs - span.startMs) / (binSec * 1000)), binCount);
    }
  });
  return { phases, bins, errorBins, ...totals };
}

/** A request failed when no response came or the flow said that the response was not what it must be. */
export function isFailed(chunk: SampleChunk, row: number): boolean {
  return chunk.ok[row] !== 1 || chunk.error[row] !== 0;
}

/** From the first phase's start to the last one's end, on whole seconds; what was in flight at the end is still counted where it started. */
export function spanOf(record: RunRecord): Window {
  const phases = record.phases();
  const startMs = Math.floor((phases[0]?.startMs ?? record.manifest.startedMs) / 1000) * 1000;
  const lastMs = phases.at(-1)?.endMs ?? record.journal.at(-1)?.at ?? startMs;
  return { startMs, endMs: Math.max(startMs, Math.ceil(lastMs / 1000) * 1000) };
}

function emptyTally(): Tally {
  return { count: 0, failed: 0, latencyUs: new Distribution() };
}

function addTo(phase: PhaseTally, operation: string, latencyUs: number, failed: boolean): void {
  let tally = phase.byOperation.get(operation);
  if (!tally) {
    tally = emptyTally();
    phase.byOperation.set(operation, tally);
  }
  for (const each of [phase.all, tally]) {
    each.count++;
    if (failed) each.failed++;
    // No connection was had and the client tells no wait: 0 would be the quickest answer of all, and there was none.
    if (latencyUs > 0) each.latencyUs.add(latencyUs);
  }
}

function addError(phase: PhaseTally, kind: string, operation: string): void {
  const key = `${kind}\n${operation}`;
  const known = phase.errors.get(key);
  if (known) known.count++;
  else phase.errors.set(key, { kind, operation, count: 1 });
}

function addToBin(errorBins: Map<string, Float64Array>, kind: string, index: number, binCount: number): void {
  if (index < 0 || index >= binCount) return;
  const bins = errorBins.get(kind) ?? new Float64Array(binCount);
  bins[index] = (bins[index] ?? 0) + 1;
  errorBins.set(kind, bins);
}
