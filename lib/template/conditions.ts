import { resolveIntrinsics, type Scope } from './intrinsics.ts';
import { pseudoParameters, referencesIn } from './references.ts';
import { templateError } from './template-error.ts';
import type { Template } from './types.ts';

/** Checks that conditions mention only parameters, pseudo parameters and conditions, and not each other in a circle. */
export function checkConditions({ file, lines, conditions, parameters }: Template): void {
  const mentionedBy = (name: string): string[] =>
    referencesIn(conditions[name], { file, lines, inConditions: true }, lines.of(conditions, name)).flatMap(({ kind, name: other, line }) => {
      const place = { file, line };
      if (kind === 'attribute') throw templateError('bad-template', place, `condition ${name} uses Fn::GetAtt: conditions may only use parameters`);
      if (kind === 'ref' && !Object.hasOwn(parameters, other) && !(pseudoParameters as readonly string[]).includes(other)) {
        throw templateError('unresolved-reference', place, `condition ${name} mentions ${other}, which is not a parameter of this template`);
      }
      if (kind === 'condition' && !Object.hasOwn(conditions, other)) {
        throw templateError('unresolved-reference', place, `condition ${name} mentions ${other}, which is not a condition of this template`);
      }
      return kind === 'condition' ? [other] : [];
    });
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      throw templateError(
        'circular-dependency',
        { file, line: lines.of(conditions, name) },
        `conditions depend on each other in a circle: ${[...path, name].join(' -> ')}`,
      );
    }
    for (const other of mentionedBy(name)) visit(other, [...path, name]);
  };
  for (const name of Object.keys(conditions)) visit(name, []);
}

/** The truth of each condition, given what `Ref` of parameters gives. */
export function evaluateConditions(template: Template, ref: Scope['ref']): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const scope: Scope = {
    file: template.file,
    lines: template.lines,
    mappings: template.mappings,
    inConditions: true,
    ref,
    attribute: () => undefined,
    condition: (name) => isTrue(name),
  };
  const isTrue = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const value = resolveIntrinsics(template.conditions[name], scope);
    if (typeof value !== 'boolean') {
      throw templateError(
        'bad-template',
        { file: template.file, line: template.lines.of(template.conditions, name) },
        `condition ${name} is neither true nor false`,
      );
    }
    known.set(name, value);
    return value;
  };
  return isTrue;
}
