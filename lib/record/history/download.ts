import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { damaged, type StoredEntry, sha256Of } from './stored-entry.ts';

/**
 * The folder of a run with its record, copied from a store elsewhere into `cacheFolder` unless it is there already. It is named by what it holds, and appears
 * whole or not at all; `read` gets a file by its name.
 */
export async function downloaded(entry: StoredEntry, cacheFolder: string, read: (name: string) => Promise<Uint8Array>): Promise<string> {
  const parent = join(cacheFolder, 'records');
  const place = join(parent, `${entry.manifest.runId}-${sha256Of(entry.sha256).slice(0, 16)}`);
  if (existsSync(place)) return place;
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(join(parent, '.download-'));
  try {
    for (const { name, sha256 } of entry.files) {
      const bytes = await read(name);
      if (sha256Of(bytes) !== sha256) throw damaged(`${name} of run ${entry.manifest.runId} is not what was stored`);
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), bytes);
    }
    putInPlace(work, place);
    return place;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Another process may have been faster: what it made is the same. */
function putInPlace(work: string, place: string): void {
  try {
    renameSync(work, place);
  } catch (thrown) {
    if (!existsSync(place)) throw thrown;
  }
}
