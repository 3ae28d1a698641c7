import { asIntrinsic, isSupported, supportedNames } from './intrinsic-names.ts';
import type { Reading } from './sections.ts';
import { substitutionOf, substitutionParts } from './substitution.ts';
import { type Place, templateError } from './template-error.ts';
import type { Template } from './types.ts';

/** One mention of a resource, parameter, pseudo parameter or condition inside a value. */
export interface Reference {
  readonly kind: 'ref' | 'attribute' | 'condition';
  readonly name: string;
  readonly line: number | undefined;
}

/** Names that `Ref` knows without any declaration. */
export const pseudoParameters = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
] as const;

interface Walk extends Reading {
  readonly inConditions: boolean;
  /** Which branch of `Fn::If` counts; both where the conditions are not evaluated yet. */
  readonly isTrue?: (condition: string) => boolean;
}

/**
 * Everything that `value` mentions. With `isTrue` only the branch that each `Fn::If` takes. Throws for an intrinsic function that
 * is not supported, by name.
 */
export function referencesIn(value: unknown, walk: Walk, fromLine?: number): Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  const line = walk.lines.of(value) ?? fromLine;
  const call = asIntrinsic(value, walk.inConditions);
  if (!call) return Object.values(value).flatMap((each) => referencesIn(each, walk, line));
  const { name, argument } = call;
  if (!isSupported(name)) {
    throw templateError('unsupported-intrinsic', { file: walk.file, line }, `${name} is not supported`, `supported are ${supportedNames.join(', ')}`);
  }
  const inner = (each: unknown): Reference[] => referencesIn(each, walk, line);
  switch (name) {
    case 'Ref':
      return [{ kind: 'ref', name: String(argument), line }];
    case 'Condition':
      return [{ kind: 'condition', name: String(argument), line }];
    case 'Fn::GetAtt':
      return [{ kind: 'attribute', name: attributeTarget(argument, { file: walk.file, line }).logicalId, line }];
    case 'Fn::Sub':
      return inSubstitution(argument, { file: walk.file, line }, inner);
    case 'Fn::If':
      return inChoice(argument, { file: walk.file, line }, walk, inner);
    default:
      return inner(argument);
  }
}

/** Logical id and attribute of an `Fn::GetAtt` argument, a list of two or `Id.Attribute`. */
export function attributeTarget(argument: unknown, place: Place): { logicalId: string; attribute: unknown } {
  const list =
    typeof argument === 'string' && argument.includes('.')
      ? [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)]
      : argument;
  if (Array.isArray(list) && list.length === 2 && typeof list[0] === 'string') return { logicalId: list[0], attribute: list[1] };
  throw templateError('bad-template', place, 'Fn::GetAtt needs a logical id and an attribute');
}

function inSubstitution(argument: unknown, place: Place, inner: (value: unknown) => Reference[]): Reference[] {
  const substitution = substitutionOf(argument);
  if (!substitution) throw templateError('bad-template', place, 'Fn::Sub needs a text, or a list of a text and a mapping of variables');
  const names = substitutionParts(substitution.text).flatMap((part) =>
    'name' in part && !Object.hasOwn(substitution.variables, part.name) ? [part.name] : [],
  );
  const mentioned = names.map((name): Reference => {
    const dot = name.indexOf('.');
    return dot < 0 ? { kind: 'ref', name, line: place.line } : { kind: 'attribute', name: name.slice(0, dot), line: place.line };
  });
  return [...mentioned, ...inner(substitution.variables)];
}

function inChoice(argument: unknown, place: Place, walk: Walk, inner: (value: unknown) => Reference[]): Reference[] {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string') {
    throw templateError('bad-template', place, 'Fn::If needs a condition name, a value if true and a value if false');
  }
  const condition: Reference = { kind: 'condition', name: argument[0], line: place.line };
  if (!walk.isTrue) return [condition, ...inner(argument[1]), ...inner(argument[2])];
  return [condition, ...inner(walk.isTrue(argument[0]) ? argument[1] : argument[2])];
}

/** Checks that every mention of a template names something it has; throws `unresolved-reference` with file and line. */
export function checkReferences(template: Template): void {
  const { file, lines, parameters, resources, outputs, conditions } = template;
  const isPseudo = (name: string): boolean => (pseudoParameters as readonly string[]).includes(name);
  const check = (reference: Reference, where: string): void => {
    const { kind, name, line } = reference;
    const exists =
      kind === 'condition'
        ? Object.hasOwn(conditions, name)
        : Object.hasOwn(resources, name) || (kind === 'ref' && (Object.hasOwn(parameters, name) || isPseudo(name)));
    if (exists) return;
    const wanted = { ref: 'a parameter or resource', attribute: 'a resource', condition: 'a condition' }[kind];
    throw templateError('unresolved-reference', { file, line }, `${where} mentions ${name}, which is not ${wanted} of this template`);
  };
  const walk = { file, lines, inConditions: false };
  for (const resource of Object.values(resources)) {
    const where = `resource ${resource.logicalId}`;
    const mentioned: Reference[] = resource.dependsOn.map((name) => ({ kind: 'attribute', name, line: resource.line }));
    if (resource.condition !== undefined) mentioned.push({ kind: 'condition', name: resource.condition, line: resource.line });
    for (const each of [...mentioned, ...referencesIn(resource.properties, walk, resource.line)]) check(each, where);
  }
  for (const output of Object.values(outputs)) {
    const mentioned: Reference[] = output.condition === undefined ? [] : [{ kind: 'condition', name: output.condition, line: output.line }];
    for (const each of [...mentioned, ...referencesIn([output.value, output.exportName], walk, output.line)]) check(each, `output ${output.name}`);
  }
}
