import type { Definition } from './definition.ts';
import { whole } from './interpret/details.ts';
import { cutOff, entered, flow, retry } from './interpret/flow.ts';
import { mapRunFailed, mapRunStarted, mapRunSucceeded } from './interpret/map-run.ts';
import { finishWait } from './interpret/plain.ts';
import { redrive } from './interpret/redrive.ts';
import { beat, failed, submitted, succeeded, timedOut } from './interpret/task.ts';
import { type Execution, newThread, record, startTimer, type Thread, type Turn, type Work } from './interpret/turn.ts';
import type { MapState, TaskState, WaitState } from './state.ts';
import type { Advance, ExecutionEvent, ExecutionLimits, ExecutionStart } from './types.ts';

export type { Execution } from './interpret/turn.ts';

/** A new execution; nothing has happened in it until it is told to begin. */
export function beginExecution(definition: Definition, start: ExecutionStart, limits: ExecutionLimits): Execution {
  const root = newThread(undefined, 0, definition.graph.startAt, start.input, {});
  return { definition, start, limits, root, waiting: new Map(), lastEventId: 0, lastHandle: 0, deadlineTimer: 0, ended: false };
}

/** An execution that ended without success, to be told to `redrive`; `ended` itself must not be used any more. */
export function reopenExecution(ended: Execution, redriveCount: number, redriveMs: number, lastEventId: number): Execution {
  const start = { ...ended.start, redriveCount, redriveMs };
  return { ...ended, start, waiting: new Map(), lastEventId, deadlineTimer: 0, ended: false };
}

/** Tells the execution what happened at `nowMs`; it answers with what it wants done. What it does not wait for any more is ignored. */
export const advance: Advance<Execution> = (execution, event, nowMs, rng) => {
  if (execution.ended) return [];
  const turn: Turn = { execution, nowMs, rng, effects: [], flow };
  const work = handle(turn, event);
  return work === undefined ? turn.effects : work.then(() => turn.effects);
};

function handle(turn: Turn, event: ExecutionEvent): Work {
  switch (event.kind) {
    case 'begin':
      return begin(turn);
    case 'redrive':
      return redrive(turn);
    case 'stop':
      cutOff(turn, 'ABORTED', { error: event.error, cause: event.cause });
      return undefined;
    case 'entered':
      return onEntered(turn, event.entry);
    case 'timer':
      return onTimer(turn, event.timer);
    case 'map-run-started':
    case 'map-run-succeeded':
    case 'map-run-failed':
      return onMapRun(turn, event);
    default:
      return onTask(turn, event);
  }
}

function begin(turn: Turn): Work {
  const { execution } = turn;
  const { root, start, definition } = execution;
  const input = JSON.stringify(start.input);
  const details = { executionStartedEventDetails: { input, inputDetails: whole, roleArn: start.roleArn } };
  root.lastEventId = record(turn, 'ExecutionStarted', 0, details);
  root.text = input;
  if (definition.timeoutSec !== undefined) execution.deadlineTimer = startTimer(turn, root, turn.nowMs + definition.timeoutSec * 1000);
  flow.enter(turn, root, definition.graph.startAt);
  return undefined;
}

function onEntered(turn: Turn, entry: number): Work {
  const thread = turn.execution.waiting.get(entry);
  if (thread?.handle !== entry || (thread.phase !== 'entering' && thread.phase !== 'retrying')) return undefined;
  return entered(turn, thread);
}

function onTimer(turn: Turn, timer: number): Work {
  const { execution } = turn;
  const thread = execution.waiting.get(timer);
  if (thread === undefined) return undefined;
  execution.waiting.delete(timer);
  if (timer === execution.deadlineTimer) {
    cutOff(turn, 'TIMED_OUT', { error: 'States.Timeout', cause: undefined });
    return undefined;
  }
  if (timer === thread.handle) {
    if (thread.phase === 'waiting') return finishWait(turn, thread, thread.state as WaitState);
    if (thread.phase === 'backoff') retry(turn, thread);
    return undefined;
  }
  if (thread.phase !== 'task') return undefined;
  return timedOut(turn, thread, thread.state as TaskState, timer === thread.heartbeatTimer);
}

type MapRunEvent = Extract<ExecutionEvent, { mapRun: number }>;

function onMapRun(turn: Turn, event: MapRunEvent): Work {
  const thread = turn.execution.waiting.get(event.mapRun);
  if (thread?.handle !== event.mapRun || thread.phase !== 'map-run') return undefined;
  switch (event.kind) {
    case 'map-run-started':
      mapRunStarted(turn, thread, event.mapRunArn, event.redriveCount);
      return undefined;
    case 'map-run-succeeded':
      return mapRunSucceeded(turn, thread, thread.state as MapState, event.results);
    case 'map-run-failed':
      return mapRunFailed(turn, thread, event.error, event.cause);
  }
}

type TaskEvent = Extract<ExecutionEvent, { task: number }>;

function onTask(turn: Turn, event: TaskEvent): Work {
  const thread = taskThread(turn, event.task);
  if (thread === undefined) return undefined;
  const state = thread.state as TaskState;
  switch (event.kind) {
    case 'task-submitted':
      return submitted(turn, thread, state, event.output);
    case 'task-succeeded':
      return succeeded(turn, thread, state, event.output);
    case 'task-failed':
      return failed(turn, thread, state, event.error, event.cause);
    case 'heartbeat':
      beat(turn, thread);
      return undefined;
  }
}

function taskThread(turn: Turn, task: number): Thread | undefined {
  const thread = turn.execution.waiting.get(task);
  return thread?.handle === task && thread.phase === 'task' ? thread : undefined;
}
