import { isObject, type Reading } from '../sections.ts';
import { templateError } from '../template-error.ts';
import type { TemplateResource } from '../types.ts';

/** The first of `properties` that is not `supported` is refused by name, with file and line. */
export function refuseUnsupported(
  properties: Readonly<Record<string, unknown>>,
  supported: readonly string[],
  what: string,
  reading: Reading,
  line: number | undefined,
): void {
  const unknown = Object.keys(properties).find((key) => !supported.includes(key));
  if (unknown === undefined) return;
  const place = { file: reading.file, line: reading.lines.of(properties, unknown) ?? line };
  throw templateError(
    'unsupported-property',
    place,
    `${what}: property ${unknown} is not supported`,
    `supported are ${[...supported].sort().join(', ')}`,
  );
}

/** `value` as a mapping, or a `bad-template` error that says what must be one. */
export function requireMapping(value: unknown, what: string, { file }: Reading, line: number | undefined): Record<string, unknown> {
  if (isObject(value)) return value;
  throw templateError('bad-template', { file, line }, `${what} must be a mapping`);
}

/** A resource that SAM adds for `origin`; it exists when its origin does and carries its line. */
export function generated(origin: TemplateResource, logicalId: string, type: string, properties: Record<string, unknown>): TemplateResource {
  const { condition, line } = origin;
  return { logicalId, type, properties, dependsOn: [], line, ...(condition === undefined ? {} : { condition }) };
}

/** SAM writes tags as a mapping, CloudFormation as a list; SAM adds who made the resource. */
export function tagList(tags: unknown, createdBy: string): { Key: string; Value: unknown }[] {
  const own = isObject(tags) ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) : [];
  return [{ Key: createdBy, Value: 'SAM' }, ...own];
}
