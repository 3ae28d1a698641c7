import { StateFailure } from '../failure.ts';
import { isArray, isObject, type JsonObject } from '../json.ts';
import type { Json } from '../types.ts';
import { type PathStep, parseJsonPath } from './json-path.ts';

/** Puts a result into the input where ResultPath says; the input itself is left as it is. */
export function compileResultPath(text: string | null | undefined): (input: Json, result: Json) => Json {
  if (text === null) return (input) => input;
  if (text === undefined || text === '$') return (_, result) => result;
  const { steps } = parseJsonPath(text);
  const [step] = steps;
  if (steps.length === 1 && step?.kind === 'names') {
    const name = step.names[0] as string;
    return (input, result) => (isObject(input) ? { ...input, [name]: result } : put(steps, 0, input, result));
  }
  return (input, result) => put(steps, 0, input, result);
}

function put(steps: readonly PathStep[], at: number, into: Json | undefined, result: Json): Json {
  const step = steps[at];
  if (step === undefined) return result;
  if (step.kind === 'names') return putMember(steps, at, step.names[0] as string, into, result);
  if (step.kind === 'indices') return putItem(steps, at, step.indices[0] as number, into, result);
  return result;
}

function putMember(steps: readonly PathStep[], at: number, name: string, into: Json | undefined, result: Json): JsonObject {
  if (into !== undefined && !isObject(into)) throw mismatch(`"${name}"`, into);
  const old = into !== undefined && Object.hasOwn(into, name) ? into[name] : undefined;
  return { ...into, [name]: put(steps, at + 1, old, result) };
}

function putItem(steps: readonly PathStep[], at: number, index: number, into: Json | undefined, result: Json): Json {
  if (!isArray(into) || index < 0 || index >= into.length) throw mismatch(String(index), into ?? null);
  return into.map((item, i) => (i === index ? put(steps, at + 1, item, result) : item));
}

function mismatch(step: string, input: Json): StateFailure {
  return new StateFailure('States.ResultPathMatchFailure', `Unable to apply step ${step} to input ${JSON.stringify(input)}`);
}
