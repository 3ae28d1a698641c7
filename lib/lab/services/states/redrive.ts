import { AwsError } from '../../../core/errors.ts';
import type { StoredExecution } from './execution.ts';

/** Whether RedriveExecution takes an execution, and why not; in AWS's words. */
export interface Redrivability {
  readonly status: 'REDRIVABLE' | 'NOT_REDRIVABLE';
  readonly reason?: string;
}

export interface RedriveLimits {
  readonly periodMs: number;
  readonly maxEvents: number;
  readonly maxOpenMs: number;
}

/** In the order in which AWS lists the reasons. */
export function redrivability(execution: StoredExecution, nowMs: number, limits: RedriveLimits): Redrivability {
  const { status, machine, startMs, stopMs, history } = execution;
  if (machine.deleting) return not('State machine is in DELETING status');
  if (status === 'RUNNING' || status === 'SUCCEEDED') return not(`Execution is ${status} and cannot be redriven`);
  if (history.length >= limits.maxEvents - 1) return not('Execution history event limit exceeded');
  if (nowMs - startMs > limits.maxOpenMs) return not('Execution has exceeded the max execution time');
  if (stopMs !== undefined && nowMs - stopMs > limits.periodMs) return not('Execution redrivable period exceeded');
  return { status: 'REDRIVABLE' };
}

function not(reason: string): Redrivability {
  return { status: 'NOT_REDRIVABLE', reason };
}

export function notRedrivable(reason: string | undefined): AwsError {
  return new AwsError('ExecutionNotRedrivable', reason ?? 'Execution is not redrivable');
}
