import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { timeoutSignal } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';

/** The release that tools/k6/releases.yaml pins for a platform. */
export interface K6Release {
  readonly version: string;
  readonly url: string;
  readonly file: string;
  readonly sha256: string;
}

/** The pinned release for `platform` (such as `linux-x64`); undefined where no checksum is known for it. */
export async function pinnedRelease(moduleFolder: string, platform: string): Promise<K6Release | undefined> {
  const pins = parse(await readFile(join(moduleFolder, 'releases.yaml'), 'utf8')) as {
    version: string;
    url: string;
    archives: Record<string, { file: string; sha256: string }>;
  };
  const archive = pins.archives[platform];
  return archive && { version: pins.version, url: pins.url + archive.file, file: archive.file, sha256: archive.sha256 };
}

/** Gets the bytes at an address; throws when they cannot be had. */
export type Download = (url: string) => Promise<Uint8Array>;

export const download: Download = async (url) => {
  const response = await fetch(url, { signal: timeoutSignal(180_000) });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
};

/**
 * Downloads the release, checks it against the pinned SHA-256 before anything is unpacked, and puts its binary at
 * `binary` in one step. Undefined when it worked, else why it did not.
 */
export async function fetchRelease(release: K6Release, binary: string, cacheFolder: string, get: Download): Promise<string | undefined> {
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(join(cacheFolder, 'release-'));
  try {
    const bytes = await get(release.url);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== release.sha256) return `${release.url} has SHA-256 ${sha256}, pinned is ${release.sha256}: not used`;
    await writeFile(join(work, release.file), bytes);
    await promisify(execFile)('tar', ['-xzf', release.file], { cwd: work });
    await rename(join(work, release.file.replace(/\.tar\.gz$/, ''), 'k6'), binary);
    return undefined;
  } catch (error) {
    const cause = error instanceof Error && error.cause ? `: ${messageOf(error.cause)}` : '';
    return `${release.url} could not be had (${messageOf(error)}${cause})`;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
