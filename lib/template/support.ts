import { templateError } from './template-error.ts';
import type { Template } from './types.ts';

/** What a site can create: CloudFormation's type and the properties it honours. */
interface SupportedType {
  readonly type: string;
  readonly properties: readonly string[];
}

/**
 * Refuses by name the first resource whose type, or property, is not among `supported`: `unsupported-resource` or
 * `unsupported-property`, with file and line, and the hint which are.
 */
export function checkSupported(template: Template, supported: readonly SupportedType[]): void {
  const { file, lines } = template;
  const byType = new Map(supported.map((each) => [each.type, each]));
  for (const { logicalId, type, properties, line } of Object.values(template.resources)) {
    const known = byType.get(type);
    if (!known) {
      const hint = `supported are ${[...byType.keys()].sort().join(', ')}`;
      throw templateError('unsupported-resource', { file, line }, `resource ${logicalId}: type ${type} is not supported`, hint);
    }
    const unknown = Object.keys(properties).find((property) => !known.properties.includes(property));
    if (unknown === undefined) continue;
    const hint = `supported are ${known.properties.length > 0 ? [...known.properties].sort().join(', ') : 'none'}`;
    throw templateError(
      'unsupported-property',
      { file, line: lines.of(properties, unknown) ?? line },
      `resource ${logicalId}: property ${unknown} of ${type} is not supported`,
      hint,
    );
  }
}
