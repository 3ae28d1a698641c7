import { StateFailure, sizeFailure } from '../failure.ts';
import { exceedsBytes, type JsonObject } from '../json.ts';
import type { Catcher, Exit, State, Target } from '../state.ts';
import type { EndStatus, Json } from '../types.ts';
import { cancelThread } from './cancel.ts';
import { exitDetails, failureDetails, whole } from './details.ts';
import { failFan, finishChild, startMap, startParallel } from './fan.ts';
import { startMapRun } from './map-run.ts';
import { runChoice, runFail, runPass, runWait } from './plain.ts';
import { matchesError, retryDelaySec } from './retry.ts';
import { startTask } from './task.ts';
import {
  explain,
  type Failure,
  type Flow,
  record,
  recordNext,
  scopeOf,
  startTimer,
  stopTimer,
  type Thread,
  type Turn,
  takeHandle,
  type Work,
} from './turn.ts';

/** Asks for the transition into a state. */
function enter(turn: Turn, thread: Thread, state: State): void {
  thread.state = state;
  thread.phase = 'entering';
  thread.retryCount = 0;
  thread.retries = undefined;
  thread.remains = undefined;
  thread.mapRunArn = undefined;
  thread.handle = takeHandle(turn, thread);
  turn.effects.push({ kind: 'enter', entry: thread.handle });
}

/** The transition was granted: the state is entered, or tried again. */
export function entered(turn: Turn, thread: Thread): Work {
  turn.execution.waiting.delete(thread.handle);
  if (thread.phase === 'entering') {
    const { state } = thread;
    const input = thread.text ?? JSON.stringify(thread.input);
    thread.text = undefined;
    thread.enteredMs = turn.nowMs;
    thread.enteredPreviousId = thread === turn.execution.root && thread.enteredId === 0 ? 0 : thread.lastEventId;
    const details = { stateEnteredEventDetails: { input, inputDetails: whole, name: state.name } };
    thread.enteredId = record(turn, state.enteredType, thread.enteredPreviousId, details);
    thread.lastEventId = thread.enteredId;
  }
  return run(turn, thread, thread.state);
}

function run(turn: Turn, thread: Thread, state: State): Work {
  switch (state.type) {
    case 'Pass':
    case 'Succeed':
      return runPass(turn, thread, state);
    case 'Task':
      return startTask(turn, thread, state);
    case 'Choice':
      return runChoice(turn, thread, state);
    case 'Wait':
      return runWait(turn, thread, state);
    case 'Fail':
      return runFail(turn, thread, state);
    case 'Parallel':
      return startParallel(turn, thread, state);
    case 'Map':
      return state.distribution ? startMapRun(turn, thread, state, state.distribution) : startMap(turn, thread, state);
  }
}

/** Writes the exit and goes on to the next state, or ends the thread; what is too large to leave is `refuse`d. */
function leave(turn: Turn, thread: Thread, target: Target, exit: Exit, refuse = fail): Work {
  const text = JSON.stringify(exit.output);
  const { maxPayloadBytes } = turn.execution.limits;
  const assigned = exit.assigned === undefined ? '' : JSON.stringify(exit.assigned);
  if (exceedsBytes(text, maxPayloadBytes) || exceedsBytes(assigned, maxPayloadBytes)) {
    const { error, reason } = sizeFailure(thread.state.name);
    return refuse(turn, thread, { error, cause: reason });
  }
  recordNext(turn, thread, thread.state.exitedType, exitDetails(thread.state.name, text, exit.assigned));
  if (exit.assigned !== undefined) thread.variables = { ...thread.variables, ...exit.assigned };
  if (target.state === undefined) return thread.parent ? finishChild(turn, thread, exit.output) : succeed(turn, exit.output, text);
  thread.input = exit.output;
  thread.text = text;
  enter(turn, thread, target.state);
  return undefined;
}

function succeed(turn: Turn, output: Json, text: string): Work {
  recordNext(turn, turn.execution.root, 'ExecutionSucceeded', { executionSucceededEventDetails: { output: text, outputDetails: whole } });
  close(turn);
  turn.effects.push({ kind: 'ended', status: 'SUCCEEDED', output });
  return undefined;
}

/** A state failed: its Retry, its Catch, and then whatever it is part of. */
function fail(turn: Turn, thread: Thread, failure: Failure): Work {
  const { state } = thread;
  if (!('retry' in state)) return propagate(turn, thread, failure);
  const delaySec = retryDelaySec(state.retry, thread, failure, turn.rng);
  if (delaySec !== undefined) {
    thread.retryCount++;
    thread.phase = 'backoff';
    thread.handle = startTimer(turn, thread, turn.nowMs + delaySec * 1000);
    return undefined;
  }
  if (failure.endsFan && state.type !== 'Task') recordNext(turn, thread, `${state.type}StateFailed`);
  const catcher = state.catch.find((each) => matchesError(each.errorEquals, failure));
  return catcher ? caught(turn, thread, catcher, failure) : propagate(turn, thread, failure);
}

/** The wait before a retry is over; the retry takes a transition of its own. */
export function retry(turn: Turn, thread: Thread): void {
  turn.execution.waiting.delete(thread.handle);
  thread.phase = 'retrying';
  thread.handle = takeHandle(turn, thread);
  turn.effects.push({ kind: 'enter', entry: thread.handle });
}

/** What a Catcher itself does wrong is caught by nobody but the state around. */
function caught(turn: Turn, thread: Thread, catcher: Catcher, failure: Failure): Work {
  // A time-out has an empty cause here, though its event has none; any other failure without a cause has null.
  const noCause = failure.error === 'States.Timeout' ? '' : null;
  const errorOutput = { Error: failure.error ?? null, Cause: failure.cause ?? noCause };
  const go = (exit: Exit): Work => leave(turn, thread, catcher.target, exit, propagate);
  const refuse = (error: unknown): Work => {
    if (error instanceof StateFailure) return propagate(turn, thread, explain(turn, thread, error));
    throw error;
  };
  try {
    const exit = catcher.exit({ ...scopeOf(turn, thread), errorOutput });
    return exit instanceof Promise ? exit.then(go, refuse) : go(exit);
  } catch (error) {
    return refuse(error);
  }
}

function propagate(turn: Turn, thread: Thread, failure: Failure): Work {
  if (thread.parent) return failFan(turn, thread, failure);
  recordNext(turn, thread, 'ExecutionFailed', { executionFailedEventDetails: failureDetails(failure) });
  finish(turn, 'FAILED', failure);
  return undefined;
}

/** Ends the execution from outside: StopExecution, or TimeoutSeconds of the machine. */
export function cutOff(turn: Turn, status: 'ABORTED' | 'TIMED_OUT', failure: Failure): void {
  cancelThread(turn, turn.execution.root);
  const details: JsonObject = failureDetails(failure);
  if (status === 'ABORTED') record(turn, 'ExecutionAborted', 0, { executionAbortedEventDetails: details });
  else record(turn, 'ExecutionTimedOut', 0, { executionTimedOutEventDetails: details });
  finish(turn, status, failure);
}

function finish(turn: Turn, status: EndStatus, { error, cause }: Failure): void {
  close(turn);
  turn.effects.push({ kind: 'ended', status, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
}

function close(turn: Turn): void {
  const { execution } = turn;
  stopTimer(turn, execution.deadlineTimer);
  execution.root.phase = 'done';
  execution.waiting.clear();
  execution.ended = true;
}

export const flow: Flow = { enter, leave, fail };
