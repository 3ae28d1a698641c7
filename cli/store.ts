import { relative } from 'node:path';
import type { Env } from '../lib/core/env.ts';
import { messageOf, ProofloadError } from '../lib/core/errors.ts';
import { exitCodes } from '../lib/core/exit-codes.ts';
import { openStore } from '../lib/record/history/open-store.ts';
import type { RecordStore } from '../lib/record/history/store.ts';
import { cacheFolderOf } from '../lib/traffic/k6/find.ts';
import type { OptionValues } from './command.ts';

/** Of the commands that read or write runs. */
export const storeOption = {
  store: {
    type: 'string',
    value: '<place>',
    help: 'where runs are kept: a folder, s3://<bucket>/<prefix>?region=... or postgres://... (default: PROOFLOAD_STORE, else reports)',
  },
} as const;

/** Opens the store of the command line or the environment for as long as `use` takes. */
export async function withStore<Result>(env: Env, values: OptionValues, use: (store: RecordStore) => Promise<Result>): Promise<Result> {
  const place = String(values['store'] ?? env.env['PROOFLOAD_STORE'] ?? '') || 'reports';
  const store = await openStore(place, { cwd: env.cwd, cacheFolder: cacheFolderOf(env.env) });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Whether a run is in its store, as machines read it; `error` says why not. */
interface Kept {
  readonly place: string;
  readonly stored: boolean;
  readonly error?: string;
}

/** Stores a run that has ended and was graded. Its verdict stands whatever comes of it: a failure is told, with how to push the run later. */
export async function keepRun(env: Env, store: RecordStore, folder: string): Promise<Kept> {
  const { place } = store;
  try {
    await store.put(folder);
    return { place, stored: true };
  } catch (thrown) {
    const where = relative(env.cwd, folder) || '.';
    const hint = thrown instanceof ProofloadError && thrown.hint ? `  ${thrown.hint}\n` : '';
    env.stderr.write(
      `proofload: the run was not stored: ${messageOf(thrown)}\n${hint}` +
        `  its verdict stands, and its record is in ${where}; a pass ends with exit code ${exitCodes.usage.code} for that\n` +
        `  store it later with: proofload push ${where} --store '${place}'\n`,
    );
    return { place, stored: false, error: messageOf(thrown) };
  }
}

/** The exit code of a command whose run was to be stored: a verdict goes before a store that failed, and that before a pass. */
export function exitWhenKept(code: number, { stored }: Kept): number {
  return code === exitCodes.ok.code && !stored ? exitCodes.usage.code : code;
}
