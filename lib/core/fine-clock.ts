import { type Cancel, type Clock, monotonicMs, wallClock } from './clock.ts';

/** Share of the wall's time for which the thread may be kept awake to be on time, and how much of it can be saved up. */
const awakeShare = 0.1;
const savedMs = 100;

/** How much earlier than due a timer is set, because timers fire up to a millisecond late: rarer lateness costs more time awake. */
const earlyMs = 0.5;
/** Keeps Node from cutting a whole number of milliseconds that arithmetic made a hair smaller down to the next lower one. */
const truncationMs = 0.25;

/**
 * The wall's clock, whose tasks run within a fraction of a millisecond of their time, and never before it. Timers only know whole milliseconds: the rest is
 * waited out awake, by turning the event loop instead of letting it sleep, which serves everything else meanwhile. Where that would take more than a tenth
 * of the thread's time, the task runs in the next turn that something else causes, a millisecond late at most unless the thread is busy.
 */
export function fineClock(): Clock {
  const wall = wallClock();
  const vigil = new Vigil(wall);
  const schedule = (delayMs: number, task: () => void): Cancel => {
    const dueMs = monotonicMs() + delayMs;
    let cancel: Cancel;
    const arm = (leftMs: number): void => {
      const timerMs = Math.floor(leftMs - earlyMs);
      cancel = timerMs >= 1 ? wall.schedule(timerMs + truncationMs, () => arm(dueMs - monotonicMs())) : vigil.keep(dueMs, task);
    };
    arm(delayMs);
    return () => cancel();
  };
  return { ...wall, schedule };
}

interface Waiter {
  readonly dueMs: number;
  readonly task: () => void;
}

/** Those whose time is a millisecond or so away, and the turns of the event loop in which they are looked at. */
class Vigil {
  readonly #wall: Clock;
  readonly #waiters = new Set<Waiter>();
  #turn: NodeJS.Immediate | undefined;
  #standIn: Cancel = () => {};
  #creditMs = savedMs;
  #accountedMs = monotonicMs();
  #awake = false;

  constructor(wall: Clock) {
    this.#wall = wall;
  }

  keep(dueMs: number, task: () => void): Cancel {
    const waiter = { dueMs, task };
    this.#waiters.add(waiter);
    if (!this.#turn) this.#wait();
    return () => void this.#waiters.delete(waiter);
  }

  #wait(): void {
    this.#account();
    this.#awake = this.#creditMs > 0;
    this.#turn = setImmediate(() => this.#look());
    if (this.#awake) return;
    // Such a turn comes when something else wakes the thread; the timer is for when nothing does.
    this.#turn.unref();
    this.#standIn = this.#wall.schedule(1, () => this.#look());
  }

  #look(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#standIn();
    this.#account();
    this.#awake = false;
    const nowMs = monotonicMs();
    // One by one, because a task may cancel another one that is due.
    for (const waiter of this.#waiters) {
      if (waiter.dueMs > nowMs) continue;
      this.#waiters.delete(waiter);
      waiter.task();
    }
    if (this.#waiters.size > 0 && !this.#turn) this.#wait();
  }

  /** Puts the share of the time since the last account to the credit, and takes off the time that the thread was kept awake. */
  #account(): void {
    const nowMs = monotonicMs();
    const sinceMs = nowMs - this.#accountedMs;
    this.#accountedMs = nowMs;
    this.#creditMs = Math.min(savedMs, this.#creditMs + sinceMs * (this.#awake ? awakeShare - 1 : awakeShare));
  }
}
