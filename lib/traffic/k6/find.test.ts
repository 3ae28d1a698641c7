import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { virtualClock } from '../../core/clock.ts';
import { cacheFolderOf, findK6 } from './find.ts';
import type { K6Binary } from './probe.ts';
import type { Download } from './release.ts';

let root: string;
let said: string[];
const platform = `${process.platform}-${process.arch}`;
const refuse: Download = () => Promise.reject(new Error('offline'));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'proofload-find-'));
  said = [];
  for (const file of ['go.mod', 'go.sum', 'main.go', 'proofload/output.go']) put(`module/${file}`, file);
  put('module/releases.yaml', `version: v2.2.0\nurl: https://releases.example.com/\narchives: {}\n`);
  mkdirSync(join(root, 'bin'));
  // What the scripts below and tar need, and neither a go nor a k6.
  mkdirSync(join(root, 'tools'));
  for (const tool of ['sh', 'cat', 'cp', 'chmod', 'tar', 'gzip'])
    execFileSync('ln', ['-s', execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(root, 'tools', tool)]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string, mode = 0o644): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

function k6Script(versionLine: string): string {
  return `#!${join(root, 'tools', 'sh')}\ncat <<'X'\n${versionLine}\nX\n`;
}

function find(get: Download = refuse): Promise<K6Binary> {
  const env = { PATH: `${join(root, 'bin')}:${join(root, 'tools')}` };
  const onProgress = (text: string): void => void said.push(text);
  return findK6({ env, clock: virtualClock(), onProgress, cacheFolder: join(root, 'cache'), moduleFolder: join(root, 'module'), download: get });
}

/** A `go` whose `go build ... -o k6.out .` yields a k6 with our output. */
function putGo(): void {
  const built = put('made', k6Script('k6 v2.2.0 (go1.26.8, linux/amd64)\nExtensions:\n  x , proofload [output]'), 0o755);
  put('bin/go', `#!${join(root, 'tools', 'sh')}\ncp ${built} k6.out\n`, 0o755);
}

test('where Go is there it builds once, and then takes it from the cache', async () => {
  putGo();
  const built = await find();
  expect(built).toMatchObject({ version: 'v2.2.0', origin: 'built', output: 'proofload' });
  rmSync(join(root, 'bin', 'go'));
  expect(await find()).toEqual({ ...built, origin: 'cache' });
  expect(readdirSync(join(root, 'cache', 'k6')).length).toBe(1);
  expect(said.at(-1)).toMatch(/k6 is built/);
});

test('a changed source is built anew; two at once do not clash', async () => {
  putGo();
  const first = await find();
  put('module/proofload/output.go', 'changed');
  const [second, third] = await Promise.all([find(), find()]);
  expect(second.path).not.toBe(first.path);
  expect(third.path).toBe(second.path);
  expect(readdirSync(join(root, 'cache', 'k6')).length).toBe(2);
});

test('without Go: the pinned release, when its checksum is right', async () => {
  const name = 'k6-v2.2.0-some-os';
  put(`${name}/k6`, k6Script('k6 v2.2.0 (commit/abc, go1.26.8, linux/amd64)'), 0o755);
  execFileSync('tar', ['-czf', `${name}.tar.gz`, name], { cwd: root });
  const archive = readFileSync(join(root, `${name}.tar.gz`));
  const pin = (sha256: string): string =>
    put(
      'module/releases.yaml',
      `version: v2.2.0\nurl: https://releases.example.com/\narchives: { ${platform}: { file: ${name}.tar.gz, sha256: '${sha256}' } }\n`,
    );
  const asked: string[] = [];
  const get: Download = async (url) => {
    asked.push(url);
    return archive;
  };
  pin('0'.repeat(64));
  await expect(find(get)).rejects.toThrow(/has SHA-256 [0-9a-f]{64}, pinned is 0{64}: not used/);
  pin(createHash('sha256').update(archive).digest('hex'));
  expect(await find(get)).toMatchObject({ version: 'v2.2.0', origin: 'release', output: 'csv' });
  expect(await find(refuse)).toMatchObject({ origin: 'release' });
  expect(asked).toEqual([`https://releases.example.com/${name}.tar.gz`, `https://releases.example.com/${name}.tar.gz`]);
});

test('with neither: a k6 on PATH, unless it is too old', async () => {
  const onPath = put('bin/k6', k6Script('k6 v1.4.2 (commit/abc, go1.25.4, linux/amd64)'), 0o755);
  expect(await find()).toEqual({ path: onPath, version: 'v1.4.2', origin: 'path', output: 'csv' });
  put('bin/k6', k6Script('k6 v0.57.0 (commit/abc, go1.23.6, linux/amd64)'), 0o755);
  await expect(find()).rejects.toThrow(/too old to run TypeScript/);
});

test('with nothing: an error that says what was tried and what to do, and nothing left in the cache', async () => {
  put('bin/go', `#!${join(root, 'tools', 'sh')}\necho 'go: go.mod requires go >= 1.25.0 (running go 1.22.1)' >&2\nexit 1\n`, 0o755);
  const thrown = await find().catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'no-k6', exit: 'usage', hint: expect.stringMatching(/install Go 1.25 or later/) });
  expect(String(thrown)).toMatch(/go build failed: go: go.mod requires go >= 1.25.0 .*no checksum is known .*no k6 on PATH/);
  expect(readdirSync(join(root, 'cache', 'k6'))).toEqual([]);
});

test('the cache folder: PROOFLOAD_CACHE, else the user’s cache', () => {
  expect(cacheFolderOf({ PROOFLOAD_CACHE: '/c' })).toBe('/c');
  expect(cacheFolderOf({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/proofload');
  expect(cacheFolderOf({ HOME: '/h' })).toBe('/h/.cache/proofload');
  expect(existsSync('/c')).toBe(false);
});
