import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { packageRoot } from '../core/package-root.ts';

/**
 * Remembers which files the compiler has found right, because the same exercise is run again and again and a check costs seconds. What is remembered is
 * a name in a folder, made of everything that the compiler looks at: the files, the types of proofload, and which packages are installed. Only what was
 * right is remembered; a mistake is found anew each time.
 */
export class CheckedTypes {
  readonly #marker: string;

  /** @param files the file to check first, then those that it imports by path */
  constructor(files: readonly string[], cwd: string) {
    const [entry = ''] = files;
    const hash = createHash('sha256');
    const add = (...parts: readonly (string | number)[]): void => void hash.update(`${parts.join('\0')}\0`);
    for (const file of files) add(relative(dirname(entry), file), readFileSync(file, 'utf8'));
    for (const file of typesOfProofload()) add(file, ...stampOf(file));
    for (const file of [...installedAbove(packageRoot()), ...installedAbove(cwd), ...installedAbove(entry)]) add(file, ...stampOf(file));
    this.#marker = join(cacheFolder(), hash.digest('hex'));
  }

  get known(): boolean {
    return existsSync(this.#marker);
  }

  /** Where nothing can be written, nothing is remembered. */
  remember(): void {
    try {
      mkdirSync(dirname(this.#marker), { recursive: true });
      writeFileSync(this.#marker, '');
    } catch {}
  }
}

/** In a clone the sources, in an installed package its version. */
function typesOfProofload(): string[] {
  const root = packageRoot();
  const sources = globSync(['lib/**/*.ts', 'package.json'], { cwd: root, exclude: (path) => path.endsWith('.test.ts') });
  return sources.sort().map((path) => join(root, path));
}

function stampOf(file: string): [number, number] {
  const { mtimeMs, size } = statSync(file);
  return [mtimeMs, size];
}

/** What npm says is installed, in this folder and those above. */
function installedAbove(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const list = join(at, 'node_modules/.package-lock.json');
    if (existsSync(list)) found.push(list);
    if (at === dirname(at)) return found;
  }
}

/** `node_modules/.cache/proofload` of whoever installed the packages. */
function cacheFolder(): string {
  const root = packageRoot();
  const modules = basename(dirname(root)) === 'node_modules' ? dirname(root) : join(root, 'node_modules');
  return join(modules, '.cache/proofload/types');
}
