import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { openManifest } from '../reader.ts';
import type { Manifest } from '../types.ts';
import { type Acceptance, type RunSummary, summaryVersion } from './summary.ts';

/** A run of a store, newest first in its lists. */
export interface StoredRun {
  readonly runId: string;
  /** The run's folder: its record, and its reports. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Absent where the run was never graded, or by another version. */
  readonly summary?: RunSummary;
  readonly acceptance?: Acceptance;
}

const files = { summary: 'summary.json', acceptance: 'accepted.json' } as const;

/**
 * The runs below `folder` (`reports/`), newest first. What is no record, or was written by a newer proofload, is not a run that this one can compare
 * with: it is left out and named in `skipped`.
 */
export function listRuns(folder: string): { readonly runs: readonly StoredRun[]; readonly skipped: readonly string[] } {
  if (!existsSync(folder)) return { runs: [], skipped: [] };
  const runs: StoredRun[] = [];
  const skipped: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = join(folder, entry.name);
    if (!entry.isDirectory() || !existsSync(join(place, 'record'))) continue;
    try {
      runs.push(storedRun(place));
    } catch (thrown) {
      skipped.push(messageOf(thrown));
    }
  }
  return { runs: runs.sort((a, b) => b.manifest.startedMs - a.manifest.startedMs), skipped };
}

/** The run in `folder`. @throws ProofloadError `not-a-record`, `record-newer` */
export function storedRun(folder: string): StoredRun {
  const manifest = openManifest(folder);
  const summary = readSummary(join(folder, files.summary));
  const acceptance = readJson<Acceptance>(join(folder, files.acceptance));
  return {
    runId: manifest.runId,
    folder,
    manifest,
    ...(summary?.summaryVersion === summaryVersion ? { summary } : {}),
    ...(acceptance ? { acceptance } : {}),
  };
}

/** Makes the run in `folder` the reference of its exercise, with the reason. */
export function acceptRun(folder: string, acceptance: Acceptance): void {
  const path = join(folder, files.acceptance);
  writeFileSync(`${path}.new`, `${JSON.stringify(acceptance, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** A summary that cannot be read is as good as none: it is made again. */
function readSummary(path: string): RunSummary | undefined {
  try {
    return readJson<RunSummary>(path);
  } catch {
    return undefined;
  }
}

function readJson<Value>(path: string): Value | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch (cause) {
    throw new ProofloadError('not-a-record', `${path} is not JSON: ${messageOf(cause)}`, {
      hint: 'delete the file, and accept the run again with `proofload accept` if it is still the reference',
      cause,
    });
  }
}
