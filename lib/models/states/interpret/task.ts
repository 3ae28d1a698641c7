import type { Rng } from '../../../core/rng.ts';
import { sizeFailure } from '../failure.ts';
import { exceedsBytes, isObject } from '../json.ts';
import type { Scope } from '../scope.ts';
import type { TaskState } from '../state.ts';
import type { Json, TaskRequest } from '../types.ts';
import { failureDetails, scheduledDetails, taskDetails, taskEventType, whole } from './details.ts';
import { attempt, type Failure, recordNext, scopeOf, startTimer, stopTimer, type Thread, type Turn, takeHandle, type Work } from './turn.ts';

/** What a task needs before it is handed out. */
interface Prepared {
  readonly args: Json;
  readonly timeoutSec: number | undefined;
  readonly heartbeatSec: number | undefined;
  readonly credentials: Json | undefined;
}

/** Evaluates the arguments of a Task and hands it to the runner; again for each retry. */
export function startTask(turn: Turn, thread: Thread, state: TaskState): Work {
  const { integration } = state.resource;
  thread.token = integration === 'waitForTaskToken' || integration === 'activity' ? newToken(turn.rng) : undefined;
  const scope = scopeOf(turn, thread);
  return attempt(
    turn,
    thread,
    () => prepare(state, scope),
    (prepared) => schedule(turn, thread, state, prepared),
  );
}

function prepare(state: TaskState, scope: Scope): Prepared | Promise<Prepared> {
  const parts = [state.arguments(scope), state.timeoutSec?.(scope), state.heartbeatSec?.(scope), state.credentials?.(scope)] as const;
  if (parts.some((part) => part instanceof Promise)) return Promise.all(parts).then(preparedOf);
  return preparedOf(parts as readonly [Json, number | undefined, number | undefined, Json | undefined]);
}

function preparedOf([args, timeoutSec, heartbeatSec, credentials]: readonly [
  Json,
  number | undefined,
  number | undefined,
  Json | undefined,
]): Prepared {
  return { args, timeoutSec, heartbeatSec, credentials };
}

function schedule(turn: Turn, thread: Thread, state: TaskState, { args, timeoutSec, heartbeatSec, credentials }: Prepared): Work {
  const { execution } = turn;
  const text = JSON.stringify(args);
  if (exceedsBytes(text, execution.limits.maxPayloadBytes)) return refuseSize(turn, thread, state.name);
  const region = execution.start.executionArn.split(':')[3] ?? '';
  const roleArn = isObject(credentials) ? credentials['RoleArn'] : undefined;
  recordNext(turn, thread, taskEventType(state, 'Scheduled'), scheduledDetails(state, { text, region, timeoutSec, heartbeatSec, roleArn }));
  const isActivity = state.resource.kind === 'activity';
  if (!isActivity) recordNext(turn, thread, taskEventType(state, 'Started'), state.resource.kind === 'lambda' ? undefined : startedDetails(state));
  thread.phase = 'task';
  thread.handle = takeHandle(turn, thread);
  turn.effects.push({ kind: 'task', task: thread.handle, request: requestOf(thread, state, args, timeoutSec, heartbeatSec) });
  if (timeoutSec !== undefined) thread.timeoutTimer = startTimer(turn, thread, turn.nowMs + timeoutSec * 1000);
  thread.heartbeatSec = heartbeatSec !== undefined && thread.token !== undefined ? heartbeatSec : 0;
  // An activity's heartbeats count from when a worker takes it.
  if (!isActivity) beat(turn, thread);
  return undefined;
}

function startedDetails(state: TaskState): { readonly [member: string]: Json } {
  return taskDetails(state, 'Started', {});
}

function requestOf(thread: Thread, state: TaskState, args: Json, timeoutSec: number | undefined, heartbeatSec: number | undefined): TaskRequest {
  const { arn, integration } = state.resource;
  return {
    ...{ resource: arn, integration, arguments: args, stateName: state.name },
    ...(thread.token === undefined ? {} : { taskToken: thread.token }),
    ...(timeoutSec === undefined ? {} : { timeoutSec }),
    ...(heartbeatSec === undefined ? {} : { heartbeatSec }),
  };
}

