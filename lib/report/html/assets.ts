import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync, transformSync } from 'esbuild';
import { packageRoot } from '../../core/package-root.ts';

/** The page's own style and script, ready to be put in line. */
export interface PageAssets {
  readonly css: string;
  readonly script: string;
  /** What a Content-Security-Policy names the script by: no other script may run. */
  readonly scriptHash: string;
}

/** The page's source lies in the package as it was written, beside the compiled code: esbuild takes both. */
const pageFolder = join('lib', 'report', 'page');
const styleSheets = ['tokens.css', 'style.css', 'figures.css', 'charts.css', 'print.css'];

let built: PageAssets | undefined;

/** Bundles script and style once a process; the same files always give the same text. */
export function pageAssets(): PageAssets {
  built ??= buildAssets(join(packageRoot(), pageFolder));
  return built;
}

function buildAssets(folder: string): PageAssets {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: {},
  });
  // A script element ends at the first </script, wherever that stands.
  const script = (outputFiles[0]?.text ?? '').trim().replaceAll('</script', '<\\/script');
  const chartCss = readFileSync(createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css'), 'utf8');
  const css = [chartCss, ...styleSheets.map((name) => readFileSync(join(folder, name), 'utf8'))].join('\n');
  return {
    script,
    scriptHash: `sha256-${createHash('sha256').update(script).digest('base64')}`,
    css: transformSync(css, { loader: 'css', minify: true, charset: 'ascii' }).code.trim(),
  };
}
