/** Undoes a scheduled task; calling it twice, or after the task ran, does nothing. */
export type Cancel = () => void;

/**
 * Where time comes from. Everything outside `lib/core` takes a Clock instead of `Date` and timers, so that tests run in
 * virtual time and the lab may run faster than the wall.
 */
export interface Clock {
  /** Milliseconds since the epoch, in this clock's time; fractional where the source allows. */
  now(): number;
  /** How many of this clock's milliseconds pass in one millisecond of the wall. */
  readonly rate: number;
  /** Runs `task` once, `delayMs` of this clock's milliseconds from now. */
  schedule(delayMs: number, task: () => void): Cancel;
  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Longest delay that Node's timers take without firing at once. */
const maxTimerMs = 2_147_483_647;

/** Monotonic milliseconds of the wall with sub-millisecond digits; only differences mean anything. */
export function monotonicMs(): number {
  return performance.now();
}

/** Aborts after `ms` of the wall. */
export function timeoutSignal(ms: number): AbortSignal {
  return AbortSignal.timeout(ms);
}

/** The wall's clock; monotonic since the process started, so that a clock adjustment cannot reorder a record. */
export function wallClock(): Clock {
  return scaledClock(1);
}

/**
 * A clock that starts at `startMs` (default: the wall's time) and then runs `rate` times as fast as the wall.
 * `originMonotonicMs` is the monotonic instant at which it showed `startMs`; two processes that agree on the pair agree on the time.
 */
export function scaledClock(rate: number, startMs = performance.timeOrigin + performance.now(), originMonotonicMs = performance.now()): Clock {
  if (!(rate > 0)) throw new RangeError(`a clock's rate must be above 0, not ${rate}`);
  const now = (): number => startMs + (performance.now() - originMonotonicMs) * rate;
  const schedule = (delayMs: number, task: () => void): Cancel => {
    const due = now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const waitMs = Math.max(0, (due - now()) / rate);
      timer = waitMs > maxTimerMs ? setTimeout(arm, maxTimerMs) : setTimeout(task, waitMs);
    };
    arm();
    return () => clearTimeout(timer);
  };
  return { now, rate, schedule, sleep: (delayMs, signal) => sleepOn(schedule, delayMs, signal) };
}

/** A clock for tests: time stands still until `advance` moves it, running what falls due in order. */
export interface VirtualClock extends Clock {
  /** Moves time forward by `ms`, running due tasks in order and letting promises settle after each. */
  advance(ms: number): Promise<void>;
}

/** Time that only `advance` moves; known start so that tests can state absolute times. */
export function virtualClock(startMs = 1_700_000_000_000): VirtualClock {
  let nowMs = startMs;
  let sequence = 0;
  const due: { atMs: number; order: number; task: () => void }[] = [];
  const schedule = (delayMs: number, task: () => void): Cancel => {
    const entry = { atMs: nowMs + Math.max(0, delayMs), order: sequence++, task };
    due.push(entry);
    due.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    return () => {
      const index = due.indexOf(entry);
      if (index >= 0) due.splice(index, 1);
    };
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return {
    now: () => nowMs,
    rate: 1,
    schedule,
    sleep: (delayMs, signal) => sleepOn(schedule, delayMs, signal),
    async advance(ms) {
      const until = nowMs + ms;
      await settle();
      for (let next = due[0]; next && next.atMs <= until; next = due[0]) {
        due.shift();
        nowMs = Math.max(nowMs, next.atMs);
        next.task();
        await settle();
      }
      nowMs = until;
    },
  };
}

function sleepOn(schedule: Clock['schedule'], delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
