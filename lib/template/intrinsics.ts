import { asIntrinsic, type IntrinsicCall } from './intrinsic-names.ts';
import type { Lines } from './lines.ts';
import { attributeTarget } from './references.ts';
import { substitutionOf, substitutionParts } from './substitution.ts';
import { type Place, templateError } from './template-error.ts';

/** What intrinsic functions are resolved against. */
export interface Scope {
  readonly file: string;
  readonly lines: Lines;
  readonly mappings: Readonly<Record<string, unknown>>;
  /** True inside the Conditions section, where `Condition: name` is a function too. */
  readonly inConditions?: boolean;
  /** What `Ref` gives; undefined for an unknown name, `noValue` for AWS::NoValue. */
  ref(name: string): unknown;
  /** What `Fn::GetAtt` gives; undefined for an unknown resource or attribute. */
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
}

/** What `Ref: AWS::NoValue` gives: the property, or the item of a list, is as if it were not there. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

/**
 * `value` with every intrinsic function replaced by what it gives; properties and items that come to AWS::NoValue vanish.
 * Throws ProofloadError with file and line for a function whose arguments are wrong.
 */
export function resolveIntrinsics(value: unknown, scope: Scope): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const call = asIntrinsic(value, scope.inConditions);
  if (call) return evaluate(call, scope, { file: scope.file, line: scope.lines.of(value) });
  if (Array.isArray(value)) return value.map((each) => resolveIntrinsics(each, scope)).filter((each) => each !== noValue);
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, resolveIntrinsics(each, scope)]);
  return Object.fromEntries(entries.filter(([, each]) => each !== noValue));
}

type Evaluate = (argument: unknown, scope: Scope, place: Place) => unknown;

const functions: Readonly<Record<string, Evaluate>> = {
  Ref: (argument, scope, place) => known(scope.ref(String(argument)), `Ref ${String(argument)}`, place),
  Condition: (argument, scope) => scope.condition(String(argument)),
  'Fn::GetAtt': (argument, scope, place) => {
    const { logicalId, attribute } = attributeTarget(argument, place);
    return attributeValue(logicalId, text(resolveIntrinsics(attribute, scope), 'the attribute of Fn::GetAtt', place), scope, place);
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope, place) => {
    const [delimiter, raw] = list(argument, 2, 'Fn::Join', place);
    if (typeof delimiter !== 'string') throw wrong('Fn::Join', 'a delimiter that is text', place);
    return items(resolveIntrinsics(raw, scope), 'Fn::Join', place)
      .map((each) => text(each, 'an item of Fn::Join', place))
      .join(delimiter);
  },
  'Fn::Select': (argument, scope, place) => {
    const [rawIndex, raw] = list(argument, 2, 'Fn::Select', place);
    const index = Number(resolveIntrinsics(rawIndex, scope));
    const values = items(resolveIntrinsics(raw, scope), 'Fn::Select', place);
    if (!Number.isInteger(index) || index < 0 || index >= values.length)
      throw wrong('Fn::Select', `an index from 0 to ${values.length - 1}, not ${index}`, place);
    return values[index];
  },
  'Fn::Split': (argument, scope, place) => {
    const [delimiter, raw] = list(argument, 2, 'Fn::Split', place);
    if (typeof delimiter !== 'string' || delimiter === '') throw wrong('Fn::Split', 'a delimiter that is text', place);
    return text(resolveIntrinsics(raw, scope), 'the text of Fn::Split', place).split(delimiter);
  },
  'Fn::If': (argument, scope, place) => {
    const [condition, yes, no] = list(argument, 3, 'Fn::If', place);
    return resolveIntrinsics(scope.condition(String(condition)) ? yes : no, scope);
  },
  'Fn::Equals': (argument, scope, place) => {
    const [left, right] = list(argument, 2, 'Fn::Equals', place).map((each) => resolveIntrinsics(each, scope));
    return comparable(left) === comparable(right);
  },
  'Fn::Not': (argument, scope, place) => !truth(list(argument, 1, 'Fn::Not', place)[0], scope, 'Fn::Not', place),
  'Fn::And': (argument, scope, place) => several(argument, 'Fn::And', place).every((each) => truth(each, scope, 'Fn::And', place)),
  'Fn::Or': (argument, scope, place) => several(argument, 'Fn::Or', place).some((each) => truth(each, scope, 'Fn::Or', place)),
  'Fn::FindInMap': findInMap,
  'Fn::Base64': (argument, scope, place) =>
    Buffer.from(text(resolveIntrinsics(argument, scope), 'the text of Fn::Base64', place), 'utf8').toString('base64'),
};

