import { StateFailure, sizeFailure } from '../failure.ts';
import { exceedsBytes } from '../json.ts';
import type { MapState, ParallelState } from '../state.ts';
import type { Json } from '../types.ts';
import { cancelThread } from './cancel.ts';
import { attempt, explain, type Failure, type Fan, newThread, record, recordNext, scopeOf, type Thread, type Turn, type Work } from './turn.ts';

/** Starts every branch of a Parallel with the same input. */
export function startParallel(turn: Turn, thread: Thread, state: ParallelState): Work {
  const scope = scopeOf(turn, thread);
  return attempt(
    turn,
    thread,
    () => state.arguments(scope),
    (input) => {
      if (exceedsBytes(JSON.stringify(input), turn.execution.limits.maxPayloadBytes)) {
        return turn.flow.fail(turn, thread, explain(turn, thread, sizeFailure(state.name)));
      }
      recordNext(turn, thread, 'ParallelStateStarted');
      const left = state.branches.length;
      const fan: Fan = { results: [], children: new Set(), items: [], limit: left, next: left, left };
      openFan(thread, fan);
      for (const [index, branch] of state.branches.entries()) {
        const child = newThread(thread, index, branch.startAt, input, thread.variables);
        child.lastEventId = thread.lastEventId;
        fan.children.add(child);
        turn.flow.enter(turn, child, branch.startAt);
      }
      return undefined;
    },
  );
}

/** Starts as many iterations of a Map as may run at once. */
export function startMap(turn: Turn, thread: Thread, state: MapState): Work {
  return openMap(turn, thread, state, (items, maxConcurrency) => {
    const { maxIterations = Number.POSITIVE_INFINITY } = turn.execution.limits;
    const limit = maxConcurrency > 0 ? Math.min(maxConcurrency, maxIterations) : maxIterations;
    const fan: Fan = { results: [], children: new Set(), items, limit, next: 0, left: items.length };
    openFan(thread, fan);
    if (items.length === 0) return completeFan(turn, thread, state, fan);
    return startIterations(turn, thread, state, fan, thread.lastEventId);
  });
}

