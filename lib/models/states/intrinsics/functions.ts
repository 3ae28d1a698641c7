import { createHash } from 'node:crypto';
import type { Rng } from '../../../core/rng.ts';
import { seededRng } from '../../../core/rng.ts';
import { isArray, isObject, jsonEqual } from '../json.ts';
import type { Json } from '../types.ts';
import { IntrinsicError } from './error.ts';
import { formatText } from './format.ts';

/** One intrinsic function: how many arguments it takes and what it makes of them. */
export interface Intrinsic {
  readonly least: number;
  readonly most: number;
  readonly apply: (args: readonly Json[], rng: Rng) => Json;
}

const maxRange = 1000;
const maxTextLength = 10_000;

/** The intrinsic functions of the States Language, by name. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  'States.Format': { least: 1, most: 10_000, apply: ([template, ...values]) => formatText(textOf(template), values) },
  'States.StringToJson': { least: 1, most: 1, apply: ([text]) => parseJson(textOf(text)) },
  'States.JsonToString': { least: 1, most: 1, apply: ([value]) => JSON.stringify(value) },
  'States.Array': { least: 0, most: 10_000, apply: (args) => [...args] },
  'States.ArrayPartition': { least: 2, most: 2, apply: ([list, size]) => partition(listOf(list), positiveOf(size)) },
  'States.ArrayContains': { least: 2, most: 2, apply: ([list, value]) => listOf(list).some((item) => jsonEqual(item, value as Json)) },
  'States.ArrayRange': { least: 3, most: 3, apply: ([from, to, by]) => range(roundOf(from), roundOf(to), roundOf(by)) },
  'States.ArrayGetItem': { least: 2, most: 2, apply: ([list, index]) => itemOf(listOf(list), roundOf(index)) },
  'States.ArrayLength': { least: 1, most: 1, apply: ([list]) => listOf(list).length },
  'States.ArrayUnique': { least: 1, most: 1, apply: ([list]) => unique(listOf(list)) },
  'States.Base64Encode': { least: 1, most: 1, apply: ([text]) => Buffer.from(shortTextOf(text), 'utf8').toString('base64') },
  'States.Base64Decode': { least: 1, most: 1, apply: ([text]) => decodeBase64(shortTextOf(text)) },
  'States.Hash': { least: 2, most: 2, apply: ([data, algorithm]) => hash(data as Json, textOf(algorithm)) },
  'States.JsonMerge': { least: 3, most: 3, apply: ([left, right, deep]) => merge(left as Json, right as Json, deep as Json) },
  'States.MathRandom': { least: 2, most: 3, apply: (args, rng) => random(args, rng) },
  'States.MathAdd': { least: 2, most: 2, apply: ([left, right]) => roundOf(left) + roundOf(right) },
  'States.StringSplit': { least: 2, most: 2, apply: ([text, separators]) => split(textOf(text), textOf(separators)) },
  'States.UUID': { least: 0, most: 0, apply: (_, rng) => rng.uuid() },
};

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new IntrinsicError(`expected a string but got ${JSON.stringify(value)}`);
  return value;
}

function shortTextOf(value: Json | undefined): string {
  const text = textOf(value);
  if (text.length > maxTextLength) throw new IntrinsicError(`the text is longer than ${maxTextLength} characters`);
  return text;
}

function listOf(value: Json | undefined): readonly Json[] {
  if (!isArray(value)) throw new IntrinsicError(`expected an array but got ${JSON.stringify(value)}`);
  return value;
}

/** Step Functions rounds where it wants an integer: halves up, so 1.5 is 2 and -1.5 is -1. */
function roundOf(value: Json | undefined): number {
  if (typeof value !== 'number') throw new IntrinsicError(`expected a number but got ${JSON.stringify(value)}`);
  return Math.round(value) + 0;
}

function positiveOf(value: Json | undefined): number {
  const size = roundOf(value);
  if (size < 1) throw new IntrinsicError(`expected a positive integer but got ${size}`);
  return size;
}

function parseJson(text: string): Json {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new IntrinsicError(`the text is not valid JSON: ${text}`);
  }
}

/** Consecutive chunks of `size` items; the last one may be shorter. */
export function partition(list: readonly Json[], size: number): Json[] {
  const chunks: Json[] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}

/** The numbers from `from` to `to`, both included, `by` apart. */
export function range(from: number, to: number, by: number): number[] {
  if (by === 0) throw new IntrinsicError('the step must not be 0');
  const numbers: number[] = [];
  for (let each = from; by > 0 ? each <= to : each >= to; each += by) {
    if (numbers.length === maxRange) throw new IntrinsicError(`the range has more than ${maxRange} elements`);
    numbers.push(each);
  }
  return numbers;
}

function itemOf(list: readonly Json[], index: number): Json {
  const item = index < 0 ? undefined : list[index];
  if (item === undefined) throw new IntrinsicError(`Index ${index} out of bounds for length ${list.length}`);
  return item;
}

function unique(list: readonly Json[]): Json[] {
  const kept: Json[] = [];
  for (const item of list) if (!kept.some((each) => jsonEqual(each, item))) kept.push(item);
  return kept;
}

function decodeBase64(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new IntrinsicError(`the text is not valid Base64: ${text}`);
  return Buffer.from(text, 'base64').toString('utf8');
}

const digests: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

/** The hexadecimal digest of a text, or of the JSON of anything else. */
export function hash(data: Json, algorithm: string): string {
  const name = Object.hasOwn(digests, algorithm) ? digests[algorithm] : undefined;
  if (name === undefined) throw new IntrinsicError(`the algorithm ${algorithm} is not one of ${Object.keys(digests).join(', ')}`);
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return createHash(name).update(shortTextOf(text), 'utf8').digest('hex');
}

function merge(left: Json, right: Json, deep: Json): Json {
  if (!isObject(left) || !isObject(right)) throw new IntrinsicError('both values to merge must be objects');
  if (deep !== false) throw new IntrinsicError('only the shallow merge is supported: the third argument must be false');
  return { ...left, ...right };
}

function random(args: readonly Json[], rng: Rng): number {
  const [from, to] = [roundOf(args[0]), roundOf(args[1])];
  if (to <= from) throw new IntrinsicError('the end must be above the start');
  const source = args[2] === undefined ? rng : seededRng(String(roundOf(args[2])));
  return from + source.int(to - from);
}

/** Every character of `separators` separates; empty parts are dropped. */
function split(text: string, separators: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const char of text) {
    if (!separators.includes(char)) part += char;
    else if (part !== '') {
      parts.push(part);
      part = '';
    }
  }
  if (part !== '') parts.push(part);
  return parts;
}
