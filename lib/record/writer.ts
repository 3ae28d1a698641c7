import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import type { NumberEntry } from '../core/numbers.ts';
import { createBlockAppender, createDictionary, openAppend, writeAtomically } from './append.ts';
import type { RunSummary } from './history/summary.ts';
import type { ImportedFigures } from './imported.ts';
import { arrivalLayout, arrivalState, pieces, sampleLayout } from './layouts.ts';
import type { Arrival, CollectedMetric, Health, JournalEvent, Manifest, ResourceConfiguration, Sample } from './types.ts';

/** Longest distance from a block's base that 32 bits of microseconds hold: 71 minutes. */
const maxOffsetMs = 4_294_967;

/**
 * Writes the record of one run below `<run>/record`. Events are on disk when `event` returns; samples, arrivals and health are
 * kept until `flush`, which the run calls every second: a crash loses at most what came since. Everything is synchronous, because
 * the pieces are small and a record must not depend on a loop that may be about to end.
 */
export interface RecordWriter {
  /** `<run>/record`. */
  readonly folder: string;
  manifest(manifest: Manifest): void;
  /** The plan as `check` shows it; any JSON. */
  plan(plan: unknown): void;
  /** The price list that the run was planned with, so that its cost can be derived again. */
  prices(prices: Readonly<Record<string, NumberEntry>>): void;
  event(event: JournalEvent): void;
  samples(samples: readonly Sample[]): void;
  arrivals(arrivals: readonly Arrival[]): void;
  health(health: Health): void;
  /** All series of the run; a later call replaces what an earlier one wrote. */
  metrics(metrics: readonly CollectedMetric[]): void;
  /** All resources of the system; a later call replaces what an earlier one wrote. */
  resources(resources: readonly ResourceConfiguration[]): void;
  /** The earlier runs that this one is compared with. */
  references(runs: readonly RunSummary[]): void;
  /** The figures of a file that holds no samples. */
  imported(figures: ImportedFigures): void;
  flush(): void;
  /** Flushes and closes; nothing can be written afterwards. */
  close(): void;
}

/** Begins the record of a run in `runFolder`, which is created. A folder that holds a record already is refused. */
export function createRecordWriter(runFolder: string): RecordWriter {
  const folder = join(runFolder, 'record');
  if (existsSync(join(folder, pieces.manifest)))
    throw new ProofloadError('record-exists', `${runFolder} already holds the record of a run`, {
      hint: 'a record is never overwritten: choose another folder',
    });
  for (const name of [pieces.samples, pieces.arrivals]) mkdirSync(join(folder, name), { recursive: true });
  const journal = openAppend(join(folder, pieces.journal));
  const healthFile = openAppend(join(folder, pieces.health));
  const dictionary = createDictionary();
  const sampleFiles = createBlockAppender(join(folder, pieces.samples), sampleLayout, dictionary);
  const arrivalFiles = createBlockAppender(join(folder, pieces.arrivals), arrivalLayout, dictionary);
  let samples: Sample[] = [];
  let arrivals: Arrival[] = [];
  let health = '';
  const json = (name: string, value: unknown): void => writeAtomically(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  const flush = (): void => {
    const [flushedSamples, flushedArrivals, flushedHealth] = [samples, arrivals, health];
    samples = [];
    arrivals = [];
    health = '';
    inBlocks(
      flushedSamples,
      (sample) => sample.startMs,
      (rows, baseMs) => sampleFiles.append(baseMs, rows.length, sampleColumns(rows, baseMs, dictionary.id)),
    );
    inBlocks(
      flushedArrivals,
      (arrival) => arrival.intendedMs,
      (rows, baseMs) => arrivalFiles.append(baseMs, rows.length, arrivalColumns(rows, baseMs, dictionary.id)),
    );
    if (flushedHealth) healthFile.append(flushedHealth);
  };
  return {
    folder,
    manifest: (manifest) => json(pieces.manifest, manifest),
    plan: (plan) => json(pieces.plan, plan),
    prices: (prices) => json(pieces.prices, prices),
    event: (event) => journal.append(`${JSON.stringify(event)}\n`),
    samples: (more) => void append(samples, more),
    arrivals: (more) => void append(arrivals, more),
    health(line) {
      health += `${JSON.stringify(line)}\n`;
    },
    metrics: (metrics) => writeAtomically(join(folder, pieces.metrics), metrics.map((metric) => `${JSON.stringify(metric)}\n`).join('')),
    resources: (resources) => json(pieces.resources, resources),
    references: (runs) => json(pieces.references, runs),
    imported: (figures) => json(pieces.imported, figures),
    flush,
    close() {
      flush();
      for (const file of [journal, healthFile, sampleFiles, arrivalFiles]) file.close();
    },
  };
}

function append<Row>(to: Row[], more: readonly Row[]): void {
  for (const row of more) to.push(row);
}

/** Hands `rows` on in groups that one block can hold; nearly always one. */
function inBlocks<Row>(rows: readonly Row[], timeOf: (row: Row) => number, write: (rows: readonly Row[], baseMs: number) => void): void {
  let left = rows;
  while (left.length > 0) {
    const baseMs = left.reduce((least, row) => Math.min(least, timeOf(row)), Number.POSITIVE_INFINITY);
    const near = left.filter((row) => timeOf(row) - baseMs <= maxOffsetMs);
    write(near, baseMs);
    left = near.length === left.length ? [] : left.filter((row) => timeOf(row) - baseMs > maxOffsetMs);
  }
}

function sampleColumns(rows: readonly Sample[], baseMs: number, id: (name: string) => number) {
  const [start, duration, bytes] = [new Uint32Array(rows.length), new Uint32Array(rows.length), new Uint32Array(rows.length)];
  const [operation, status, error] = [new Uint16Array(rows.length), new Uint16Array(rows.length), new Uint16Array(rows.length)];
  const ok = new Uint8Array(rows.length);
  rows.forEach((row, index) => {
    start[index] = toUs(row.startMs - baseMs);
    duration[index] = toUs(row.durationMs);
    bytes[index] = Math.min(row.bytesReceived, 0xffff_ffff);
    operation[index] = id(row.operation);
    status[index] = row.status;
    error[index] = id(row.error);
    ok[index] = row.ok ? 1 : 0;
  });
  return [start, duration, bytes, operation, status, error, ok];
}

function arrivalColumns(rows: readonly Arrival[], baseMs: number, id: (name: string) => number) {
  const [intended, lateness, duration] = [new Uint32Array(rows.length), new Int32Array(rows.length), new Uint32Array(rows.length)];
  const flow = new Uint16Array(rows.length);
  const state = new Uint8Array(rows.length);
  rows.forEach((row, index) => {
    intended[index] = toUs(row.intendedMs - baseMs);
    lateness[index] = Math.max(-0x8000_0000, Math.min(0x7fff_ffff, Math.round(((row.startMs ?? row.intendedMs) - row.intendedMs) * 1000)));
    duration[index] = toUs(row.durationMs ?? 0);
    flow[index] = id(row.flow);
    state[index] = arrivalState(row);
  });
  return [intended, lateness, duration, flow, state];
}

function toUs(ms: number): number {
  return Math.max(0, Math.min(0xffff_ffff, Math.round(ms * 1000)));
}
