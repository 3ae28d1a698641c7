import type { Lines } from './lines.ts';
import { templateError } from './template-error.ts';
import type { TemplateOutput, TemplateResource } from './types.ts';

/** What every parsing step needs to say where something is wrong. */
export interface Reading {
  readonly file: string;
  readonly lines: Lines;
}

/** The only transform that is understood. */
const serverlessTransform = 'AWS::Serverless-2016-10-31';

const knownSections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Transform',
  'Globals',
  'Resources',
  'Outputs',
];
// Creation and update policies wait for signals of instances; the lab has no instances, so it refuses rather than ignores them.
const resourceKeys = ['Type', 'Properties', 'DependsOn', 'Condition', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'];
const outputKeys = ['Value', 'Description', 'Condition', 'Export'];

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses sections that CloudFormation has and this reader does not, and keys that CloudFormation does not know, by name. */
export function checkSections(root: Record<string, unknown>, { file, lines }: Reading): void {
  for (const key of Object.keys(root)) {
    if (knownSections.includes(key)) continue;
    throw templateError(
      'unsupported-section',
      { file, line: lines.of(root, key) },
      `section ${key} is not supported`,
      `supported are ${knownSections.join(', ')}`,
    );
  }
  if (!isObject(root['Resources']) || Object.keys(root['Resources']).length === 0) {
    throw templateError('bad-template', { file, line: lines.of(root, 'Resources') }, 'Resources must hold at least one resource');
  }
}

/** The transforms that the template names; only SAM's is understood. */
export function samTransform(root: Record<string, unknown>, { file, lines }: Reading): string[] {
  const raw = root['Transform'];
  const names = raw === undefined ? [] : Array.isArray(raw) ? raw : [raw];
  for (const name of names) {
    if (name === serverlessTransform) continue;
    const what = `transform ${typeof name === 'string' ? name : JSON.stringify(name)} is not supported`;
    throw templateError('unsupported-transform', { file, line: lines.of(root, 'Transform') }, what, `supported is ${serverlessTransform}`);
  }
  if (names.length === 0 && root['Globals'] !== undefined) {
    throw templateError('bad-template', { file, line: lines.of(root, 'Globals') }, `Globals needs Transform: ${serverlessTransform}`);
  }
  return names as string[];
}

/** The mapping `section`, empty where the template lacks it. */
export function requireObject(root: Record<string, unknown>, section: string, { file, lines }: Reading): Record<string, unknown> {
  const value = root[section] ?? {};
  if (!isObject(value)) throw templateError('bad-template', { file, line: lines.of(root, section) }, `${section} must be a mapping`);
  return value;
}

export function parseResources(root: Record<string, unknown>, reading: Reading): Record<string, TemplateResource> {
  const section = requireObject(root, 'Resources', reading);
  return Object.fromEntries(Object.entries(section).map(([logicalId, raw]) => [logicalId, parseResource(section, logicalId, raw, reading)]));
}

function parseResource(section: Record<string, unknown>, logicalId: string, raw: unknown, reading: Reading): TemplateResource {
  const { file, lines } = reading;
  const line = lines.of(section, logicalId);
  if (!/^[A-Za-z0-9]+$/.test(logicalId)) throw templateError('bad-template', { file, line }, `logical id ${logicalId} must be alphanumeric`);
  if (!isObject(raw) || typeof raw['Type'] !== 'string') throw templateError('bad-template', { file, line }, `resource ${logicalId} needs a Type`);
  const unknown = Object.keys(raw).find((key) => !resourceKeys.includes(key));
  if (unknown !== undefined) {
    throw templateError(
      'unsupported-attribute',
      { file, line: lines.of(raw, unknown) },
      `resource ${logicalId}: ${unknown} is not supported`,
      `supported are ${resourceKeys.join(', ')}`,
    );
  }
  const properties = raw['Properties'] ?? {};
  if (!isObject(properties))
    throw templateError('bad-template', { file, line: lines.of(raw, 'Properties') }, `resource ${logicalId}: Properties must be a mapping`);
  const policy = raw['DeletionPolicy'];
  if (policy !== undefined && policy !== 'Delete' && policy !== 'Retain') {
    throw templateError(
      'unsupported-attribute',
      { file, line: lines.of(raw, 'DeletionPolicy') },
      `resource ${logicalId}: DeletionPolicy must be Delete or Retain`,
    );
  }
  return {
    logicalId,
    type: raw['Type'],
    properties,
    dependsOn: stringList(raw['DependsOn'], `resource ${logicalId}: DependsOn`, { file, line: lines.of(raw, 'DependsOn') }),
    line,
    ...(typeof raw['Condition'] === 'string' ? { condition: raw['Condition'] } : {}),
    ...(isObject(raw['Metadata']) ? { metadata: raw['Metadata'] } : {}),
    ...(policy === undefined ? {} : { deletionPolicy: policy }),
  };
}

export function parseOutputs(root: Record<string, unknown>, reading: Reading): Record<string, TemplateOutput> {
  const section = requireObject(root, 'Outputs', reading);
  const { file, lines } = reading;
  const parsed = Object.entries(section).map(([name, raw]): [string, TemplateOutput] => {
    const line = lines.of(section, name);
    if (!isObject(raw) || raw['Value'] === undefined) throw templateError('bad-template', { file, line }, `output ${name} needs a Value`);
    const unknown = Object.keys(raw).find((key) => !outputKeys.includes(key));
    if (unknown !== undefined) throw templateError('bad-template', { file, line: lines.of(raw, unknown) }, `output ${name}: ${unknown} is unknown`);
    const exported = raw['Export'];
    return [
      name,
      {
        name,
        value: raw['Value'],
        line,
        ...(typeof raw['Description'] === 'string' ? { description: raw['Description'] } : {}),
        ...(typeof raw['Condition'] === 'string' ? { condition: raw['Condition'] } : {}),
        ...(isObject(exported) ? { exportName: exported['Name'] } : {}),
      },
    ];
  });
  return Object.fromEntries(parsed);
}

function stringList(raw: unknown, what: string, place: { file: string; line: number | undefined }): string[] {
  if (raw === undefined) return [];
  const list = Array.isArray(raw) ? raw : [raw];
  if (!list.every((each): each is string => typeof each === 'string'))
    throw templateError('bad-template', place, `${what} must be a logical id or a list of them`);
  return list;
}
