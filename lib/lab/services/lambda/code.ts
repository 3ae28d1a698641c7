import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProofloadError } from '../../../core/errors.ts';
import { type Bundle, bundleFiles, bundleFolder } from '../../functions/bundle.ts';

const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** The file that holds `handler` (`src/app.handler` -> `src/app.js`), by the extensions that Node and SAM's esbuild know. */
export function handlerFile(handler: string, exists: (file: string) => boolean): string | undefined {
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  const module = dot < 0 ? handler : handler.slice(0, dot);
  return extensions.map((extension) => module + extension).find(exists);
}

/** `Code` of AWS::Lambda::Function as the lab takes it: inline code, or a folder of the project (see lib/template/sam/code.ts). */
export interface TemplateCode {
  readonly ZipFile?: string;
  readonly LocalFolder?: string;
  readonly EntryPoint?: string;
}

/** Bundles what a template's function runs, and says how large it is. Throws ProofloadError that names function and file. */
export async function bundleTemplateCode(
  code: TemplateCode,
  handler: string,
  templateFolder: string,
  what: string,
): Promise<{ bundle: Bundle; codeSize: number }> {
  const bundle = code.ZipFile === undefined ? await bundleLocal(code, handler, templateFolder, what) : await bundleInline(code.ZipFile, handler);
  return { bundle, codeSize: Buffer.byteLength(bundle.code) };
}

/** CloudFormation writes inline code to `index.js`. */
function bundleInline(text: string, handler: string): Promise<Bundle> {
  const file = /^\s*(import|export)\s/m.test(text) ? 'index.mjs' : 'index.js';
  return bundleFiles(new Map([[file, Buffer.from(text)]]), handler.startsWith('index.') ? file : `${handler}: inline code is index.js`);
}

function bundleLocal({ LocalFolder, EntryPoint }: TemplateCode, handler: string, templateFolder: string, what: string): Promise<Bundle> {
  if (typeof LocalFolder !== 'string') {
    throw new ProofloadError('unsupported-property', `${what}: Code must be a folder of the project (SAM's CodeUri) or inline code`, {
      hint: 'code in S3 or in an image is not supported by the lab',
    });
  }
  const folder = join(templateFolder, LocalFolder);
  const isFile = (file: string): boolean => existsSync(join(folder, file)) && statSync(join(folder, file)).isFile();
  const entry = EntryPoint === undefined ? handlerFile(handler, isFile) : isFile(EntryPoint) ? EntryPoint : undefined;
  if (entry === undefined) {
    throw new ProofloadError('handler-not-found', `${what}: ${folder} has no ${EntryPoint ?? `module for Handler ${handler}`}`, {
      hint: "check CodeUri, Handler and Metadata's EntryPoints",
    });
  }
  return bundleFolder(folder, entry);
}
