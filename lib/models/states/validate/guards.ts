import { isArray, isObject, type JsonObject } from '../json.ts';
import type { Json } from '../types.ts';
import { wrongLanguage } from './choices.ts';
import { fields, type StatePlace } from './fields.ts';
import type { Findings } from './findings.ts';
import { checkInteger, checkRange, checkValue } from './values.ts';

const retryFields = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
const catchFields = ['ErrorEquals', 'Next', 'ResultPath', 'Assign', 'Output', 'Comment'];
const maxAttempts = 99_999_999;
const maxDelaySec = 31_622_400;

/** Retry and Catch of a state. */
export function checkGuards(findings: Findings, state: JsonObject, place: StatePlace): undefined {
  checkEntries(findings, state['Retry'], `${place.at}/Retry`, retryFields, (entry, at) => checkRetrier(findings, entry, at));
  checkEntries(findings, state['Catch'], `${place.at}/Catch`, catchFields, (entry, at) => checkCatcher(findings, entry, at, place));

  function checkEntries(
    into: Findings,
    entries: Json | undefined,
    at: string,
    allowed: readonly string[],
    check: (entry: JsonObject, at: string) => undefined,
  ): undefined {
    if (entries === undefined) return;
    if (!isArray(entries)) return into.schema('Expected value of type Array', at);
    for (const [i, entry] of entries.entries()) {
      if (!isObject(entry)) into.schema('Expected value of type Object', `${at}[${i}]`);
      else {
        for (const name of Object.keys(entry)) if (!allowed.includes(name)) into.schema(`Field '${name}' is not supported`, `${at}[${i}]`);
        checkErrors(into, entry['ErrorEquals'], `${at}[${i}]`, i === entries.length - 1);
        check(entry, `${at}[${i}]`);
      }
    }
  }
}

function checkErrors(findings: Findings, names: Json | undefined, at: string, isLast: boolean): undefined {
  if (names === undefined) return findings.schema('These fields are required: [ErrorEquals]', at);
  if (!isArray(names)) return findings.schema('Expected value of type Array', `${at}/ErrorEquals`);
  if (names.length === 0) findings.schema('Value cannot be empty', `${at}/ErrorEquals`);
  if (names.some((name) => typeof name !== 'string')) findings.schema('Expected value of type String', `${at}/ErrorEquals`);
  if (names.includes('States.ALL') && (names.length > 1 || !isLast)) {
    findings.schema('States.ALL must appear alone and at end of list', `${at}/ErrorEquals`);
  }
}

function checkRetrier(findings: Findings, entry: JsonObject, at: string): undefined {
  const { IntervalSeconds: interval, MaxAttempts: attempts, BackoffRate: rate, MaxDelaySeconds: delay, JitterStrategy: jitter } = entry;
  if (interval !== undefined) checkInteger(findings, interval, 0, maxAttempts, `${at}/IntervalSeconds`);
  if (attempts !== undefined) checkInteger(findings, attempts, 0, maxAttempts, `${at}/MaxAttempts`);
  if (delay !== undefined) checkInteger(findings, delay, 1, maxDelaySec, `${at}/MaxDelaySeconds`);
  if (rate !== undefined) {
    if (typeof rate === 'number') checkRange(findings, rate, 1, Number.MAX_VALUE, `${at}/BackoffRate`);
    else findings.schema('Expected value of type Number', `${at}/BackoffRate`);
  }
  if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE') {
    findings.schema('Value should be one of the following: [NONE, FULL]', `${at}/JitterStrategy`);
  }
}

function checkCatcher(findings: Findings, entry: JsonObject, at: string, { language }: StatePlace): undefined {
  if (typeof entry['Next'] !== 'string') findings.schema('These fields are required: [Next]', at);
  for (const name of ['ResultPath', 'Assign', 'Output']) {
    const value = entry[name];
    const { check, only } = fields[name] as (typeof fields)[string];
    if (value === undefined) continue;
    if (only !== undefined && only !== language) findings.schema(wrongLanguage(name, only, language), at);
    else checkValue(findings, check, value, `${at}/${name}`, language);
  }
}
