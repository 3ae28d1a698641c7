import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { processMs } from '../messages.ts';
import type { Environment } from './environment.ts';

type Task = (...values: unknown[]) => void;
type Handle = NodeJS.Timeout | NodeJS.Immediate;

/**
 * The timers of one environment. They are Node's, except that a frozen environment's callbacks wait until it runs again (of an interval one
 * at most, as of a process that stood still), one that ended has none left, and the lateness of each is counted (a busy host fires them late):
 * a handler that is behind its modelled course waits that much less, so that the lateness of timers in a row does not add up.
 */
export function environmentTimers(environment: Environment) {
  const open = new Set<Handle>();
  const done = (handle: Handle | undefined): void => {
    if (handle && open.delete(handle)) environment.closed();
  };
  const opened = <Opened extends Handle>(handle: Opened): Opened => {
    open.add(handle);
    environment.opened();
    return handle;
  };
  const setTimeout = (task: Task, delayMs = 0, ...values: unknown[]): NodeJS.Timeout => {
    const wantedMs = Math.max(1, Number(delayMs) || 0);
    const modelledMs = environment.modelledNow();
    const behindMs = Math.max(0, processMs() - modelledMs);
    const handle = timers.setTimeout(
      () => {
        done(handle);
        environment.came(modelledMs + wantedMs);
        environment.later(() => task(...values));
      },
      Math.max(1, wantedMs - behindMs),
    );
    return opened(handle);
  };
  const setInterval = (task: Task, delayMs?: number, ...values: unknown[]): NodeJS.Timeout => {
    let waits = false;
    const run = (): void => {
      waits = false;
      task(...values);
    };
    const tick = (): void => {
      if (waits) return;
      waits = true;
      environment.later(run);
    };
    return opened(timers.setInterval(tick, delayMs));
  };
  const setImmediate = (task: Task, ...values: unknown[]): NodeJS.Immediate => {
    const handle = timers.setImmediate(() => {
      done(handle);
      environment.later(() => task(...values));
    });
    return opened(handle);
  };
  const clear = (handle: Handle | string | number | undefined): void => {
    if (typeof handle === 'object') done(handle);
    timers.clearTimeout(handle as NodeJS.Timeout);
    if (typeof handle === 'object' && 'hasRef' in handle && !('refresh' in handle)) timers.clearImmediate(handle);
  };
  const sleep = sleepOn(setTimeout, clear);
  const turn = <Value>(value?: Value): Promise<Value | undefined> => new Promise((resolve) => void setImmediate(() => resolve(value)));
  Object.defineProperty(setTimeout, promisify.custom, { value: sleep });
  Object.defineProperty(setImmediate, promisify.custom, { value: turn });
  const functions = { setTimeout, setInterval, setImmediate, clearTimeout: clear, clearInterval: clear, clearImmediate: clear };
  const stop = (): void => {
    for (const handle of open) clear(handle);
  };
  const scheduler = { wait: (delayMs: number, options?: SleepOptions) => sleep(delayMs, undefined, options), yield: () => turn() };
  return { functions, promises: { ...timersPromises, setTimeout: sleep, setImmediate: turn, scheduler }, stop };
}

interface SleepOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** `setTimeout` of `node:timers/promises` on an environment's own timers. */
function sleepOn(start: (task: Task, delayMs?: number) => NodeJS.Timeout, clear: (handle: NodeJS.Timeout) => void) {
  return <Value>(delayMs?: number, value?: Value, { signal, ref }: SleepOptions = {}): Promise<Value | undefined> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        clear(handle);
        reject(Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), { name: 'AbortError', code: 'ABORT_ERR' }));
      };
      const handle = start(() => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      }, delayMs);
      if (ref === false) handle.unref();
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
}
