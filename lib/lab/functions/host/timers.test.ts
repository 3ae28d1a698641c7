import { expect, it } from 'vitest';
import { processMs } from '../messages.ts';
import type { Environment } from './environment.ts';
import { environmentTimers } from './timers.ts';

/** An environment that runs what comes at once, `behindMs` behind its modelled course; or, frozen, keeps it. */
function timersOf(behindMs: number, kept?: (() => void)[]) {
  const environment = {
    opened: () => undefined,
    closed: () => undefined,
    came: () => undefined,
    modelledNow: () => processMs() - behindMs,
    later: (task: () => void) => (kept ? void kept.push(task) : task()),
  };
  return environmentTimers(environment as unknown as Environment);
}

it('makes up for the lateness of a handler that is behind, and does not hold one back that is ahead', async () => {
  const took = async (behindMs: number): Promise<number> => {
    const { functions } = timersOf(behindMs);
    const startMs = processMs();
    await new Promise<void>((resolve) => void functions.setTimeout(() => resolve(), 40));
    return processMs() - startMs;
  };
  const [onTime, behind, ahead, hopeless] = await Promise.all([took(0), took(35), took(-1_000_000), took(1_000_000)]);
  expect(onTime).toBeGreaterThanOrEqual(38);
  expect(behind).toBeLessThan(onTime);
  expect(ahead).toBeLessThan(1000);
  expect(hopeless).toBeLessThan(onTime);
});

it('keeps one turn of an interval for a frozen environment, not all that passed', async () => {
  const kept: (() => void)[] = [];
  let turns = 0;
  const { functions, stop } = timersOf(0, kept);
  functions.setInterval(() => turns++, 1);
  await new Promise<void>((resolve) => void setTimeout(resolve, 30));
  expect(kept).toHaveLength(1);
  kept.shift()?.();
  await new Promise<void>((resolve) => void setTimeout(resolve, 10));
  stop();
  expect([turns, kept.length]).toEqual([1, 1]);
});

it('lets the promises of node:timers/promises wait with the environment, and be aborted', async () => {
  const kept: (() => void)[] = [];
  const { promises } = timersOf(0, kept);
  let awake = false;
  const sleeping = promises.setTimeout(1, 'slept').then((value) => {
    awake = true;
    return value;
  });
  await new Promise<void>((resolve) => void setTimeout(resolve, 20));
  expect([awake, kept.length]).toEqual([false, 1]);
  kept.shift()?.();
  expect(await sleeping).toBe('slept');
  const waiting = promises.scheduler.wait(1);
  await new Promise<void>((resolve) => void setTimeout(resolve, 20));
  kept.shift()?.();
  expect(await waiting).toBeUndefined();
  const abort = new AbortController();
  const aborted = promises.setTimeout(60_000, 'never', { signal: abort.signal });
  abort.abort('enough');
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
});
