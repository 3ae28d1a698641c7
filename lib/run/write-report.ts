import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import { assess } from '../grade/assess.ts';
import type { Assessment } from '../grade/types.ts';
import { storedRun } from '../record/history/run-folder.ts';
import type { RecordStore, StoredRun } from '../record/history/store.ts';
import { openRecord } from '../record/reader.ts';
import { renderAll } from '../report/render-all.ts';
import { storedComparison } from './stored-comparison.ts';

/** The folder of a run of this machine that a user names: a path, or an id below `reports/`. @throws ProofloadError `no-run` */
export function runFolder(run: string, cwd: string): string {
  const found = localFolder(run, cwd);
  if (found) return found;
  throw noRunNamed(run);
}

/** The run that a user names: one of this machine, else one of the store by its id. @throws ProofloadError `no-run` */
export async function runNamed(run: string, cwd: string, store: RecordStore): Promise<StoredRun> {
  const folder = localFolder(run, cwd);
  const found = folder ? storedRun(folder) : await store.find(run);
  if (found) return found;
  throw noRunNamed(run);
}

function localFolder(run: string, cwd: string): string | undefined {
  return [resolve(cwd, run), resolve(cwd, 'reports', run)].find((place) => existsSync(join(place, 'record')));
}

function noRunNamed(run: string): ProofloadError {
  return new ProofloadError('no-run', `no run ${run}`, { hint: 'give the folder of a run, such as reports/<run-id>, or its id' });
}

/** Grades the record of a run and writes its reports next to it, with its last comparison where there is one; each file appears whole or not at all. */
export function writeReport(folder: string): Assessment {
  const assessment = assess(openRecord(folder));
  for (const [name, text] of Object.entries(renderAll(assessment, storedComparison(folder, assessment.manifest.runId)))) {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
  return assessment;
}
