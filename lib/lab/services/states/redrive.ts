import { AwsError } from '../../../core/errors.ts';
import type { Execution } from '../../../models/states/execution.ts';
import type { StoredExecution } from './execution.ts';
import type { ExecutionRun } from './execution-run.ts';

/** Whether RedriveExecution takes an execution, and why not; in AWS's words. */
export interface Redrivability {
  readonly status: 'REDRIVABLE' | 'NOT_REDRIVABLE';
  readonly reason?: string;
}

export interface RedriveLimits {
  readonly periodMs: number;
  readonly maxEvents: number;
}

export function redrivability(execution: StoredExecution, nowMs: number, limits: RedriveLimits): Redrivability {
  const { status, stopMs, history } = execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return not(`Execution is ${status} and cannot be redriven`);
  if (stopMs !== undefined && nowMs - stopMs > limits.periodMs) return not('Execution redriven period of 14 days has passed and cannot be redriven');
  if (history.length >= limits.maxEvents - 1) return not('Execution history size exceeds the limit and cannot be redriven');
  return { status: 'REDRIVABLE' };
}

function not(reason: string): Redrivability {
  return { status: 'NOT_REDRIVABLE', reason };
}

export function notRedrivable(reason: string | undefined): AwsError {
  return new AwsError('ExecutionNotRedrivable', reason ?? 'Execution is not redrivable');
}

/**
 * The interpreter's state of an ended execution, reopened at the state of the machine in which it ended, with the input that this had. A Parallel
 * or Map state starts anew as a whole, where AWS repeats only the branches that did not succeed. Gives the entry to be granted and, where the
 * machine has a time-out, its timer, which starts again.
 */
export function reopened(
  ended: Execution,
  redriveCount: number,
): { readonly state: Execution; readonly entry: number; readonly deadline: number | undefined } {
  const { root: before, start, definition } = ended;
  const root: Execution['root'] = {
    ...before,
    phase: 'entering',
    fan: undefined,
    retries: undefined,
    retryCount: 0,
    token: undefined,
    text: undefined,
  };
  const state: Execution = { ...ended, start: { ...start, redriveCount }, root, waiting: new Map(), ended: false };
  const entry = ++state.lastHandle;
  root.handle = entry;
  state.waiting.set(entry, root);
  if (definition.timeoutSec === undefined) return { state, entry, deadline: undefined };
  state.deadlineTimer = ++state.lastHandle;
  state.waiting.set(state.deadlineTimer, root);
  return { state, entry, deadline: state.deadlineTimer };
}

/** Writes that it was redriven; what the state writes next follows from here. */
export function recordRedrive(run: ExecutionRun, redriveCount: number, nowMs: number): void {
  const { execution, state } = run;
  const { history } = execution;
  const id = history.lastId + 1;
  const details = { executionRedrivenEventDetails: { redriveCount } };
  history.push({ id, previousEventId: history.lastId, timestampMs: nowMs, type: 'ExecutionRedriven', details });
  state.lastEventId = id;
  state.root.lastEventId = id;
}
