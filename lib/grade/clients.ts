import type { SampleChunk } from '../record/chunks.ts';
import type { RunRecord } from '../record/reader.ts';
import type { Window } from '../record/types.ts';
import { binSecondsFor, TimeBins } from '../stats/bins.ts';
import { Distribution } from '../stats/distribution.ts';
import { ByName } from './by-name.ts';

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
  /** Requests by HTTP status, over the whole run; at 0 those to which no response came. */
  readonly byStatus: Uint32Array;
}

/** Statuses are 16 bits wide in the record. */
const statuses = 65_536;

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
  const phases = windows.map((window) => ({ window, byOperation: new ByName(emptyTally), errors: new Map() }) satisfies OpenPhase);
  const phaseAt = phaseFinder(phases);
  const errorBins = new Map<string, Float64Array>();
  const binCount = Math.max(0, Math.ceil((span.endMs - span.startMs) / (binSec * 1000)));
  const byStatus = new Uint32Array(statuses);
  const succeeded = new ByName(() => ({ count: 0 }));
  let requests = 0;
  record.forEachSampleChunk((chunk) => {
    requests += chunk.count;
    for (let row = 0; row < chunk.count; row++) {
      const atMs = chunk.baseMs + (chunk.startUs[row] as number) / 1000;
      const latencyUs = chunk.durationUs[row] as number;
      const operation = chunk.operation[row] as number;
      const status = chunk.status[row] as number;
      const failed = isFailed(chunk, row);
      bins.add(atMs, latencyUs, failed);
      byStatus[status] = (byStatus[status] as number) + 1;
      if (!failed) succeeded.of(chunk.names, operation).count++;
      const phase = phaseAt(atMs);
      if (phase) addTo(phase.byOperation.of(chunk.names, operation), latencyUs, failed);
      if (!failed) continue;
      const kind = errorKind(status, chunk.names[chunk.error[row] ?? 0] ?? '');
      if (phase) addError(phase, kind, chunk.names[operation] ?? '');
      addToBin(errorBins, kind, Math.floor((atMs - span.startMs) / (binSec * 1000)), binCount);
    }
  });
  return {
    phases: phases.map(({ byOperation: { values }, errors }) => ({ all: allOf([...values.values()]), byOperation: values, errors })),
    bins,
    errorBins,
    requests,
    responses: requests - (byStatus[0] as number),
    succeeded: new Map([...succeeded.values].map(([operation, { count }]) => [operation, count])),
    byStatus,
  };
}

/** A phase while its samples are counted. */
interface OpenPhase {
  readonly window: Window;
  readonly byOperation: ByName<Tally>;
  readonly errors: PhaseTally['errors'];
}

/** Finds the phase that a time belongs to: the first whose window holds it. Samples come nearly in order, so it is mostly the one of the sample before. */
function phaseFinder(phases: readonly OpenPhase[]): (atMs: number) => OpenPhase | undefined {
  const holds = ({ window }: OpenPhase, atMs: number): boolean => atMs >= window.startMs && atMs < window.endMs;
  const areApart = phases.every(({ window }, index) => index === 0 || window.startMs >= (phases[index - 1] as OpenPhase).window.endMs);
  let last: OpenPhase | undefined;
  return (atMs) => {
    if (!areApart || last === undefined || !holds(last, atMs)) last = phases.find((phase) => holds(phase, atMs));
    return last;
  };
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

function addTo(tally: Tally, latencyUs: number, failed: boolean): void {
  tally.count++;
  if (failed) tally.failed++;
  // No connection was had and the client tells no wait: 0 would be the quickest answer of all, and there was none.
  if (latencyUs > 0) tally.latencyUs.add(latencyUs);
}

function allOf(tallies: readonly Tally[]): Tally {
  const all = emptyTally();
  for (const { count, failed, latencyUs } of tallies) {
    all.count += count;
    all.failed += failed;
    all.latencyUs.merge(latencyUs);
  }
  return all;
}

function addError(phase: OpenPhase, kind: string, operation: string): void {
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
