import { existsSync, mkdtempSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { openFingerprint, openManifest } from '../reader.ts';
import type { StoredRun } from './store.ts';
import { type Acceptance, type GateOutcome, type RunSummary, summaryVersion } from './summary.ts';

const files = { summary: 'summary.json', acceptance: 'accepted.json', gated: 'gated.json' } as const;

/** The run in `folder`. @throws ProofloadError `not-a-record`, `record-newer` */
export function storedRun(folder: string): StoredRun {
  const manifest = openManifest(folder);
  const summary = readSummary(folder);
  const acceptance = readJson<Acceptance>(join(folder, files.acceptance));
  const gated = readGate(folder);
  return {
    runId: manifest.runId,
    manifest,
    ...(summary?.summaryVersion === summaryVersion ? { summary } : {}),
    ...(acceptance ? { acceptance } : {}),
    ...(gated ? { gated } : {}),
    fingerprint: () => openFingerprint(folder),
    open: async () => folder,
  };
}

/** Makes the run in `folder` the reference of its exercise, with the reason. */
export function acceptRun(folder: string, acceptance: Acceptance): void {
  putBeside(folder, files.acceptance, acceptance);
}

/** Keeps what a gate said of the run in `folder`; before the run is put into a store, which takes it with the record. */
export function noteGate(folder: string, outcome: GateOutcome): void {
  putBeside(folder, files.gated, outcome);
}

export function readGate(folder: string): GateOutcome | undefined {
  return readJson<GateOutcome>(join(folder, files.gated));
}

function putBeside(folder: string, name: string, value: object): void {
  // A folder of its own: two that accept at once must not take each other's file away.
  const work = mkdtempSync(join(folder, '.put-'));
  writeFileSync(join(work, name), `${JSON.stringify(value, null, 2)}\n`);
  renameSync(join(work, name), join(folder, name));
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
