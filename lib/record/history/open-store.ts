import { resolve } from 'node:path';
import { ProofloadError } from '../../core/errors.ts';
import { folderStore } from './folder-store.ts';
import type { RecordStore } from './store.ts';
import { parseStoreUrl } from './store-url.ts';

interface StoreOptions {
  /** Relative folders are below it. */
  readonly cwd: string;
  /** Where records of stores elsewhere are copied to when they are read. */
  readonly cacheFolder: string;
}

/**
 * The store that `place` names: a folder, `s3://<bucket>/<prefix>?region=...` or `postgres://...`. Nothing is connected to yet. The drivers load here and
 * not with the program, for most runs need none.
 * @throws ProofloadError `bad-store`
 */
export async function openStore(place: string, { cwd, cacheFolder }: StoreOptions): Promise<RecordStore> {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(place)?.[1]?.toLowerCase();
  if (scheme === undefined) return folderStore(resolve(cwd, place), place);
  if (scheme === 's3') return (await import('./s3-store.ts')).s3Store(parseStoreUrl(place), cacheFolder);
  if (scheme === 'postgres' || scheme === 'postgresql') return (await import('./postgres-store.ts')).postgresStore(parseStoreUrl(place), cacheFolder);
  throw new ProofloadError('bad-store', `no store of kind ${scheme}`, {
    hint: 'a store is a folder, s3://<bucket>/<prefix>?region=<region> or postgres://<user>@<host>/<database>',
  });
}
