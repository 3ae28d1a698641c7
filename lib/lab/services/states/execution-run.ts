import type { Cancel } from '../../../core/clock.ts';
import type { Execution } from '../../../models/states/execution.ts';
import type { ExecutionEvent, TaskRequest } from '../../../models/states/types.ts';
import type { StoredExecution } from './execution.ts';

/** A task that is not over. */
export interface OpenTask {
  readonly request: TaskRequest;
  readonly scheduledMs: number;
  /** When the service, or a worker, took it. */
  startedMs: number | undefined;
  /** `.sync` and `.waitForTaskToken`: the request itself was answered. */
  submitted: boolean;
  /** A callback that came before that answer. */
  early: ExecutionEvent | undefined;
  abandon: (() => void) | undefined;
}

/** An open execution: the interpreter's state and what the runner keeps beside it. Small, since a million may wait at once. */
export interface ExecutionRun {
  readonly execution: StoredExecution;
  readonly state: Execution;
  /** Events that the interpreter has not seen. */
  readonly queue: ExecutionEvent[];
  readonly tasks: Map<number, OpenTask>;
  readonly timers: Map<number, Cancel>;
  /** Ends the Map Runs that it waits for. */
  mapRuns: Map<number, () => void> | undefined;
  /** The interpreter is at work. */
  busy: boolean;
  over: boolean;
  /** Transitions granted since the event loop last had its turn. */
  sinceYield: number;
  /** For the bill of Express: bytes of the largest payload of a task, and the most tasks that were open at once. */
  largestPayload: number;
  mostTasks: number;
  /** Express: ends it at its limit. */
  cancelLimit: Cancel | undefined;
}

export function newRun(execution: StoredExecution, state: Execution): ExecutionRun {
  return {
    ...{ execution, state, queue: [], tasks: new Map(), timers: new Map(), mapRuns: undefined },
    ...{ busy: false, over: false, sinceYield: 0, largestPayload: 0, mostTasks: 0, cancelLimit: undefined },
  };
}
