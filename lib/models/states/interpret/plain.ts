import type { ChoiceState, FailState, PassState, SucceedState, WaitState } from '../state.ts';
import { attempt, scopeOf, startTimer, type Thread, type Turn, type Work } from './turn.ts';

export function runPass(turn: Turn, thread: Thread, state: PassState | SucceedState): Work {
  const scope = scopeOf(turn, thread);
  const target = state.type === 'Pass' ? state.target : { state: undefined };
  return attempt(
    turn,
    thread,
    () => state.exit(scope),
    (exit) => turn.flow.leave(turn, thread, target, exit),
  );
}

/** The first rule that matches leads on; else Default; else the state fails. */
export function runChoice(turn: Turn, thread: Thread, state: ChoiceState, from = 0): Work {
  const rule = state.rules[from];
  const scope = scopeOf(turn, thread);
  if (rule === undefined) return runDefault(turn, thread, state);
  return attempt(
    turn,
    thread,
    () => rule.matches(scope),
    (matches) => {
      if (!matches) return runChoice(turn, thread, state, from + 1);
      return attempt(
        turn,
        thread,
        () => rule.exit(scope),
        (exit) => turn.flow.leave(turn, thread, rule.target, exit),
      );
    },
  );
}

function runDefault(turn: Turn, thread: Thread, state: ChoiceState): Work {
  const target = state.defaultTarget;
  if (target === undefined) {
    const where = `An error occurred while executing the state '${state.name}' (entered at the event id #${thread.enteredId}).`;
    const cause = `${where} Failed to transition out of the state. The state does not point to a next state.`;
    return turn.flow.fail(turn, thread, { error: 'States.NoChoiceMatched', cause });
  }
  const scope = scopeOf(turn, thread);
  return attempt(
    turn,
    thread,
    () => state.exit(scope),
    (exit) => turn.flow.leave(turn, thread, target, exit),
  );
}

export function runWait(turn: Turn, thread: Thread, state: WaitState): Work {
  const scope = scopeOf(turn, thread);
  return attempt(
    turn,
    thread,
    () => state.untilMs(scope),
    (untilMs) => {
      thread.phase = 'waiting';
      thread.handle = startTimer(turn, thread, Math.max(untilMs, turn.nowMs));
      return undefined;
    },
  );
}

export function finishWait(turn: Turn, thread: Thread, state: WaitState): Work {
  const scope = scopeOf(turn, thread);
  return attempt(
    turn,
    thread,
    () => state.exit(scope),
    (exit) => turn.flow.leave(turn, thread, state.target, exit),
  );
}

export function runFail(turn: Turn, thread: Thread, state: FailState): Work {
  const scope = scopeOf(turn, thread);
  return attempt(
    turn,
    thread,
    () => state.error?.(scope),
    (error) =>
      attempt(
        turn,
        thread,
        () => state.cause?.(scope),
        (cause) => turn.flow.fail(turn, thread, { error, cause }),
      ),
  );
}
