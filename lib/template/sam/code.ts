import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';
import { refuseUnsupported, requireMapping } from './sam-reading.ts';

// How esbuild writes the bundle (minified, which target, ...) does not change what a handler does; EntryPoints says what is bundled.
const buildProperties = [
  'EntryPoints',
  'External',
  'Minify',
  'Target',
  'Sourcemap',
  'Format',
  'Platform',
  'MainFields',
  'Loader',
  'Banner',
  'OutExtension',
  'KeepNames',
  'TreeShaking',
];

/**
 * The `Code` of a function whose source lies in the project. CloudFormation has no form for that (`sam build` and `sam deploy` put a bundle
 * into S3), so this is proofload's own: `{ LocalFolder, EntryPoint }`, the folder relative to the template's and, for esbuild, the file
 * in it that is bundled. InlineCode stays `{ ZipFile }`.
 */
export function functionCode(resource: TemplateResource, reading: Reading): Record<string, unknown> {
  const { properties, logicalId, line } = resource;
  const place = { file: reading.file, line: reading.lines.of(properties, 'CodeUri') ?? line };
  const inline = properties['InlineCode'];
  if (inline !== undefined) return { ZipFile: inline };
  const folder = properties['CodeUri'];
  if (typeof folder !== 'string' || folder.startsWith('s3://')) {
    throw templateError(
      'unsupported-property',
      place,
      `resource ${logicalId}: CodeUri must be a folder of the project`,
      'code in S3 or in an image is not supported',
    );
  }
  const entry = entryPoint(resource, reading);
  return { LocalFolder: folder, ...(entry === undefined ? {} : { EntryPoint: entry }) };
}

function entryPoint({ metadata = {}, properties, logicalId, line }: TemplateResource, reading: Reading): string | undefined {
  const method = metadata['BuildMethod'];
  const place = { file: reading.file, line: reading.lines.of(metadata, 'BuildMethod') ?? line };
  // `sam build` leaves its mark in the template that it writes: there the folder holds the bundle, and Handler says which file it is.
  if (method === undefined || metadata['SamResourceId'] !== undefined) return undefined;
  if (method !== 'esbuild')
    throw templateError(
      'unsupported-property',
      place,
      `resource ${logicalId}: BuildMethod ${String(method)} is not supported`,
      'supported is esbuild',
    );
  const build = requireMapping(metadata['BuildProperties'] ?? {}, `resource ${logicalId}: BuildProperties`, reading, place.line);
  refuseUnsupported(build, buildProperties, `resource ${logicalId}: BuildProperties`, reading, place.line);
  const entries = Array.isArray(build['EntryPoints']) ? build['EntryPoints'].map(String) : [];
  if (isObject(properties['Handler'])) throw templateError('unsupported-property', place, `resource ${logicalId}: Handler must be text`);
  const module = String(properties['Handler'] ?? '').replace(/\.[^./]*$/, '');
  const found = entries.find((entry) => entry.replace(/\.[cm]?[jt]sx?$/, '') === module) ?? (entries.length === 1 ? entries[0] : undefined);
  if (found === undefined) {
    throw templateError(
      'bad-template',
      place,
      `resource ${logicalId}: no entry of EntryPoints is the module of Handler ${module}`,
      'list the file in Metadata/BuildProperties/EntryPoints',
    );
  }
  return found;
}