function evaluate({ name, argument }: IntrinsicCall, scope: Scope, place: Place): unknown {
  const run = functions[name];
  if (!run) throw templateError('unsupported-intrinsic', place, `${name} is not supported`, `supported are ${Object.keys(functions).join(', ')}`);
  return run(argument, scope, place);
}

function substitute(argument: unknown, scope: Scope, place: Place): string {
  const substitution = substitutionOf(argument);
  if (!substitution) throw wrong('Fn::Sub', 'a text, or a list of a text and a mapping of variables', place);
  const lookUp = (name: string): unknown => {
    if (Object.hasOwn(substitution.variables, name)) return resolveIntrinsics(substitution.variables[name], scope);
    const dot = name.indexOf('.');
    if (dot < 0) return known(scope.ref(name), `Fn::Sub: \${${name}}`, place);
    return attributeValue(name.slice(0, dot), name.slice(dot + 1), scope, place);
  };
  return substitutionParts(substitution.text)
    .map((part) => ('text' in part ? part.text : text(lookUp(part.name), `Fn::Sub: \${${part.name}}`, place)))
    .join('');
}

function findInMap(argument: unknown, scope: Scope, place: Place): unknown {
  const [map, top, second] = list(argument, 3, 'Fn::FindInMap', place).map((each) =>
    text(resolveIntrinsics(each, scope), 'a key of Fn::FindInMap', place),
  );
  const level = (from: unknown, key: string | undefined): unknown =>
    typeof from === 'object' && from !== null && key !== undefined && Object.hasOwn(from, key) ? (from as Record<string, unknown>)[key] : undefined;
  const found = level(level(level(scope.mappings, map), top), second);
  if (found === undefined) throw templateError('unresolved-reference', place, `Fn::FindInMap: Mappings has no ${map}.${top}.${second}`);
  return found;
}

function attributeValue(logicalId: string, attribute: string, scope: Scope, place: Place): unknown {
  return known(scope.attribute(logicalId, attribute), `${logicalId}.${attribute}`, place);
}

function known(value: unknown, what: string, place: Place): unknown {
  if (value === undefined) throw templateError('unresolved-reference', place, `${what} has no value here`);
  return value;
}

function text(value: unknown, what: string, place: Place): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw templateError('bad-template', place, `${what} must come to text`);
}

function list(argument: unknown, length: number, name: string, place: Place): unknown[] {
  if (Array.isArray(argument) && argument.length === length) return argument;
  throw wrong(name, `a list of ${length}`, place);
}

function several(argument: unknown, name: string, place: Place): unknown[] {
  if (Array.isArray(argument) && argument.length >= 2 && argument.length <= 10) return argument;
  throw wrong(name, 'a list of 2 to 10 conditions', place);
}

function items(value: unknown, name: string, place: Place): unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(name, 'a list of values', place);
}

function truth(value: unknown, scope: Scope, name: string, place: Place): boolean {
  const resolved = resolveIntrinsics(value, scope);
  if (typeof resolved === 'boolean') return resolved;
  throw wrong(name, 'conditions', place);
}

function comparable(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function wrong(name: string, needs: string, place: Place): Error {
  return templateError('bad-template', place, `${name} needs ${needs}`);
}