/** A sign of life was seen: the time for the next one starts. */
export function beat(turn: Turn, thread: Thread): void {
  if (thread.heartbeatSec === 0) return;
  stopTimer(turn, thread.heartbeatTimer);
  thread.heartbeatTimer = startTimer(turn, thread, turn.nowMs + thread.heartbeatSec * 1000);
}

/** The request itself succeeded, or a worker took the activity. */
export function submitted(turn: Turn, thread: Thread, state: TaskState, output: Json): Work {
  if (state.resource.kind === 'activity') {
    const workerName = isObject(output) ? output['workerName'] : undefined;
    recordNext(turn, thread, 'ActivityStarted', { activityStartedEventDetails: workerName === undefined ? {} : { workerName } });
  } else {
    const details = { output: JSON.stringify(output), outputDetails: whole };
    recordNext(turn, thread, taskEventType(state, 'Submitted'), taskDetails(state, 'Submitted', details));
  }
  beat(turn, thread);
  return undefined;
}

export function succeeded(turn: Turn, thread: Thread, state: TaskState, output: Json): Work {
  closeTask(turn, thread);
  const text = JSON.stringify(output);
  if (exceedsBytes(text, turn.execution.limits.maxPayloadBytes)) {
    const { error, reason } = sizeFailure(state.resource.kind === 'service' ? state.resource.service : state.resource.arn);
    return failTask(turn, thread, state, 'Failed', { error, cause: reason });
  }
  recordNext(turn, thread, taskEventType(state, 'Succeeded'), taskDetails(state, 'Succeeded', { output: text, outputDetails: whole }));
  const scope = scopeOf(turn, thread, output);
  return attempt(
    turn,
    thread,
    () => state.exit(scope),
    (exit) => turn.flow.leave(turn, thread, state.target, exit),
  );
}

export function failed(turn: Turn, thread: Thread, state: TaskState, error: string, cause: string): Work {
  closeTask(turn, thread);
  return failTask(turn, thread, state, 'Failed', { error: error || undefined, cause: cause || undefined });
}

/** TimeoutSeconds or HeartbeatSeconds passed: the runner is told to forget the task. */
export function timedOut(turn: Turn, thread: Thread, state: TaskState, isHeartbeat: boolean): Work {
  const task = thread.handle;
  closeTask(turn, thread);
  turn.effects.push({ kind: 'cancel-task', task, expired: isHeartbeat ? 'heartbeat' : 'time-out' });
  return failTask(turn, thread, state, 'TimedOut', { error: 'States.Timeout', cause: undefined, isHeartbeat });
}

function failTask(turn: Turn, thread: Thread, state: TaskState, what: string, failure: Failure): Work {
  recordNext(turn, thread, taskEventType(state, what), taskDetails(state, what, failureDetails(failure)));
  return turn.flow.fail(turn, thread, failure);
}

function refuseSize(turn: Turn, thread: Thread, who: string): Work {
  const { error, reason } = sizeFailure(who);
  return turn.flow.fail(turn, thread, { error, cause: reason });
}

/** Neither the task nor its timers are waited for any more. */
export function closeTask(turn: Turn, thread: Thread): void {
  turn.execution.waiting.delete(thread.handle);
  stopTimer(turn, thread.timeoutTimer);
  stopTimer(turn, thread.heartbeatTimer);
  thread.handle = 0;
  thread.timeoutTimer = 0;
  thread.heartbeatTimer = 0;
  thread.token = undefined;
}

/** A token is opaque to everybody; this one looks like AWS's at its start and has 256 random bits. */
function newToken(rng: Rng): string {
  return `AAAAKgAAAAIAAAAA${Buffer.from(rng.hex(64), 'hex').toString('base64')}`;
}
