import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { pieces } from '../layouts.ts';
import { openFingerprint } from '../reader.ts';
import { recordVersion } from '../types.ts';
import { readGate, readSummary } from './run-folder.ts';
import type { StoredRun } from './store.ts';
import { type Acceptance, type GateOutcome, type RunSummary, summaryVersion } from './summary.ts';

/** Version of what stores elsewhere hold of a run; newer ones are refused by name. */
const entryVersion = 1;

/** A file of a record. */
interface StoredFile {
  /** Below the run's folder, such as `record/samples/0000.bin`. */
  readonly name: string;
  readonly sha256: string;
}

/** What a store elsewhere holds of a run beside its files: all that lists and comparisons need before they read samples. Written last, and once. */
export interface StoredEntry extends ReturnType<typeof openFingerprint> {
  readonly entryVersion: number;
  readonly summary?: RunSummary;
  readonly gated?: GateOutcome;
  readonly files: readonly StoredFile[];
  /** Of all files with their names. */
  readonly sha256: string;
}

/** Ids and file names that stores take: they become keys and paths. */
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** True for what can be a run's id; a path is none. */
export function isRunId(text: string): boolean {
  return nameForm.test(text);
}

/**
 * What a store elsewhere keeps of the run in `folder`.
 * @throws ProofloadError `record-unfinished`: a record that still grows cannot be stored whole
 */
export function describeRun(folder: string): StoredEntry {
  const fingerprint = openFingerprint(folder);
  const { runId } = fingerprint.manifest;
  if (!isRunId(runId))
    throw new ProofloadError('not-a-record', `${folder} has the run id ${JSON.stringify(runId)}`, {
      hint: 'an id is letters, digits, dots and dashes',
    });
  const journal = join(folder, 'record', pieces.journal);
  if (!existsSync(journal) || !readFileSync(journal, 'utf8').includes('"kind":"run-ended"'))
    throw new ProofloadError('record-unfinished', `the record of run ${runId} has no end: the run goes on, or died`, {
      hint: 'a store keeps whole records: wait for the run, or run the exercise again',
    });
  const files = filesBelow(folder, 'record').map((name) => ({ name, sha256: sha256Of(readFileSync(join(folder, name))) }));
  const [summary, gated] = [readSummary(folder), readGate(folder)];
  const whole = sha256Of(files.map(({ name, sha256 }) => `${sha256} ${name}\n`).join(''));
  return { entryVersion, ...fingerprint, ...(summary ? { summary } : {}), ...(gated ? { gated } : {}), files, sha256: whole };
}

function filesBelow(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
    .map((entry) => join(dirname(join(entry.parentPath, entry.name)).slice(folder.length + 1), basename(entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** Hexadecimal SHA-256. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads what a store gave. @throws ProofloadError `record-newer`, `store-damaged` */
export function readEntry(text: string, where: string): StoredEntry {
  let entry: StoredEntry;
  try {
    entry = JSON.parse(text) as StoredEntry;
  } catch (cause) {
    throw damaged(`${where} is not JSON: ${messageOf(cause)}`);
  }
  const newer =
    entry?.entryVersion > entryVersion ? entry.entryVersion : entry?.manifest?.recordVersion > recordVersion ? entry.manifest.recordVersion : 0;
  if (newer > 0)
    throw new ProofloadError('record-newer', `${where} was written by a newer proofload (version ${newer})`, { hint: 'update proofload' });
  const whole = typeof entry?.manifest?.runId === 'string' && isRunId(entry.manifest.runId) && Array.isArray(entry.files);
  if (!whole || !entry.files.every(({ name }) => isFileName(name))) throw damaged(`${where} does not describe a run`);
  return entry;
}

/** `record/<name>` or `record/<folder>/<name>`: nothing that leads elsewhere. */
function isFileName(name: unknown): boolean {
  return typeof name === 'string' && name.startsWith('record/') && name.split('/').every((part) => nameForm.test(part));
}

/** An error about what a store holds. */
export function damaged(message: string): ProofloadError {
  return new ProofloadError('store-damaged', message, {
    hint: 'something else than proofload wrote to the store; push the run again from where it was made',
  });
}

/** A run of a store elsewhere. */
export function runOf(entry: StoredEntry, acceptance: Acceptance | undefined, open: () => Promise<string>): StoredRun {
  const { manifest, plan, resources, summary, gated } = entry;
  return {
    runId: manifest.runId,
    manifest,
    ...(summary?.summaryVersion === summaryVersion ? { summary } : {}),
    ...(acceptance ? { acceptance } : {}),
    ...(gated ? { gated } : {}),
    fingerprint: () => ({ manifest, plan, resources }),
    open,
  };
}

/** Whether a run that is to be stored is the one that the store has. @throws ProofloadError `record-exists` where it is another one */
export function assertSame(entry: StoredEntry, sha256: string, place: string): 'already-there' {
  if (entry.sha256 === sha256) return 'already-there';
  throw new ProofloadError('record-exists', `${place} has another record of run ${entry.manifest.runId}`, {
    hint: 'a stored record never changes; what differs here was changed after the run',
  });
}

export function noRun(runId: string, place: string): ProofloadError {
  return new ProofloadError('no-run', `${place} has no run ${runId}`, {
    hint: 'give the id of a run that it has, or push the run: proofload push <run>',
  });
}
