import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProofloadError } from '../core/errors.ts';
import { nearestName } from '../core/nearest.ts';
import { storedRun } from '../record/history/run-folder.ts';
import { acceptedLastFirst, type RecordStore, type StoredRun } from '../record/history/store.ts';
import type { Manifest } from '../record/types.ts';
import { summaryOf } from './summary-of.ts';

/** The exercise that a reference must be of. */
export type OfExercise = Pick<Manifest, 'exercise' | 'setting'>;

/**
 * The runs that `against` may mean, the first choice first: a run by its folder or its id in the store; `last-good`: those that somebody accepted, then those
 * that passed, and got no worse than what a gate held them against, the newest first; a branch: the same of that branch. Runs of other exercises and settings are left out.
 * @throws ProofloadError `no-reference` with what there is, `other-exercise`
 */
export async function referencesNamed(against: string, of: OfExercise, store: RecordStore, cwd: string): Promise<readonly StoredRun[]> {
  const { runs } = await store.list(of.exercise);
  const own = runs.filter(({ manifest }) => manifest.setting === of.setting);
  if (against === 'last-good') return chosen(own, `no run of ${nameOf(of)} in ${store.place} has passed or was accepted`);
  const named = await runNamed(against, store, cwd);
  if (named) return [ofSameExercise(named, of)];
  const branches = [...new Set(own.flatMap(({ manifest }) => manifest.source?.branch ?? []))];
  if (branches.includes(against)) {
    const there = own.filter(({ manifest }) => manifest.source?.branch === against);
    return chosen(there, `no run of ${nameOf(of)} on branch ${against} has passed or was accepted`);
  }
  const nearest = nearestName(against, [...branches, ...own.map(({ runId }) => runId)]);
  throw new ProofloadError(
    'no-reference',
    `${against} is neither a run nor a branch with runs of ${nameOf(of)}${nearest ? `; did you mean ${nearest}?` : ''}`,
    {
      hint: `give last-good, ${branches.length > 0 ? `a branch (${branches.join(', ')})` : 'a branch'} or a run in ${store.place}`,
    },
  );
}

/** The run that `against` is the folder or the id of; undefined where it is neither. */
export async function runNamed(against: string, store: RecordStore, cwd: string): Promise<StoredRun | undefined> {
  const folder = resolve(cwd, against);
  return existsSync(join(folder, 'record')) ? storedRun(folder) : store.find(against);
}

async function chosen(runs: readonly StoredRun[], none: string): Promise<readonly StoredRun[]> {
  const passed: StoredRun[] = [];
  const unaccepted = runs.filter(({ acceptance, gated }) => acceptance === undefined && gated?.verdict !== 'fail');
  for (const run of unaccepted) if ((await summaryOf(run)).verdict === 'pass') passed.push(run);
  const all = [...acceptedLastFirst(runs), ...passed];
  if (all.length > 0) return all;
  throw new ProofloadError('no-reference', none, { hint: 'run it once with `proofload run`, or make a run the reference with `proofload accept`' });
}

function ofSameExercise(run: StoredRun, of: OfExercise): StoredRun {
  const { exercise, setting } = run.manifest;
  if (exercise === of.exercise && setting === of.setting) return run;
  throw new ProofloadError('other-exercise', `run ${run.runId} was of ${nameOf(run.manifest)}, not of ${nameOf(of)}`, {
    hint: 'compare runs of one exercise with one setting',
  });
}

/** `checkout/smoke (setting gate)` */
function nameOf({ exercise, setting }: OfExercise): string {
  return setting === undefined ? exercise : `${exercise} (setting ${setting})`;
}
