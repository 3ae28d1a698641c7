import type { Rng } from '../../../core/rng.ts';
import type { Definition } from '../definition.ts';
import { StateFailure } from '../failure.ts';
import type { Scope, Variables } from '../scope.ts';
import type { Exit, State, Target } from '../state.ts';
import type { Effect, ExecutionLimits, ExecutionStart, Json } from '../types.ts';
import { contextOf } from './context.ts';

/** What a thread is doing. `retrying` waits for the transition that a retry takes. */
type Phase = 'entering' | 'task' | 'waiting' | 'backoff' | 'retrying' | 'children' | 'map-run' | 'done';

/** The branches of a Parallel or the iterations of a Map while they run. */
export interface Fan {
  readonly results: Json[];
  /** Those that have not succeeded. */
  readonly children: Set<Thread>;
  /** Of a Map: the items, the next to start, and how many may run at once. */
  readonly items: readonly Json[];
  readonly limit: number;
  next: number;
  left: number;
}

/** One line of execution: the state machine itself, a branch of a Parallel, an iteration of a Map. */
export interface Thread {
  readonly parent: Thread | undefined;
  /** Which branch or iteration of the parent this is. */
  readonly index: number;
  /** The item of a Map's iteration. */
  readonly item: Json | undefined;
  state: State;
  phase: Phase;
  input: Json;
  /** The JSON of `input` where it is at hand; dropped as soon as it is written. */
  text: string | undefined;
  variables: Variables;
  /** The number by which the runner speaks of what the thread waits for: an entry, a task or a timer. */
  handle: number;
  timeoutTimer: number;
  heartbeatTimer: number;
  heartbeatSec: number;
  enteredMs: number;
  enteredId: number;
  enteredPreviousId: number;
  lastEventId: number;
  retryCount: number;
  /** Retries so far of each Retrier of the state, in this visit. */
  retries: number[] | undefined;
  token: string | undefined;
  fan: Fan | undefined;
  /** What a Parallel or Map that did not succeed had come to: a redrive goes on from there. */
  remains: Fan | undefined;
  /** The latest Map Run of a Distributed Map in this visit. */
  mapRunArn: string | undefined;
}

/** One execution: plain data that belongs to it alone. */
export interface Execution {
  readonly definition: Definition;
  readonly start: ExecutionStart;
  readonly limits: ExecutionLimits;
  readonly root: Thread;
  /** Which thread each entry, task and timer belongs to. */
  readonly waiting: Map<number, Thread>;
  lastEventId: number;
  lastHandle: number;
  deadlineTimer: number;
  ended: boolean;
}

/** What a step leaves to be waited for: only JSONata makes it a promise. */
export type Work = Promise<void> | undefined;

/** An error on its way; without a name or cause where a Fail state gives none. */
export interface Failure {
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** The time-out is one of heartbeats: States.HeartbeatTimeout matches it too. */
  readonly isHeartbeat?: boolean;
  /** A Map or Parallel failed in what it runs, or by a query: AWS writes so, once no retry follows. */
  readonly endsFan?: boolean;
}

/** What every state may ask for; given to the states so that they need not know each other. */
export interface Flow {
  enter(turn: Turn, thread: Thread, state: State): void;
  leave(turn: Turn, thread: Thread, target: Target, exit: Exit): Work;
  fail(turn: Turn, thread: Thread, failure: Failure): Work;
}

/** One call of `advance`. */
export interface Turn {
  readonly execution: Execution;
  readonly nowMs: number;
  readonly rng: Rng;
  readonly effects: Effect[];
  readonly flow: Flow;
}

export function newThread(parent: Thread | undefined, index: number, state: State, input: Json, variables: Variables, item?: Json): Thread {
  return {
    ...{ parent, index, item, state, phase: 'entering', input, text: undefined, variables },
    ...{ handle: 0, timeoutTimer: 0, heartbeatTimer: 0, heartbeatSec: 0, enteredMs: 0, enteredId: 0, enteredPreviousId: 0, lastEventId: 0 },
    ...{ retryCount: 0, retries: undefined, token: undefined, fan: undefined, remains: undefined, mapRunArn: undefined },
  };
}

/** A fresh number for something that the thread now waits for. */
export function takeHandle(turn: Turn, thread: Thread): number {
  const handle = ++turn.execution.lastHandle;
  turn.execution.waiting.set(handle, thread);
  return handle;
}

export function startTimer(turn: Turn, thread: Thread, atMs: number): number {
  const timer = takeHandle(turn, thread);
  turn.effects.push({ kind: 'timer', timer, atMs });
  return timer;
}

export function stopTimer(turn: Turn, timer: number): void {
  if (timer !== 0 && turn.execution.waiting.delete(timer)) turn.effects.push({ kind: 'cancel-timer', timer });
}

/** Writes one event of the history; its id. */
export function record(turn: Turn, type: string, previousEventId: number, details?: { readonly [member: string]: Json }): number {
  const id = ++turn.execution.lastEventId;
  const event = { id, previousEventId, timestampMs: turn.nowMs, type };
  turn.effects.push({ kind: 'history', event: details === undefined ? event : { ...event, details } });
  return id;
}

/** Writes an event that follows the thread's last one. */
export function recordNext(turn: Turn, thread: Thread, type: string, details?: { readonly [member: string]: Json }): void {
  thread.lastEventId = record(turn, type, thread.lastEventId, details);
}

/** What the expressions of the thread's state may refer to now. */
export function scopeOf(turn: Turn, thread: Thread, result?: Json): Scope {
  const { nowMs, rng, execution } = turn;
  let context: Json | undefined;
  const build = (): Json => {
    context ??= contextOf(execution.start, thread);
    return context;
  };
  const scope = { input: thread.input, variables: thread.variables, context: build, nowMs, rng };
  return result === undefined ? scope : { ...scope, result };
}

/** Evaluates something and goes on with it; a failure of the States Language becomes the failure of the thread's state. */
export function attempt<T>(turn: Turn, thread: Thread, evaluate: () => T | Promise<T>, next: (value: T) => Work): Work {
  const refuse = (error: unknown): Work => {
    if (!(error instanceof StateFailure)) throw error;
    const failure = explain(turn, thread, error);
    return turn.flow.fail(turn, thread, error.error === 'States.QueryEvaluationError' ? { ...failure, endsFan: true } : failure);
  };
  let value: T | Promise<T>;
  try {
    value = evaluate();
  } catch (error) {
    return refuse(error);
  }
  if (!(value instanceof Promise)) return next(value);
  return value.then(next, refuse);
}

/** The failure with AWS's sentence in front; a failed query leaves its own event in the history. */
export function explain(turn: Turn, thread: Thread, failure: StateFailure): Failure {
  const { error, reason, location, bare } = failure;
  const cause = bare
    ? reason
    : `An error occurred while executing the state '${thread.state.name}' (entered at the event id #${thread.enteredId}). ${reason}`;
  if (error === 'States.QueryEvaluationError') {
    const details = { cause, error, ...(location === undefined ? {} : { location }), state: thread.state.name };
    thread.lastEventId = record(turn, 'EvaluationFailed', thread.enteredPreviousId, { evaluationFailedEventDetails: details });
  }
  return { error, cause };
}
