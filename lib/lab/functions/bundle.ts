import { dirname, join } from 'node:path';
import { type BuildFailure, type BuildOptions, build, type Plugin } from 'esbuild';
import { ProofloadError } from '../../core/errors.ts';

/** One function's code as the hosts evaluate it: a CommonJS script that requires only Node's modules and the AWS SDK. */
export interface Bundle {
  readonly code: string;
  /** Source map (JSON) with which stack traces are mapped back. */
  readonly map: string;
  /** Modules that the script requires; hosts load them ahead. */
  readonly externals: readonly string[];
  /** Folder from which SDK packages are resolved that proofload itself does not have; undefined for code without a folder. */
  readonly folder: string | undefined;
}

/**
 * Bundles as AWS's runtime has it: the AWS SDK stays outside, Node's modules too. `import()` becomes `require`, because every
 * environment evaluates the script on its own and must not share modules with another.
 */
const options = {
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['@aws-sdk/*', '@smithy/*'],
  sourcemap: 'external',
  sourcesContent: false,
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__moduleUrl' },
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Bundles the handler file `entryPoint` of `folder` (SAM's CodeUri). Throws ProofloadError with esbuild's own words. */
export function bundleFolder(folder: string, entryPoint: string): Promise<Bundle> {
  return bundle({ entryPoints: [join(folder, entryPoint)], outfile: join(folder, 'index.js') }, folder, join(folder, entryPoint));
}

/** Bundles `entryPoint` of an archive's files, which may import one another. */
export function bundleFiles(files: ReadonlyMap<string, Uint8Array>, entryPoint: string): Promise<Bundle> {
  return bundle({ entryPoints: [entryPoint], outfile: '/index.js', plugins: [archivePlugin(files)] }, undefined, entryPoint);
}

async function bundle(where: BuildOptions, folder: string | undefined, what: string): Promise<Bundle> {
  try {
    const { outputFiles = [], metafile } = await build({ ...options, ...where, metafile: true });
    const text = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
    const imports = Object.values(metafile?.outputs ?? {}).flatMap((output) => output.imports);
    const externals = [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))];
    return { code: text('.js'), map: text('.js.map'), externals, folder };
  } catch (thrown) {
    throw new ProofloadError('function-not-bundled', `${what} cannot be bundled: ${failureText(thrown)}`, {
      hint: 'the lab bundles handlers with esbuild as `sam build` does; packages outside of the AWS SDK must be installed beside the handler',
      cause: thrown,
    });
  }
}

function failureText(thrown: unknown): string {
  const [first] = (thrown as Partial<BuildFailure>).errors ?? [];
  if (!first) return thrown instanceof Error ? thrown.message : String(thrown);
  return first.location ? `${first.location.file}:${first.location.line}: ${first.text}` : first.text;
}

/** Resolves relative imports among the files of an archive, with the extensions that Node's CommonJS and bundlers try. */
function archivePlugin(files: ReadonlyMap<string, Uint8Array>): Plugin {
  const extensions = ['', '.js', '.mjs', '.cjs', '.json', '.ts', '/index.js', '/index.mjs'];
  return {
    name: 'archive',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        const entry = kind === 'entry-point';
        if (!entry && !path.startsWith('.')) return undefined;
        const base = join(entry ? '' : dirname(importer), path);
        const found = extensions.map((extension) => base + extension).find((name) => files.has(name));
        return found === undefined ? { errors: [{ text: `the archive has no file ${base}` }] } : { path: found, namespace: 'archive' };
      });
      onLoad({ filter: /.*/, namespace: 'archive' }, ({ path }) => {
        const loader = path.endsWith('.json') ? 'json' : path.endsWith('.ts') ? 'ts' : 'js';
        return { contents: files.get(path) ?? '', loader };
      });
    },
  };
}
