import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { create, type Service, TSError } from 'ts-node';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { CheckedTypes } from './checked-types.ts';

/** The file that `import ... from 'proofload'` means: the source in a clone, the build in an installed package. */
function publicIndex(): { source: string; types: string } {
  const root = packageRoot();
  const source = join(root, 'lib/index.ts');
  if (existsSync(source)) return { source, types: source };
  return { source: join(root, 'dist/lib/index.js'), types: join(root, 'dist/lib/index.d.ts') };
}

/**
 * Type-checks TypeScript files that users write (exercises, data, flows), and those that they import by path, before
 * anything starts.
 * @throws ProofloadError `type-error` with the compiler's own text: file, line, message; `cannot-load` for an import that is not there
 */
export async function checkTypes(entries: readonly string[], cwd: string): Promise<void> {
  for (const entry of entries) {
    const imports = await importsOf(entry, cwd).catch((thrown: unknown) => {
      // The compiler says more of an import that is not there, and where.
      if (isTypeScript(entry)) checkFile(entry, cwd);
      throw thrown;
    });
    const files = [...new Set([entry, ...imports])].filter(isTypeScript);
    const types = new CheckedTypes(files, cwd);
    if (types.known) continue;
    for (const file of files) checkFile(file, cwd);
    types.remember();
  }
}

function isTypeScript(file: string): boolean {
  return /\.[cm]?ts$/.test(file);
}

function checkFile(file: string, cwd: string): void {
  try {
    typeChecker(cwd).compile(readFileSync(file, 'utf8'), file);
  } catch (thrown) {
    if (!(thrown instanceof TSError)) throw thrown;
    throw new ProofloadError('type-error', `${relative(cwd, file)} does not compile:\n${thrown.diagnosticText.trim()}`, {
      hint: 'mend the file; nothing was started',
      cause: thrown,
    });
  }
}

/** The files that `file` imports by path, and those that these import. */
async function importsOf(file: string, cwd: string): Promise<string[]> {
  const folder = dirname(file);
  try {
    const { metafile } = await build({
      entryPoints: [file],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      absWorkingDir: folder,
      // Without the user's tsconfig, whose `paths` would turn packages into files.
      tsconfigRaw: {},
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    return Object.keys(metafile.inputs).map((input) => resolve(folder, input));
  } catch (thrown) {
    throw cannotLoad(file, cwd, thrown);
  }
}

function cannotLoad(file: string, cwd: string, thrown: unknown): ProofloadError {
  return new ProofloadError('cannot-load', `${relative(cwd, file)} cannot be loaded: ${messageOf(thrown)}`, {
    hint: 'mend the file; nothing was started',
    cause: thrown,
  });
}

/** One compiler a folder: it reads the types of packages once for all files of an exercise. */
const typeCheckers = new Map<string, Service>();

function typeChecker(cwd: string): Service {
  const known = typeCheckers.get(cwd);
  if (known) return known;
  const service = create({
    cwd,
    skipProject: true,
    files: false,
    pretty: false,
    logError: false,
    compilerOptions: {
      target: 'ES2023',
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      lib: ['ES2023'],
      types: ['node'],
      typeRoots: [join(packageRoot(), 'node_modules/@types'), ...typeRootsAbove(packageRoot()), ...typeRootsAbove(cwd)],
      paths: { proofload: [publicIndex().types] },
      strict: true,
      skipLibCheck: true,
      esModuleInterop: true,
      resolveJsonModule: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  typeCheckers.set(cwd, service);
  return service;
}

/** `node_modules/@types` folders from `folder` upwards: installed beside proofload, they lie above it. */
function typeRootsAbove(folder: string): string[] {
  const roots: string[] = [];
  for (let at = folder; ; at = join(at, '..')) {
    const candidate = join(at, 'node_modules/@types');
    if (existsSync(candidate)) roots.push(candidate);
    if (at === join(at, '..')) return roots;
  }
}

/**
 * Bundles one TypeScript module with its relative imports and evaluates it. Node itself refuses `.ts` below
 * `node_modules`, where users' copies of scenarios may lie, so every such file goes through here.
 * @throws ProofloadError `cannot-load` with esbuild's or the module's own message.
 */
export async function loadModule(file: string, cwd: string): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'proofload-'));
  try {
    const outfile = join(folder, 'module.mjs');
    const result = await build({
      entryPoints: [file],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      write: false,
      logLevel: 'silent',
      sourcemap: 'inline',
      alias: { proofload: publicIndex().source },
      plugins: [packagesByUrl],
    });
    writeFileSync(outfile, result.outputFiles[0]?.contents ?? '');
    return (await import(pathToFileURL(outfile).href)) as Record<string, unknown>;
  } catch (thrown) {
    throw cannotLoad(file, cwd, thrown);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Marks a resolution that the plugin itself asked for, so that it does not answer its own question. */
const asked = Symbol('asked by packages-by-url');

/** Leaves packages out of the bundle and names them by URL, since the bundle lies in a temporary folder: the importer's own, else proofload's. */
const packagesByUrl: Plugin = {
  name: 'packages-by-url',
  setup(context) {
    context.onResolve({ filter: /^[^./]/ }, async (request) => {
      const ours = request.kind === 'entry-point' || isAbsolute(request.path) || request.path === 'proofload' || request.pluginData === asked;
      if (ours) return undefined;
      if (request.path.startsWith('node:') || builtinModules.includes(request.path)) return { path: request.path, external: true };
      for (const resolveDir of [request.resolveDir, packageRoot()]) {
        const found = await context.resolve(request.path, { kind: request.kind, resolveDir, pluginData: asked });
        if (found.errors.length === 0) return { path: pathToFileURL(found.path).href, external: true };
      }
      return undefined;
    });
  },
};