/** Evaluates what a Map runs over, and how much of it at once; says that it started, and goes on. */
export function openMap(turn: Turn, thread: Thread, state: MapState, next: (items: readonly Json[], maxConcurrency: number) => Work): Work {
  const scope = scopeOf(turn, thread);
  return attempt(
    turn,
    thread,
    () => bothOf(state.items(scope), state.maxConcurrency(scope)),
    ([items, maxConcurrency]) => {
      recordNext(turn, thread, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
      thread.mapRunArn = undefined;
      return next(items, maxConcurrency);
    },
  );
}

/** The thread now has these branches or iterations. */
export function openFan(thread: Thread, fan: Fan): void {
  thread.fan = fan;
  thread.remains = undefined;
  thread.phase = 'children';
}

function bothOf<A, B>(left: A | Promise<A>, right: B | Promise<B>): readonly [A, B] | Promise<readonly [A, B]> {
  if (left instanceof Promise || right instanceof Promise) return Promise.all([left, right]);
  return [left, right];
}

/** Starts iterations until as many run as may, each after the event `previousId`. */
export function startIterations(turn: Turn, thread: Thread, state: MapState, fan: Fan, previousId: number): Work {
  while (thread.fan === fan && fan.next < fan.items.length && fan.children.size < fan.limit) {
    const work = startIteration(turn, thread, state, fan, previousId);
    if (work) return work.then(() => startIterations(turn, thread, state, fan, previousId));
  }
  return undefined;
}

function startIteration(turn: Turn, thread: Thread, state: MapState, fan: Fan, previousId: number): Work {
  const index = fan.next++;
  const item = fan.items[index] as Json;
  const { startAt } = state.processor;
  const child = newThread(thread, index, startAt, item, thread.variables, item);
  fan.children.add(child);
  child.lastEventId = record(turn, 'MapIterationStarted', previousId, { mapIterationStartedEventDetails: { index, name: state.name } });
  return beginIteration(turn, thread, state, child);
}

/** Selects the input of an iteration and enters its first state. */
export function beginIteration(turn: Turn, thread: Thread, state: MapState, child: Thread): Work {
  const { item: select } = state;
  if (select === undefined) {
    turn.flow.enter(turn, child, child.state);
    return undefined;
  }
  return selectInput(turn, thread, child, () => select(scopeOf(turn, iterationView(thread, child))));
}

/** The Map state as its ItemSelector sees it: its own input and name, with the item in the context object. */
function iterationView(thread: Thread, child: Thread): Thread {
  return { ...thread, index: child.index, item: child.item };
}

/** An ItemSelector that fails, fails its iteration. */
function selectInput(turn: Turn, thread: Thread, child: Thread, select: () => Json | Promise<Json>): Work {
  const enter = (input: Json): Work => {
    if (exceedsBytes(JSON.stringify(input), turn.execution.limits.maxPayloadBytes)) return refuse(sizeFailure(thread.state.name));
    child.input = input;
    turn.flow.enter(turn, child, child.state);
    return undefined;
  };
  const refuse = (error: unknown): Work => {
    if (!(error instanceof StateFailure)) throw error;
    const failure = explain(turn, thread, error);
    if (error.error === 'States.QueryEvaluationError') child.lastEventId = thread.lastEventId;
    return failFan(turn, child, failure);
  };
  try {
    const input = select();
    return input instanceof Promise ? input.then(enter, refuse) : enter(input);
  } catch (error) {
    return refuse(error);
  }
}

/** A branch or iteration reached its end. */
export function finishChild(turn: Turn, child: Thread, output: Json): Work {
  const thread = child.parent as Thread;
  const fan = thread.fan as Fan;
  const state = thread.state as ParallelState | MapState;
  child.phase = 'done';
  fan.children.delete(child);
  fan.results[child.index] = output;
  fan.left--;
  thread.lastEventId = child.lastEventId;
  if (state.type === 'Map') {
    recordNext(turn, thread, 'MapIterationSucceeded', { mapIterationSucceededEventDetails: { index: child.index, name: state.name } });
  }
  if (fan.left === 0) return completeFan(turn, thread, state, fan);
  return state.type === 'Map' ? startIterations(turn, thread, state, fan, child.lastEventId) : undefined;
}

/** All branches or iterations succeeded: their results leave the state. */
export function completeFan(turn: Turn, thread: Thread, state: ParallelState | MapState, fan: Fan): Work {
  record(turn, `${state.type}StateSucceeded`, thread.lastEventId);
  thread.fan = undefined;
  thread.remains = fan;
  const scope = scopeOf(turn, thread, fan.results);
  return attempt(
    turn,
    thread,
    () => state.exit(scope),
    (exit) => turn.flow.leave(turn, thread, state.target, exit),
  );
}

/** One branch or iteration failed and nothing in it helped: the others are stopped and the whole state fails. */
export function failFan(turn: Turn, child: Thread, failure: Failure): Work {
  const thread = child.parent as Thread;
  const fan = thread.fan as Fan;
  const state = thread.state as ParallelState | MapState;
  const failedId = child.lastEventId;
  if (state.type === 'Map')
    record(turn, 'MapIterationFailed', failedId, { mapIterationFailedEventDetails: { index: child.index, name: state.name } });
  if (child.state.type === 'Task' && child.enteredId !== 0) record(turn, 'TaskStateAborted', failedId);
  for (const other of fan.children) if (other !== child) abortChild(turn, other, state, failedId);
  thread.fan = undefined;
  thread.remains = fan;
  thread.lastEventId = failedId;
  return turn.flow.fail(turn, thread, { ...failure, endsFan: true });
}

function abortChild(turn: Turn, child: Thread, state: ParallelState | MapState, previousId: number): void {
  for (const inner of child.fan?.children ?? []) abortChild(turn, inner, child.state as ParallelState | MapState, previousId);
  if (state.type === 'Map')
    record(turn, 'MapIterationAborted', previousId, { mapIterationAbortedEventDetails: { index: child.index, name: state.name } });
  const { type } = child.state;
  if (child.phase !== 'entering' && (type === 'Task' || type === 'Wait' || type === 'Parallel' || type === 'Map')) {
    record(turn, `${type}StateAborted`, previousId);
  }
  cancelThread(turn, child);
}
