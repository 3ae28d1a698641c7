import { existsSync, mkdtempSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { openFingerprint, openManifest } from '../reader.ts';
import type { StoredRun } from './store.ts';
import { type Acceptance, type RunSummary, summaryVersion } from './summary.ts';

const files = { summary: 'summary.json', acceptance: 'accepted.json' } as const;

/** The run in `folder`. @throws ProofloadError `not-a-record`, `record-newer` */
export function storedRun(folder: string): StoredRun {
  const manifest = openManifest(folder);
  const summary = readSummary(folder);
  const acceptance = readJson<Acceptance>(join(folder, files.acceptance));
  return {
    runId: manifest.runId,
    manifest,
    ...(summary?.summaryVersion === summaryVersion ? { summary } : {}),
    ...(acceptance ? { acceptance } : {}),
    fingerprint: () => openFingerprint(folder),
    open: async () => folder,
  };
}

/** Makes the run in `folder` the reference of its exercise, with the reason. */
export function acceptRun(folder: string, acceptance: Acceptance): void {
  // A folder of its own: two that accept at once must not take each other's file away.
  const work = mkdtempSync(join(folder, '.accept-'));
  writeFileSync(join(work, files.acceptance), `${JSON.stringify(acceptance, null, 2)}\n`);
  renameSync(join(work, files.acceptance), join(folder, files.acceptance));
  rmdirSync(work);
}

/** A summary that cannot be read is as good as none: it is made again. */
export function readSummary(folder: string): RunSummary | undefined {
  try {
    return readJson<RunSummary>(join(folder, files.summary));
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
