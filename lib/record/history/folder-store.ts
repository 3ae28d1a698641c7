import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { openManifest } from '../reader.ts';
import { acceptRun, storedRun } from './run-folder.ts';
import { newestFirst, type RecordStore, type RunList, type StoredRun } from './store.ts';
import { assertSame, describeRun, isRunId, noRun } from './stored-entry.ts';

/** The runs below a folder, `reports/` by default: `<folder>/<run-id>/record`. */
export function folderStore(folder: string, place = folder): RecordStore {
  return {
    place,
    reach: async () => refuseFile(folder, "the run's folder cannot be made"),
    put: async (run) => put(folder, run),
    async list(exercise) {
      const { runs, skipped } = listRuns(folder);
      return { runs: runs.filter(({ manifest }) => exercise === undefined || manifest.exercise === exercise), skipped };
    },
    find: async (runId) => (existsSync(join(runPlace(folder, runId), 'record')) ? storedRun(runPlace(folder, runId)) : undefined),
    async accept(runId, acceptance) {
      if (!existsSync(join(runPlace(folder, runId), 'record'))) throw noRun(runId, place);
      acceptRun(runPlace(folder, runId), acceptance);
    },
    close: async () => undefined,
  };
}

function runPlace(folder: string, runId: string): string {
  return join(folder, isRunId(runId) ? runId : '.none');
}

function refuseFile(folder: string, what: string): void {
  if (!existsSync(folder) || statSync(folder).isDirectory()) return;
  throw new ProofloadError('no-folder', `${what}: ${folder} is not a folder`, { hint: 'move that file away, or name another place with --store' });
}

function listRuns(folder: string): RunList {
  if (!existsSync(folder)) return { runs: [], skipped: [] };
  refuseFile(folder, 'runs cannot be listed');
  const runs: StoredRun[] = [];
  const skipped: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = join(folder, entry.name);
    if (!entry.isDirectory() || entry.name.startsWith('.') || !existsSync(join(place, 'record'))) continue;
    try {
      runs.push(storedRun(place));
    } catch (thrown) {
      skipped.push(messageOf(thrown));
    }
  }
  return { runs: newestFirst(runs), skipped };
}

/** A run that lies in the folder is stored; another one is copied beside it and put in its place at once. */
function put(folder: string, run: string): 'stored' | 'already-there' {
  const place = join(folder, openManifest(run).runId);
  if (resolve(run) === resolve(place)) return 'already-there';
  const own = describeRun(run);
  const there = () => assertSame(describeRun(place), own.sha256, folder);
  if (existsSync(place)) return there();
  const work = workFolder(folder);
  try {
    for (const name of ['record', 'summary.json', 'gated.json'].filter((each) => existsSync(join(run, each))))
      cpSync(join(run, name), join(work, name), { recursive: true });
    renameSync(work, place);
    return 'stored';
  } catch (thrown) {
    if (existsSync(place)) return there();
    throw unwritable(folder, thrown);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function workFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    return mkdtempSync(join(folder, '.put-'));
  } catch (thrown) {
    throw unwritable(folder, thrown);
  }
}

function unwritable(folder: string, cause: unknown): ProofloadError {
  return new ProofloadError('store-failed', `the store ${folder} cannot be written: ${messageOf(cause)}`, {
    hint: 'name a folder that can be written',
    cause,
  });
}
