import type { JsonObject } from '../json.ts';
import { compileResultPath } from '../paths/result-path.ts';
import { compileTemplate } from '../query/template.ts';
import type { Evaluator, Variables } from '../scope.ts';
import type { Catcher, Exit, Retrier, Target } from '../state.ts';
import type { Json } from '../types.ts';
import { compileJsonataExit, withInput } from './exits.ts';

/** What a Retrier does where it does not say: the defaults of the States Language's specification. */
const retryDefaults = { intervalSec: 1, maxAttempts: 3, backoffRate: 2 };

export function compileRetry(state: JsonObject): Retrier[] {
  return ((state['Retry'] ?? []) as readonly JsonObject[]).map((entry) => ({
    errorEquals: entry['ErrorEquals'] as readonly string[],
    intervalSec: (entry['IntervalSeconds'] as number | undefined) ?? retryDefaults.intervalSec,
    maxAttempts: (entry['MaxAttempts'] as number | undefined) ?? retryDefaults.maxAttempts,
    backoffRate: (entry['BackoffRate'] as number | undefined) ?? retryDefaults.backoffRate,
    maxDelaySec: entry['MaxDelaySeconds'] as number | undefined,
    fullJitter: entry['JitterStrategy'] === 'FULL',
  }));
}

export function compileCatch(state: JsonObject, isJsonata: boolean, targetOf: (name: string) => Target): Catcher[] {
  return ((state['Catch'] ?? []) as readonly JsonObject[]).map((entry, i) => ({
    errorEquals: entry['ErrorEquals'] as readonly string[],
    target: targetOf(entry['Next'] as string),
    exit: isJsonata ? compileJsonataExit(entry, `Catch[${i}]/`, (scope) => scope.errorOutput as Json) : compilePathCatch(entry),
  }));
}

function compilePathCatch(entry: JsonObject): Evaluator<Exit> {
  const merge = compileResultPath(entry['ResultPath'] as string | null | undefined);
  const assign = entry['Assign'] === undefined ? undefined : compileTemplate(entry['Assign'] as Json);
  return (scope) => {
    const errorOutput = scope.errorOutput as Json;
    const output = merge(scope.input, errorOutput);
    return assign ? { output, assigned: assign(withInput(scope, errorOutput)) as Variables } : { output };
  };
}
