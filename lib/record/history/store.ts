import type { openFingerprint } from '../reader.ts';
import type { Manifest } from '../types.ts';
import type { Acceptance, GateOutcome, RunSummary } from './summary.ts';

/** A run of a store. */
export interface StoredRun {
  readonly runId: string;
  readonly manifest: Manifest;
  /** Absent where the run was never graded, or by another version. */
  readonly summary?: RunSummary;
  /** Present where somebody made the run a reference of its exercise; of several, the one accepted last is it. */
  readonly acceptance?: Acceptance;
  /** Present where the run was a gate's: one that got worse is no reference, whatever its own verdict. */
  readonly gated?: GateOutcome;
  /** What the run was made with; costs no download. */
  fingerprint(): ReturnType<typeof openFingerprint>;
  /** The run's folder with its record; of a store elsewhere a copy on this machine, made whole at the first call. */
  open(): Promise<string>;
}

/** Runs, newest first. What cannot be read, or was written by a newer proofload, is no run that this one can compare with: it is named in `skipped`. */
export interface RunList {
  readonly runs: readonly StoredRun[];
  readonly skipped: readonly string[];
}

/**
 * Where records are kept. A record is stored whole or not at all (a reader never sees half of one), and never changes afterwards. Whatever goes wrong
 * is a ProofloadError, and none carries a password.
 */
export interface RecordStore {
  /** The store as messages name it. */
  readonly place: string;
  /** Fails where the store cannot be read: before a run, rather than after it. */
  reach(): Promise<void>;
  /**
   * Stores the record of the run in `folder`; again, where a push broke off or may have.
   * @throws ProofloadError `record-exists` where the store has another record of that run; `record-unfinished`, `not-a-record`, `record-newer`
   */
  put(folder: string): Promise<'stored' | 'already-there'>;
  /** All runs, or those of one exercise, with any setting. */
  list(exercise?: string): Promise<RunList>;
  /** Undefined where there is none. @throws ProofloadError `record-newer` */
  find(runId: string): Promise<StoredRun | undefined>;
  /** Makes a run of the store the reference of its exercise. Of two at once, one ends as the reference, for all readers the same. @throws ProofloadError `no-run` */
  accept(runId: string, acceptance: Acceptance): Promise<void>;
  close(): Promise<void>;
}

/** Newest first; runs that began in the same millisecond by their ids, so that every store has one order. */
export function newestFirst(runs: readonly StoredRun[]): StoredRun[] {
  return [...runs].sort((a, b) => b.manifest.startedMs - a.manifest.startedMs || (a.runId < b.runId ? 1 : -1));
}

/** The accepted runs, the one that is the reference first. */
export function acceptedLastFirst(runs: readonly StoredRun[]): StoredRun[] {
  const accepted = runs.filter(({ acceptance }) => acceptance !== undefined);
  return accepted.sort((a, b) => (b.acceptance?.atMs ?? 0) - (a.acceptance?.atMs ?? 0) || (a.runId < b.runId ? 1 : -1));
}
