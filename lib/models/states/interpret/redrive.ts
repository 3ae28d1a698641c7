import type { MapState, ParallelState } from '../state.ts';
import { beginIteration, completeFan, startIterations } from './fan.ts';
import { resumeMapRun } from './map-run.ts';
import { type Fan, record, startTimer, type Thread, type Turn, type Work } from './turn.ts';

/** Goes on where the execution ended without success: what did not come to its end is entered again, with the input that it had. */
export function redrive(turn: Turn): Work {
  const { execution } = turn;
  const { root, start, definition, lastEventId } = execution;
  const details = { executionRedrivenEventDetails: { redriveCount: start.redriveCount } };
  const redrivenId = record(turn, 'ExecutionRedriven', lastEventId, details);
  // The time-out of the machine starts again.
  if (definition.timeoutSec !== undefined) execution.deadlineTimer = startTimer(turn, root, turn.nowMs + definition.timeoutSec * 1000);
  return resume(turn, root, redrivenId);
}

function resume(turn: Turn, thread: Thread, previousId: number): Work {
  const fan = thread.fan ?? thread.remains;
  Object.assign(thread, { lastEventId: previousId, text: undefined, token: undefined, heartbeatTimer: 0, timeoutTimer: 0 });
  if (fan === undefined && thread.mapRunArn !== undefined) {
    resumeMapRun(turn, thread, thread.mapRunArn);
    return undefined;
  }
  if (fan === undefined) {
    turn.flow.enter(turn, thread, thread.state);
    return undefined;
  }
  Object.assign(thread, { fan, remains: undefined, phase: 'children', retryCount: 0, retries: undefined });
  const state = thread.state as ParallelState | MapState;
  if (fan.left === 0) return completeFan(turn, thread, state, fan);
  return resumeChildren(turn, thread, state, fan, [...fan.children], previousId);
}

/** Of a Parallel or Map the branches and iterations that did not succeed; the results of the others stay. */
function resumeChildren(
  turn: Turn,
  thread: Thread,
  state: ParallelState | MapState,
  fan: Fan,
  children: readonly Thread[],
  previousId: number,
): Work {
  for (const [i, child] of children.entries()) {
    if (thread.fan !== fan) return undefined;
    const work = resumeChild(turn, thread, state, child, previousId);
    if (work) return work.then(() => resumeChildren(turn, thread, state, fan, children.slice(i + 1), previousId));
  }
  return state.type === 'Map' ? startIterations(turn, thread, state, fan, previousId) : undefined;
}

/** An iteration that entered no state may have failed in its ItemSelector, which is evaluated again. */
function resumeChild(turn: Turn, thread: Thread, state: ParallelState | MapState, child: Thread, previousId: number): Work {
  if (state.type === 'Parallel' || child.enteredId !== 0) return resume(turn, child, previousId);
  child.lastEventId = previousId;
  return beginIteration(turn, thread, state, child);
}
