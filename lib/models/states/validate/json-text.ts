import { isObject, type JsonObject } from '../json.ts';
import type { Json } from '../types.ts';
import type { Findings } from './findings.ts';

/** The definition's JSON; undefined, with a finding, where the text is none or is not an object. */
export function parseJsonText(findings: Findings, text: string): JsonObject | undefined {
  if (text.trim() === '') {
    findings.error('MISSING_DESCRIPTION', 'Definition must not be empty');
    return undefined;
  }
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const place = `[Source: (String)"${text}"; ${whereOf(text, (error as Error).message)}]`;
    findings.error('INVALID_JSON_DESCRIPTION', `${problemOf(text, (error as Error).message)}\n at ${place}`, place);
    return undefined;
  }
  if (isObject(value)) return value;
  findings.error('SCHEMA_VALIDATION_FAILED', 'Definition must be a valid JSON object');
  return undefined;
}

/** A bare word is told in AWS's words, the rest in those of the JSON parser at hand. */
function problemOf(text: string, message: string): string {
  const word = /^\s*([A-Za-z_$][\w$]*)/.exec(text)?.[1];
  if (word === undefined) return message.replace(/ \(line \d+ column \d+\)$/, '');
  return `Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
}

function whereOf(text: string, message: string): string {
  const word = /^\s*([A-Za-z_$][\w$]*)/.exec(text);
  const at = word ? word[0].length : Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at).split('\n');
  return `line: ${before.length}, column: ${(before.at(-1) ?? '').length + 1}`;
}
