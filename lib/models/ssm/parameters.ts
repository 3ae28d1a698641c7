import { AwsError } from '../../core/errors.ts';
import type { AutomationDocument, DocumentParameter } from './types.ts';
import { convert } from './values.ts';

/** Parameters as StartAutomationExecution gets them: each a list of strings. */
export type GivenParameters = Readonly<Record<string, readonly string[]>>;

/**
 * The value of every parameter of `document`: given, or its default. Refuses unknown and missing ones and values outside the
 * document's rules as InvalidAutomationExecutionParametersException.
 */
export function parameterValues(document: AutomationDocument, given: GivenParameters): Map<string, unknown> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(document.parameters, name));
  if (unknown !== undefined) throw refused(`Parameter ${unknown} is not defined in the document.`);
  const values = new Map<string, unknown>();
  for (const [name, rule] of Object.entries(document.parameters)) {
    const texts = given[name];
    if (texts === undefined && rule.default === undefined) throw refused(`Parameter ${name} is required and has no default.`);
    const value = texts === undefined ? convertOr(name, rule.default, rule) : givenValue(name, texts, rule);
    checkRule(name, value, rule);
    values.set(name, value);
  }
  return values;
}

function givenValue(name: string, texts: readonly string[], rule: DocumentParameter): unknown {
  if (rule.type === 'StringList') return [...texts];
  if (rule.type === 'MapList') return convertOr(name, texts.map(parsedOr), rule);
  if (texts.length !== 1) throw refused(`Parameter ${name} takes one value, not ${texts.length}.`);
  const [text = ''] = texts;
  return convertOr(name, rule.type === 'StringMap' ? parsedOr(text) : text, rule);
}

function convertOr(name: string, value: unknown, rule: DocumentParameter): unknown {
  const converted = convert(value, rule.type);
  if (converted === undefined) throw refused(`Parameter ${name} must be of type ${rule.type}.`);
  return converted;
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function checkRule(name: string, value: unknown, rule: DocumentParameter): void {
  const items = Array.isArray(value) ? value : [value];
  if (rule.allowedValues && !items.every((item) => rule.allowedValues?.some((allowed) => String(allowed) === String(item))))
    throw refused(`Parameter ${name} must be one of ${rule.allowedValues.join(', ')}.`);
  if (rule.allowedPattern !== undefined) {
    const pattern = new RegExp(rule.allowedPattern);
    if (!items.every((item) => pattern.test(String(item)))) throw refused(`Parameter ${name} must match ${rule.allowedPattern}.`);
  }
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, minChars = 0, maxChars = Number.POSITIVE_INFINITY } = rule;
  if (Array.isArray(value) && (value.length < minItems || value.length > maxItems))
    throw refused(`Parameter ${name} must have ${minItems} to ${maxItems} items.`);
  if (typeof value === 'string' && (value.length < minChars || value.length > maxChars))
    throw refused(`Parameter ${name} must have ${minChars} to ${maxChars} characters.`);
}

function refused(message: string): AwsError {
  return new AwsError('InvalidAutomationExecutionParametersException', message);
}
