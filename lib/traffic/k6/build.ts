import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';

/** What decides the binary: any change of these gives it another place in the cache. */
const sourceFiles = ['go.mod', 'go.sum', 'main.go'];
const outputFolder = 'proofload';

/** A key of the module's sources, for the cache. */
export async function sourceKey(moduleFolder: string): Promise<string> {
  const output = (await readdir(join(moduleFolder, outputFolder))).filter((name) => name.endsWith('.go')).sort();
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const name of [...sourceFiles, ...output.map((each) => join(outputFolder, each))]) {
    hash.update(`\0${name}\0`).update(await readFile(join(moduleFolder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

export interface BuildRequest {
  /** tools/k6 of the package. */
  readonly moduleFolder: string;
  /** Where the binary goes; written in one step, so that two builds at once do not clash. */
  readonly binary: string;
  readonly cacheFolder: string;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  onProgress(text: string): void;
}

/**
 * Builds k6 with `go build` in a copy of the module, since the package's own folder may be read-only. Undefined when it
 * worked, else why it did not. The first build compiles k6 (50 to 90 s); Go caches the rest.
 */
export async function buildK6(request: BuildRequest): Promise<string | undefined> {
  await mkdir(request.cacheFolder, { recursive: true });
  const work = await mkdtemp(join(request.cacheFolder, 'build-'));
  const startedMs = request.clock.now();
  const seconds = (): number => Math.round((request.clock.now() - startedMs) / request.clock.rate / 1000);
  request.onProgress('building k6 with proofload’s output (once, 50 to 90 s)');
  let cancel = (): void => {};
  const tick = (): void => {
    cancel = request.clock.schedule(10_000 * request.clock.rate, () => {
      request.onProgress(`building k6: ${seconds()} s`);
      tick();
    });
  };
  tick();
  try {
    await cp(request.moduleFolder, work, { recursive: true });
    const failure = await runGo(work, request.processEnv);
    if (failure !== undefined) return failure;
    await rename(join(work, 'k6.out'), request.binary);
    request.onProgress(`k6 is built (${seconds()} s)`);
    return undefined;
  } finally {
    cancel();
    await rm(work, { recursive: true, force: true });
  }
}

/** Runs `go build` in `folder`; undefined, or the last lines of what Go said. */
function runGo(folder: string, processEnv: BuildRequest['processEnv']): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { CGO_ENABLED: '0', ...processEnv };
    const go = spawn('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', 'k6.out', '.'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    go.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
    go.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 'Go is not installed' : error.message));
    go.once('close', (code) => resolve(code === 0 ? undefined : `go build failed: ${lastLines(said)}`));
  });
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: downloading'));
  return lines.slice(-3).join(' | ') || 'no message';
}
