import { parse } from 'yaml';
import { AwsError, messageOf } from '../../core/errors.ts';
import { checkDocument } from './check.ts';
import type { StepLimits } from './steps/step-action.ts';
import {
  type AutomationDocument,
  type Detour,
  type DocumentParameter,
  type DocumentStep,
  type StepOutput,
  type ValueType,
  valueTypes,
} from './types.ts';

/** Members that every step may have; `onFailure` and the like have meaning for all actions. */
const stepMembers = [
  'name',
  'action',
  'description',
  'inputs',
  'outputs',
  'onFailure',
  'onCancel',
  'isEnd',
  'isCritical',
  'nextStep',
  'maxAttempts',
  'timeoutSeconds',
];

const documentMembers = ['schemaVersion', 'description', 'assumeRole', 'parameters', 'mainSteps', 'outputs'];

/**
 * The Automation document (schema 0.3) in `text`, YAML or JSON. What AWS refuses, and what the lab does not run, is refused
 * by name: InvalidDocumentContent, InvalidDocumentSchemaVersion.
 */
export function parseDocument(text: string, format: 'YAML' | 'JSON', limits: StepLimits): AutomationDocument {
  const content = parsedContent(text, format);
  if (String(content['schemaVersion']) !== '0.3')
    throw new AwsError('InvalidDocumentSchemaVersion', `An Automation document has the schemaVersion 0.3, not ${String(content['schemaVersion'])}.`);
  refuseOthers(content, documentMembers, 'The document');
  const steps = content['mainSteps'];
  if (!Array.isArray(steps) || steps.length === 0) throw invalidContent('The document needs mainSteps.');
  const document: AutomationDocument = {
    schemaVersion: '0.3',
    description: String(content['description'] ?? ''),
    assumeRole: content['assumeRole'] === undefined ? undefined : String(content['assumeRole']),
    parameters: parametersOf(content['parameters']),
    steps: steps.map(stepOf),
    outputs: listOf(content['outputs']).map(String),
  };
  checkDocument(document, limits);
  return document;
}

/** InvalidDocumentContent with what is wrong. */
function invalidContent(message: string): AwsError {
  return new AwsError('InvalidDocumentContent', message);
}

function parsedContent(text: string, format: 'YAML' | 'JSON'): Record<string, unknown> {
  try {
    const content: unknown = format === 'JSON' ? JSON.parse(text) : parse(text);
    if (isRecord(content)) return content;
  } catch (error) {
    throw invalidContent(`The document is not valid ${format}: ${messageOf(error)}`);
  }
  throw invalidContent(`The document is not a ${format} object.`);
}

function parametersOf(raw: unknown): Record<string, DocumentParameter> {
  return Object.fromEntries(
    Object.entries(isRecord(raw) ? raw : {}).map(([name, rule]) => {
      if (!isRecord(rule)) throw invalidContent(`Parameter ${name} must be an object.`);
      return [name, { ...(rule as unknown as DocumentParameter), type: valueType(rule['type'], `Parameter ${name}`) }];
    }),
  );
}

function stepOf(raw: unknown, index: number): DocumentStep {
  if (!isRecord(raw)) throw invalidContent(`Step ${index + 1} must be an object.`);
  const name = raw['name'];
  const action = raw['action'];
  if (typeof name !== 'string' || !/^[A-Za-z0-9_]+$/.test(name)) throw invalidContent(`Step ${index + 1} needs a name of letters, digits and _.`);
  if (typeof action !== 'string') throw invalidContent(`Step ${name} needs an action.`);
  refuseOthers(raw, stepMembers, `Step ${name}`);
  const { inputs, outputs, isEnd, isCritical, nextStep, maxAttempts, timeoutSeconds } = raw;
  return {
    name,
    action,
    inputs: isRecord(inputs) ? inputs : {},
    outputs: listOf(outputs).map((each) => outputOf(each, name)),
    onFailure: detourOf(raw['onFailure'], name),
    onCancel: detourOf(raw['onCancel'], name),
    isEnd: isTrue(isEnd),
    isCritical: isCritical === undefined ? undefined : isTrue(isCritical),
    nextStep: nextStep === undefined ? undefined : String(nextStep),
    maxAttempts: maxAttempts === undefined ? 1 : Number(maxAttempts),
    timeoutSec: timeoutSeconds === undefined ? undefined : Number(timeoutSeconds),
  };
}

function outputOf(raw: unknown, step: string): StepOutput {
  const output = isRecord(raw) ? raw : {};
  if (typeof output['Name'] !== 'string' || typeof output['Selector'] !== 'string')
    throw invalidContent(`An output of step ${step} needs Name and Selector.`);
  return {
    name: output['Name'],
    selector: output['Selector'],
    type: valueType(output['Type'] ?? 'String', `Output ${output['Name']} of step ${step}`),
  };
}

function detourOf(raw: unknown, step: string): Detour {
  const text = raw === undefined ? 'Abort' : String(raw);
  if (text.toLowerCase() === 'abort') return { kind: 'abort' };
  if (text.toLowerCase() === 'continue') return { kind: 'continue' };
  if (text.startsWith('step:')) return { kind: 'step', step: text.slice('step:'.length).trim() };
  throw invalidContent(`Step ${step} has ${text} where Abort, Continue or step:name must be.`);
}

function valueType(raw: unknown, where: string): ValueType {
  const type = valueTypes.find((each) => each === raw);
  if (!type) throw invalidContent(`${where} has the type ${String(raw)}, which is none of ${valueTypes.join(', ')}.`);
  return type;
}

function refuseOthers(object: Record<string, unknown>, known: readonly string[], where: string): void {
  const other = Object.keys(object).find((key) => !known.includes(key));
  if (other !== undefined) throw invalidContent(`${where} has ${other}, which is not supported by the lab.`);
}

function listOf(raw: unknown): unknown[] {
  return Array.isArray(raw) ? raw : [];
}

function isTrue(raw: unknown): boolean {
  return raw === true || raw === 'true';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
