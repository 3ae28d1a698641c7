import type { Rng } from '../../../core/rng.ts';
import type { Retrier } from '../state.ts';
import type { Failure, Thread } from './turn.ts';

/** Failures that end the execution whatever wildcard stands in ErrorEquals. */
const terminalErrors: ReadonlySet<string> = new Set(['States.DataLimitExceeded', 'States.Runtime']);

/**
 * Whether a Retrier or Catcher speaks of this failure. States.Runtime is never helped. States.ALL is every error but States.DataLimitExceeded;
 * States.TaskFailed is every error but States.Timeout. A missed heartbeat is reported as States.Timeout and answers to States.HeartbeatTimeout too.
 */
export function matchesError(errorEquals: readonly string[], { error, isHeartbeat }: Failure): boolean {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === 'States.ALL') return error === undefined || !terminalErrors.has(error);
    if (name === 'States.TaskFailed') return error !== 'States.Timeout';
    if (name === 'States.HeartbeatTimeout' && isHeartbeat) return true;
    return name === error;
  });
}

/**
 * Seconds until the next try, or undefined where the first Retrier that matches has no tries left, or none matches.
 *
 * delay = min(IntervalSeconds x BackoffRate^retries, MaxDelaySeconds); with JitterStrategy FULL a uniform part of it.
 * `retries` are this Retrier's in this visit of the state, whichever of its errors they were for.
 */
export function retryDelaySec(retriers: readonly Retrier[], thread: Thread, failure: Failure, rng: Rng): number | undefined {
  const at = retriers.findIndex((each) => matchesError(each.errorEquals, failure));
  const retrier = retriers[at];
  if (retrier === undefined) return undefined;
  thread.retries ??= retriers.map(() => 0);
  const retries = thread.retries[at] as number;
  if (retries >= retrier.maxAttempts) return undefined;
  thread.retries[at] = retries + 1;
  const backoffSec = retrier.intervalSec * retrier.backoffRate ** retries;
  const delaySec = Math.min(backoffSec, retrier.maxDelaySec ?? Number.POSITIVE_INFINITY);
  return retrier.fullJitter ? delaySec * rng.next() : delaySec;
}
