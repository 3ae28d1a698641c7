import { queryFailure, runtimeFailure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import { compileFind } from '../paths/expression.ts';
import { parseJsonPath } from '../paths/json-path.ts';
import { compileJsonataTemplate } from '../query/jsonata.ts';
import type { Evaluator, SyncEvaluator } from '../scope.ts';
import type { Json } from '../types.ts';
import { timestampMs } from './comparison.ts';
import { compileInputPath, withInput } from './exits.ts';

/** The longest Wait, in seconds: the language takes eight digits. */
const maxSeconds = 99_999_999;

/** How far in the future a timestamp may lie: AWS refuses one 24,856 days ahead and takes one of 24,855, which is 2^31 seconds. */
const maxTimestampMs = 2 ** 31 * 1000;

/** The instant at which a Wait goes on: Seconds, Timestamp, or a path to either. */
export function compileWait(state: JsonObject, isJsonata: boolean): Evaluator<number> {
  if (state['Seconds'] !== undefined) return isJsonata ? secondsOf(state['Seconds'] as Json) : constantSeconds(state['Seconds'] as number);
  if (state['Timestamp'] !== undefined) return isJsonata ? timestampOf(state['Timestamp'] as Json) : constantInstant(state['Timestamp'] as string);
  const inputPath = compileInputPath(state);
  const byPath = state['SecondsPath'] !== undefined ? secondsPath(state['SecondsPath'] as string) : timestampPath(state['TimestampPath'] as string);
  return inputPath === undefined ? byPath : (scope) => byPath(withInput(scope, inputPath(scope)));
}

function constantSeconds(seconds: number): SyncEvaluator<number> {
  return (scope) => scope.nowMs + seconds * 1000;
}

function constantInstant(text: string): SyncEvaluator<number> {
  const ms = timestampMs(text) as number;
  return () => ms;
}

function secondsPath(path: string): SyncEvaluator<number> {
  const find = compileFind(parseJsonPath(path));
  return (scope) => {
    const seconds = find(scope);
    if (seconds === undefined) throw runtimeFailure(`The SecondsPath parameter does not reference an input value: ${path}`);
    if (typeof seconds !== 'number' || !Number.isInteger(seconds)) {
      throw runtimeFailure(`The SecondsPath parameter cannot be parsed as a long value: ${path} == ${shown(seconds)}`);
    }
    if (seconds < 0) throw runtimeFailure(`The SecondsPath parameter references a negative value: ${path} == ${seconds}`);
    if (seconds > maxSeconds) throw runtimeFailure('Wait state delay is too long.');
    return scope.nowMs + seconds * 1000;
  };
}

function timestampPath(path: string): SyncEvaluator<number> {
  const find = compileFind(parseJsonPath(path));
  return (scope) => {
    const text = find(scope);
    if (text === undefined) throw runtimeFailure(`The TimestampPath parameter does not reference an input value: ${path}`);
    const ms = timestampMs(text);
    if (ms === undefined) {
      const wanted = 'a valid ISO-8601 extended offset date-time format string';
      throw runtimeFailure(`The TimestampPath parameter does not reference ${wanted}: ${path} == ${shown(text)}`);
    }
    if (ms - scope.nowMs > maxTimestampMs) throw runtimeFailure('Wait state delay is too long.');
    return ms;
  };
}

function secondsOf(template: Json): Evaluator<number> {
  return mapped(compileJsonataTemplate(template, 'Seconds'), (value, nowMs) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw queryFailure(`The Seconds field must be a non-negative integer but was: ${JSON.stringify(value)}`);
    }
    if (value > maxSeconds) throw queryFailure('Wait state delay is too long.');
    return nowMs + value * 1000;
  });
}

function timestampOf(template: Json): Evaluator<number> {
  return mapped(compileJsonataTemplate(template, 'Timestamp'), (value, nowMs) => {
    const ms = timestampMs(value);
    if (ms === undefined) {
      throw queryFailure(`The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${shown(value)}`);
    }
    if (ms - nowMs > maxTimestampMs) throw queryFailure('Wait state delay is too long.');
    return ms;
  });
}

function mapped(evaluate: Evaluator, to: (value: Json, nowMs: number) => number): Evaluator<number> {
  return (scope) => {
    const value = evaluate(scope);
    return value instanceof Promise ? value.then((each) => to(each, scope.nowMs)) : to(value, scope.nowMs);
  };
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
