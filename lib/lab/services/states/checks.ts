import { messageOf } from '../../../core/errors.ts';
import type { Json } from '../../../models/states/types.ts';
import { constraint, invalidExecutionInput, invalidName } from './errors.ts';

/** Longest name of a state machine, an execution, an activity or an alias. */
const maxNameLength = 80;

/** White space, control characters and what AWS excludes from names. */
const notInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** The value, or AWS's refusal of a member that must be there. */
export function required<Value>(value: Value | undefined | null, member: string): Value {
  if (value === undefined || value === null) throw constraint(null, member, 'not be null');
  return value;
}

/** The value of a text no longer than `max` characters. */
export function atMost(text: string, member: string, max: number): string {
  if (text.length > max) throw constraint(text.length > 100 ? `${text.slice(0, 100)}...` : text, member, `have length less than or equal to ${max}`);
  return text;
}

export function checkedName(name: string | undefined): string {
  const text = atMost(required(name, 'name'), 'name', maxNameLength);
  if (text === '') throw constraint(text, 'name', 'have length greater than or equal to 1');
  if (notInNames.test(text)) throw invalidName(text);
  return text;
}

/** A page size of the API's lists: 0 means the default. */
export function pageSize(maxResults: number | undefined): number {
  const size = maxResults === undefined || maxResults === 0 ? 100 : maxResults;
  if (!(size >= 1 && size <= 1000)) throw constraint(maxResults, 'maxResults', 'have value less than or equal to 1000');
  return size;
}

/** The input of an execution, parsed; AWS words its refusals as its JSON parser does, of which the commonest is kept. */
export function parsedInput(text: string, maxBytes: number): Json {
  if (Buffer.byteLength(text) > maxBytes) throw constraint(`${text.slice(0, 100)}...`, 'input', `have length less than or equal to ${maxBytes}`);
  if (text.trim() === '') throw invalidExecutionInput('Invalid execution input.');
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    const word = /^\s*([A-Za-z_]\w*)/.exec(text)?.[1];
    const expected = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    throw invalidExecutionInput(word === undefined ? messageOf(thrown) : `Unrecognized token '${word}': ${expected}`);
  }
}
