import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { ProofloadError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import { buildK6, sourceKey } from './build.ts';
import { type K6Binary, probeK6 } from './probe.ts';
import { type Download, download, fetchRelease, pinnedRelease } from './release.ts';

export interface FindK6Options {
  /** Environment of the process: PATH, HOME, PROOFLOAD_CACHE, Go's own variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  onProgress(text: string): void;
  /** Default: PROOFLOAD_CACHE, else proofload's folder in the user's cache. */
  readonly cacheFolder?: string;
  /** Default: tools/k6 of the package. */
  readonly moduleFolder?: string;
  readonly download?: Download;
}

type Environment = FindK6Options['env'];

/** Where built and downloaded binaries are kept between runs. */
export function cacheFolderOf(env: Environment): string {
  return env['PROOFLOAD_CACHE'] || join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'proofload');
}

/**
 * A k6 to run flows with: the one built earlier (cache), else built now where Go is there, else the pinned release
 * (earlier or now downloaded, checksum verified), else a k6 on PATH. Throws ProofloadError `no-k6` (exit code 2) that
 * says what was tried and what to do.
 */
export async function findK6(options: FindK6Options): Promise<K6Binary> {
  const { env, cacheFolder = cacheFolderOf(env), moduleFolder = join(packageRoot(), 'tools', 'k6') } = options;
  const k6Folder = join(cacheFolder, 'k6');
  const tried: string[] = [];
  const usable = async (path: string, origin: K6Binary['origin']): Promise<K6Binary | undefined> => {
    const found = await probeK6(path, origin);
    if (typeof found !== 'string') return found;
    tried.push(found);
    return undefined;
  };

  await mkdir(k6Folder, { recursive: true }).catch((error: Error) => tried.push(`the cache folder cannot be made (${error.message})`));
  const built = join(k6Folder, `k6-${await sourceKey(moduleFolder)}`);
  if (existsSync(built)) {
    const cached = await usable(built, 'cache');
    if (cached) return cached;
  }
  const buildFailure = await buildK6({ ...options, moduleFolder, binary: built, cacheFolder: k6Folder, processEnv: env }).catch(reasonOf);
  if (buildFailure === undefined) {
    const fresh = await usable(built, 'built');
    if (fresh) return fresh;
  } else tried.push(buildFailure);

  const released = await releasedK6(options, moduleFolder, k6Folder, usable, tried);
  if (released) return released;
  const onPath = onPathOf(env);
  const found = onPath === undefined ? undefined : await usable(onPath, 'path');
  if (found) return found;
  if (onPath === undefined) tried.push('no k6 on PATH');
  throw new ProofloadError('no-k6', `no k6 to make the traffic with: ${tried.join('; ')}`, {
    hint: 'install Go 1.25 or later (proofload then builds its own k6 once), or put k6 1.0 or later on PATH',
  });
}

async function releasedK6(
  options: FindK6Options,
  moduleFolder: string,
  k6Folder: string,
  usable: (path: string, origin: K6Binary['origin']) => Promise<K6Binary | undefined>,
  tried: string[],
): Promise<K6Binary | undefined> {
  const platform = `${process.platform}-${process.arch}`;
  const release = await pinnedRelease(moduleFolder, platform);
  if (!release) {
    tried.push(`no checksum is known of k6's release for ${platform}`);
    return undefined;
  }
  const binary = join(k6Folder, `k6-${release.version}-release-${release.sha256.slice(0, 16)}`);
  if (!existsSync(binary)) {
    options.onProgress(`downloading k6 ${release.version}`);
    const failure = await fetchRelease(release, binary, k6Folder, options.download ?? download).catch(reasonOf);
    if (failure !== undefined) {
      tried.push(failure);
      return undefined;
    }
  }
  return usable(binary, 'release');
}

function onPathOf(env: Environment): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'k6')).find((path) => existsSync(path));
}

function reasonOf(error: Error): string {
  return error.message;
}
