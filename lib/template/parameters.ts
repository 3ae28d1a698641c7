import { isObject, type Reading, requireObject } from './sections.ts';
import { templateError } from './template-error.ts';

const parameterTypes = ['String', 'Number', 'List<Number>', 'CommaDelimitedList', 'AWS::SSM::Parameter::Name'] as const;
type ParameterType = (typeof parameterTypes)[number];

const parameterKeys = [
  'Type',
  'Default',
  'Description',
  'AllowedValues',
  'AllowedPattern',
  'ConstraintDescription',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
  'NoEcho',
];

/** A declared parameter; limits as CloudFormation has them. */
export interface ParameterDeclaration {
  readonly name: string;
  readonly type: ParameterType;
  readonly default?: string;
  readonly description?: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly constraintDescription?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly noEcho: boolean;
  readonly line: number | undefined;
}

/** Reads the Parameters section; refuses unknown types and keys by name. */
export function parseParameters(root: Record<string, unknown>, reading: Reading): Record<string, ParameterDeclaration> {
  const section = requireObject(root, 'Parameters', reading);
  return Object.fromEntries(Object.entries(section).map(([name, raw]) => [name, parseParameter(section, name, raw, reading)]));
}

function parseParameter(section: Record<string, unknown>, name: string, raw: unknown, { file, lines }: Reading): ParameterDeclaration {
  const line = lines.of(section, name);
  if (!isObject(raw)) throw templateError('bad-template', { file, line }, `parameter ${name} must be a mapping with a Type`);
  const unknown = Object.keys(raw).find((key) => !parameterKeys.includes(key));
  if (unknown !== undefined)
    throw templateError(
      'bad-template',
      { file, line: lines.of(raw, unknown) },
      `parameter ${name}: ${unknown} is unknown`,
      `known are ${parameterKeys.join(', ')}`,
    );
  const type = raw['Type'];
  if (!(parameterTypes as readonly unknown[]).includes(type)) {
    throw templateError(
      'unsupported-parameter-type',
      { file, line: lines.of(raw, 'Type') },
      `parameter ${name}: type ${String(type)} is not supported`,
      `supported are ${parameterTypes.join(', ')}`,
    );
  }
  const limits = ['MinLength', 'MaxLength', 'MinValue', 'MaxValue']
    .filter((key) => raw[key] !== undefined)
    .map((key) => [lowerFirst(key), Number(raw[key])]);
  const texts = ['Default', 'Description', 'AllowedPattern', 'ConstraintDescription']
    .filter((key) => raw[key] !== undefined)
    .map((key) => [lowerFirst(key), String(raw[key])]);
  return {
    name,
    type: type as ParameterType,
    line,
    noEcho: String(raw['NoEcho'] ?? false) === 'true',
    ...Object.fromEntries([...limits, ...texts]),
    ...(Array.isArray(raw['AllowedValues']) ? { allowedValues: raw['AllowedValues'].map(String) } : {}),
  };
}

/** What `Ref` of a parameter gives: text, or a list of texts for the list types. Numbers stay text, as in CloudFormation. */
export type ParameterValue = string | readonly string[];

/**
 * The value of every declared parameter: the given one, else the default. Throws `missing-parameter`, `unknown-parameter` or
 * `invalid-parameter` with file and line.
 */
export function parameterValues(
  declared: Readonly<Record<string, ParameterDeclaration>>,
  given: Readonly<Record<string, string>>,
  file: string,
): Record<string, ParameterValue> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined) {
    const known = Object.keys(declared);
    throw templateError(
      'unknown-parameter',
      { file },
      `parameter ${unknown} does not exist in the template`,
      known.length > 0 ? `it has ${known.join(', ')}` : 'it has no parameters',
    );
  }
  const missing = Object.values(declared).find(({ name, default: fallback }) => given[name] === undefined && fallback === undefined);
  if (missing) {
    const hint = `give it: \`parameters: { ${missing.name}: '...' }\` of the stack, or \`--parameter-overrides ${missing.name}=...\` of aws cloudformation deploy${missing.description ? ` (${missing.description})` : ''}`;
    throw templateError('missing-parameter', { file, line: missing.line }, `parameter ${missing.name} has no default and no value was given`, hint);
  }
  return Object.fromEntries(Object.values(declared).map((each) => [each.name, checkedValue(each, given[each.name] ?? each.default ?? '', file)]));
}

function checkedValue(declaration: ParameterDeclaration, text: string, file: string): ParameterValue {
  const isList = declaration.type === 'CommaDelimitedList' || declaration.type === 'List<Number>';
  const values = isList ? text.split(',').map((part) => part.trim()) : [text];
  for (const value of values) {
    const problem = problemOf(declaration, value);
    if (problem === undefined) continue;
    const hint = declaration.constraintDescription;
    const shown = declaration.noEcho ? '' : ` ${JSON.stringify(value)}`;
    throw templateError('invalid-parameter', { file, line: declaration.line }, `parameter ${declaration.name}: value${shown} ${problem}`, hint);
  }
  return isList ? values : text;
}

function problemOf(declaration: ParameterDeclaration, value: string): string | undefined {
  const { type, allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = declaration;
  const isNumber = type === 'Number' || type === 'List<Number>';
  if (isNumber && (value.trim() === '' || !Number.isFinite(Number(value)))) return 'is not a number';
  if (allowedValues && !allowedValues.includes(value)) return `is not one of the allowed values [${allowedValues.join(', ')}]`;
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value))
    return `does not match the allowed pattern ${allowedPattern}`;
  if (minLength !== undefined && value.length < minLength) return `is shorter than ${minLength} characters`;
  if (maxLength !== undefined && value.length > maxLength) return `is longer than ${maxLength} characters`;
  if (minValue !== undefined && Number(value) < minValue) return `is below the minimum of ${minValue}`;
  if (maxValue !== undefined && Number(value) > maxValue) return `is above the maximum of ${maxValue}`;
  return undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
