import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { type NumberEntry, Numbers } from '../core/numbers.ts';
import { type ArrivalChunk, openArrivals, openSamples, type SampleChunk } from './chunks.ts';
import type { RunSummary } from './history/summary.ts';
import { type ImportedFigures, importedVersion } from './imported.ts';
import { pieces } from './layouts.ts';
import {
  type CollectedMetric,
  type Health,
  type JournalEvent,
  type Manifest,
  type Phase,
  type ResourceConfiguration,
  recordVersion,
  type Warning,
  type Window,
} from './types.ts';

/** An opened record. What is missing or cut off is empty here and named in `problems`. */
export interface RunRecord {
  /** The record's own folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly plan: unknown;
  /** The price list the run was planned with; absent in records that carry none. */
  readonly prices: Numbers | undefined;
  readonly journal: readonly JournalEvent[];
  readonly health: readonly Health[];
  readonly metrics: readonly CollectedMetric[];
  readonly resources: readonly ResourceConfiguration[];
  /** The earlier runs that relative criteria are held against, newest first; empty where there is none. */
  readonly references: readonly RunSummary[];
  /** The figures of a file without samples; absent in any other record. */
  readonly imported: ImportedFigures | undefined;
  readonly sampleCount: number;
  readonly arrivalCount: number;
  readonly problems: readonly Warning[];
  /** The phases as run, in order; one without an end ends with the journal's last event. */
  phases(): Phase[];
  /**
   * All samples that were there when the record was opened, as columns, in the order in which they were written; with `within`, only chunks that may hold
   * one that started in it, and others with them. The columns are only good during the call.
   */
  forEachSampleChunk(visit: (chunk: SampleChunk) => void, within?: Window): void;
  forEachArrivalChunk(visit: (chunk: ArrivalChunk) => void): void;
}

/**
 * Opens the record of a run, finished or not: `folder` is the run's (`reports/<run-id>`) or the record's own.
 * Fails with `not-a-record`, or with `record-newer` when a later proofload wrote it.
 */
export function openRecord(folder: string): RunRecord {
  const root = rootOf(folder);
  const manifest = readManifest(root, folder);
  const problems: Warning[] = [];
  const journal = readLines<JournalEvent>(root, pieces.journal, problems, true);
  const samples = openSamples(root, problems);
  const arrivals = openArrivals(root, problems);
  const prices = readJson<Record<string, NumberEntry>>(root, pieces.prices, problems, false);
  return {
    folder: root,
    manifest,
    plan: readJson(root, pieces.plan, problems, true),
    prices: prices && new Numbers(Object.entries(prices)),
    journal,
    health: readLines<Health>(root, pieces.health, problems, false),
    metrics: readLines<CollectedMetric>(root, pieces.metrics, problems, true),
    resources: readJson<ResourceConfiguration[]>(root, pieces.resources, problems, true) ?? [],
    references: readJson<RunSummary[]>(root, pieces.references, problems, false) ?? [],
    imported: readImported(root, manifest, problems),
    sampleCount: samples.rows,
    arrivalCount: arrivals.rows,
    problems,
    phases: () => phasesOf(journal),
    forEachSampleChunk: (visit, within) => samples.forEach(visit, within),
    forEachArrivalChunk: (visit) => arrivals.forEach(visit),
  };
}

/** What a run is about, without reading its samples; fails as `openRecord` does. */
export function openManifest(folder: string): Manifest {
  return readManifest(rootOf(folder), folder);
}

/** What a run was made with, without reading its samples; fails as `openRecord` does. */
export function openFingerprint(folder: string): Pick<RunRecord, 'manifest' | 'plan' | 'resources'> {
  const root = rootOf(folder);
  return {
    manifest: readManifest(root, folder),
    plan: readJson(root, pieces.plan, [], false),
    resources: readJson<ResourceConfiguration[]>(root, pieces.resources, [], false) ?? [],
  };
}

function readImported(root: string, { imported }: Manifest, problems: Warning[]): ImportedFigures | undefined {
  const figures = readJson<ImportedFigures>(root, pieces.imported, problems, imported?.holds === 'figures');
  if (figures && !(figures.importedVersion <= importedVersion))
    throw new ProofloadError('record-newer', `${pieces.imported} was written by a newer proofload`, { hint: 'update proofload' });
  return figures;
}

function rootOf(folder: string): string {
  return existsSync(join(folder, 'record', pieces.manifest)) ? join(folder, 'record') : folder;
}

function readManifest(root: string, folder: string): Manifest {
  const path = join(root, pieces.manifest);
  const hint = 'name the folder of a run, such as reports/<run-id>';
  if (!existsSync(path))
    throw new ProofloadError('not-a-record', `${folder} is not the record of a run: it has no record/${pieces.manifest}`, { hint });
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch (cause) {
    throw new ProofloadError('not-a-record', `${path} is not JSON: ${messageOf(cause)}`, { hint, cause });
  }
  const version: unknown = manifest?.recordVersion;
  if (typeof version !== 'number' || typeof manifest.runId !== 'string')
    throw new ProofloadError('not-a-record', `${path} is not the manifest of a run: recordVersion or runId is missing`, { hint });
  if (version > recordVersion)
    throw new ProofloadError(
      'record-newer',
      `${folder} was written by a newer proofload: its record has version ${version}, this one reads up to ${recordVersion}`,
      {
        hint: 'update proofload',
      },
    );
  return manifest;
}

function readJson<Value>(root: string, name: string, problems: Warning[], expected: boolean): Value | undefined {
  const text = readText(root, name, problems, expected);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    problems.push(cutOff(name, messageOf(error)));
    return undefined;
  }
}

/** Lines of JSON up to the first that is none: the last line of a run that died may be cut off. */
function readLines<Line>(root: string, name: string, problems: Warning[], expected: boolean): Line[] {
  const lines: Line[] = [];
  for (const line of (readText(root, name, problems, expected) ?? '').split('\n')) {
    if (line === '') continue;
    try {
      lines.push(JSON.parse(line) as Line);
    } catch (error) {
      problems.push(cutOff(name, `line ${lines.length + 1}: ${messageOf(error)}`));
      break;
    }
  }
  return lines;
}

function readText(root: string, name: string, problems: Warning[], expected: boolean): string | undefined {
  const path = join(root, name);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  if (expected)
    problems.push({
      code: 'record-piece-missing',
      message: `the record has no ${name}`,
      advice: 'the run ended before it was written; what depends on it is shown as no data',
      invalidates: false,
    });
  return undefined;
}

function cutOff(name: string, detail: string): Warning {
  return {
    code: 'record-cut-off',
    message: `${name} is cut off: ${detail}`,
    advice: 'the run died while writing; it is read up to there',
    invalidates: false,
  };
}

function phasesOf(journal: readonly JournalEvent[]): Phase[] {
  const lastMs = journal.reduce((latest, event) => Math.max(latest, event.at), 0);
  const phases: { kind: Phase['kind']; startMs: number; endMs: number | undefined }[] = [];
  for (const event of journal) {
    const open = phases.at(-1);
    if (event.kind === 'phase-started') {
      if (open && open.endMs === undefined) open.endMs = event.at;
      phases.push({ kind: event.phase, startMs: event.at, endMs: undefined });
    }
    if (event.kind === 'phase-ended' && open?.kind === event.phase) open.endMs = event.at;
  }
  return phases.map(({ kind, startMs, endMs }) => ({ kind, startMs, endMs: endMs ?? Math.max(startMs, lastMs) }));
}
