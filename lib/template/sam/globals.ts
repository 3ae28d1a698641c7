import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import { requireMapping } from './sam-reading.ts';

/** The section of Globals for each SAM type that has one. */
const sectionOf: Readonly<Record<string, string>> = {
  'AWS::Serverless::Api': 'Api',
  'AWS::Serverless::Function': 'Function',
  'AWS::Serverless::HttpApi': 'HttpApi',
  'AWS::Serverless::SimpleTable': 'SimpleTable',
};

/** What a function has for itself alone: SAM's specification leaves these out of Globals. */
const neverGlobal: Readonly<Record<string, readonly string[]>> = { Function: ['FunctionName', 'InlineCode', 'Events'] };

/** Checks the Globals section and gives the properties that a resource of `type` inherits. */
export function readGlobals(globals: unknown, reading: Reading): (type: string) => Record<string, unknown> {
  if (globals === undefined) return () => ({});
  const sections = requireMapping(globals, 'Globals', reading, undefined);
  const known = Object.values(sectionOf);
  for (const key of Object.keys(sections)) {
    const place = { file: reading.file, line: reading.lines.of(sections, key) };
    if (!known.includes(key))
      throw templateError('unsupported-property', place, `Globals: section ${key} is not supported`, `supported are ${known.join(', ')}`);
    const section = requireMapping(sections[key], `Globals: ${key}`, reading, place.line);
    const own = neverGlobal[key]?.find((name) => name in section);
    if (own === undefined) continue;
    const line = reading.lines.of(section, own);
    throw templateError(
      'unsupported-property',
      { file: reading.file, line },
      `Globals: ${key}: SAM takes no ${own} here`,
      'give each function its own',
    );
  }
  return (type) => (sections[sectionOf[type] ?? ''] ?? {}) as Record<string, unknown>;
}

/** A resource's properties over the inherited ones, as SAM merges them: mappings key by key, lists one after the other, all else replaced. */
export function mergeGlobals(
  inherited: Record<string, unknown>,
  own: Readonly<Record<string, unknown>>,
  { lines }: Reading,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...inherited };
  const keyLines = new Map(Object.keys(inherited).map((key) => [key, lines.of(inherited, key) ?? 0]));
  for (const [key, value] of Object.entries(own)) {
    merged[key] = mergeValue(inherited[key], value);
    keyLines.set(key, lines.of(own, key) ?? 0);
  }
  lines.mark(merged, lines.of(own) ?? 0, keyLines);
  return merged;
}

function mergeValue(inherited: unknown, own: unknown): unknown {
  if (Array.isArray(inherited) && Array.isArray(own)) return [...inherited, ...own];
  if (!isObject(inherited) || !isObject(own) || isIntrinsic(inherited) || isIntrinsic(own)) return own;
  const merged: Record<string, unknown> = { ...inherited };
  for (const [key, value] of Object.entries(own)) merged[key] = mergeValue(inherited[key], value);
  return merged;
}

function isIntrinsic(value: Record<string, unknown>): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || (keys[0]?.startsWith('Fn::') ?? false));
}
