import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Environment } from './environment.ts';

type Task = (...values: unknown[]) => void;
type Handle = NodeJS.Timeout | NodeJS.Immediate;

/**
 * The timers of one environment. They are Node's, except that a frozen environment's callbacks wait until it runs again, one
 * that ended has none left, and the lateness of each is counted (a busy host fires them late).
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
    const dueMs = environment.modelledNow() + Math.max(1, Number(delayMs) || 0);
    const handle = timers.setTimeout(() => {
      done(handle);
      environment.came(dueMs);
      environment.later(() => task(...values));
    }, delayMs);
    return opened(handle);
  };
  const setInterval = (task: Task, delayMs?: number, ...values: unknown[]): NodeJS.Timeout =>
    opened(timers.setInterval(() => environment.later(() => task(...values)), delayMs));
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
  Object.defineProperty(setTimeout, promisify.custom, { value: timersPromises.setTimeout });
  Object.defineProperty(setImmediate, promisify.custom, { value: timersPromises.setImmediate });
  const functions = { setTimeout, setInterval, setImmediate, clearTimeout: clear, clearInterval: clear, clearImmediate: clear };
  const stop = (): void => {
    for (const handle of open) clear(handle);
  };
  return { functions, stop };
}
