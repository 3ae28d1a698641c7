/**
 * What the interpreter of the Amazon States Language and its runner say to each other. `parse.ts` exports `parseDefinition` and
 * `diagnose`, `execution.ts` exports `beginExecution` and `advance`, in the types below.
 */
import type { Rng } from '../../core/rng.ts';
import type { MapRunRequest } from './map-run.ts';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Standard keeps its history and runs each step once; the interpreter itself treats both alike. */
export type StateMachineType = 'STANDARD' | 'EXPRESS';

/** One finding of ValidateStateMachineDefinition, as AWS returns it. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  /** A JSON pointer into the definition, such as `/States/Charge/Next`. */
  readonly location?: string;
}

/** Who runs what since when; what the context object says about the execution. */
export interface ExecutionStart {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly input: Json;
  readonly startMs: number;
  readonly type: StateMachineType;
  readonly redriveCount: number;
  /** When it was last redriven. */
  readonly redriveMs?: number;
}

/** Limits that the interpreter enforces itself; the numbers come from the service's quotas. */
export interface ExecutionLimits {
  /** UTF-8 bytes of the input or output of a state, task or execution. */
  readonly maxPayloadBytes: number;
  /** Iterations of one inline Map that run at once, whatever its MaxConcurrency; without it as many as there are items. */
  readonly maxIterations?: number;
}

/** How a Task waits for what its resource does. */
export type Integration = 'request-response' | 'sync' | 'sync:2' | 'waitForTaskToken' | 'activity';

/** What a Task asks of the service that its resource names. */
export interface TaskRequest {
  /** The Resource ARN as written in the definition, suffix included. */
  readonly resource: string;
  readonly integration: Integration;
  readonly arguments: Json;
  /** Present for `.waitForTaskToken` and activities. */
  readonly taskToken?: string;
  readonly stateName: string;
  readonly timeoutSec?: number;
  readonly heartbeatSec?: number;
}

/** What happened to an execution. */
export type ExecutionEvent =
  | { readonly kind: 'begin' }
  /** The first event of an execution that was reopened. */
  | { readonly kind: 'redrive' }
  /** The transition that effect `enter` asked for was granted. */
  | { readonly kind: 'entered'; readonly entry: number }
  /** `.sync` and `.waitForTaskToken`: the request itself succeeded, now the task waits. An activity: a worker took it. */
  | { readonly kind: 'task-submitted'; readonly task: number; readonly output: Json }
  | { readonly kind: 'task-succeeded'; readonly task: number; readonly output: Json }
  | { readonly kind: 'task-failed'; readonly task: number; readonly error: string; readonly cause: string }
  | { readonly kind: 'heartbeat'; readonly task: number }
  /** The Map Run of a Distributed Map has its ARN; with a `redriveCount` above 0 it goes on. */
  | { readonly kind: 'map-run-started'; readonly mapRun: number; readonly mapRunArn: string; readonly redriveCount: number }
  /** Outputs of the child executions that succeeded, in the order of their inputs. */
  | { readonly kind: 'map-run-succeeded'; readonly mapRun: number; readonly results: readonly Json[] }
  | { readonly kind: 'map-run-failed'; readonly mapRun: number; readonly error: string; readonly cause: string }
  | { readonly kind: 'timer'; readonly timer: number }
  | { readonly kind: 'stop'; readonly error?: string; readonly cause?: string };

/** How an execution ended. */
export type EndStatus = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/**
 * One entry of GetExecutionHistory. `details` holds AWS's one details member under its own name, such as
 * `{ stateEnteredEventDetails: { name, input, inputDetails } }`: the entry on the wire is `{ id, previousEventId, timestamp, type, ...details }`.
 */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestampMs: number;
  readonly type: string;
  readonly details?: { readonly [member: string]: Json };
}

/** What the interpreter wants done, in order. */
export type Effect =
  /** Wants one state transition; the runner takes it from the account's bucket (later when throttled) and then sends `entered`. */
  | { readonly kind: 'enter'; readonly entry: number }
  | { readonly kind: 'task'; readonly task: number; readonly request: TaskRequest }
  /** Without `expired` because nobody waits for it any more. */
  | { readonly kind: 'cancel-task'; readonly task: number; readonly expired?: 'time-out' | 'heartbeat' }
  | { readonly kind: 'timer'; readonly timer: number; readonly atMs: number }
  | { readonly kind: 'cancel-timer'; readonly timer: number }
  | { readonly kind: 'map-run'; readonly mapRun: number; readonly request: MapRunRequest }
  | { readonly kind: 'redrive-map-run'; readonly mapRun: number; readonly mapRunArn: string }
  | { readonly kind: 'cancel-map-run'; readonly mapRun: number }
  | { readonly kind: 'history'; readonly event: HistoryEvent }
  | { readonly kind: 'ended'; readonly status: EndStatus; readonly output?: Json; readonly error?: string; readonly cause?: string };

/** Effects at once, or as a promise where JSONata had to be evaluated. One call of `advance` at a time an execution. */
export type Advance<Execution> = (
  execution: Execution,
  event: ExecutionEvent,
  nowMs: number,
  rng: Rng,
) => readonly Effect[] | Promise<readonly Effect[]>;
