import { expect, it } from 'vitest';
import { monotonicMs } from './clock.ts';
import { fineClock } from './fine-clock.ts';

/** How much later than `delaysMs` from now the tasks of a fine clock ran, in the order in which they ran. */
function latenessMs(delaysMs: readonly number[]): Promise<number[]> {
  const clock = fineClock();
  const lateMs: number[] = [];
  return new Promise((resolve) => {
    for (const delayMs of delaysMs) {
      const dueMs = monotonicMs() + delayMs;
      clock.schedule(delayMs, () => {
        lateMs.push(monotonicMs() - dueMs);
        if (lateMs.length === delaysMs.length) resolve(lateMs);
      });
    }
  });
}

it('runs no task before its time, whatever fraction of a millisecond that is, and each once', async () => {
  const lateMs = await latenessMs(Array.from({ length: 200 }, (_, i) => (i * 37 + 0.013) % 5));
  expect(lateMs).toHaveLength(200);
  expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(0);
});

it('serves immediates and timers while it keeps the thread awake', async () => {
  const clock = fineClock();
  const seen: string[] = [];
  setImmediate(() => seen.push('immediate'));
  await new Promise<void>((resolve) => void clock.schedule(1.4, resolve));
  expect(seen).toEqual(['immediate']);
});

it('goes on when its credit is used up: nothing is forgotten', async () => {
  const clock = fineClock();
  let ran = 0;
  // Each waits less than a timer could: 200 of them, one after the other, are more than the 100 ms that may be spent awake at once.
  for (let i = 0; i < 200; i++) await new Promise<void>((resolve) => void clock.schedule(0.9, resolve)).then(() => ran++);
  expect(ran).toBe(200);
});

it('has one timer, however often the loop turns, while it may not keep the thread awake', async () => {
  const clock = fineClock();
  for (let i = 0; i < 150; i++) await new Promise<void>((resolve) => void clock.schedule(0.9, resolve));
  let going = true;
  const again = (): void => {
    if (going) clock.schedule(0.9, again);
  };
  for (let i = 0; i < 5; i++) again();
  let turns = 0;
  for (const untilMs = monotonicMs() + 40; monotonicMs() < untilMs; turns++) await new Promise<void>((resolve) => setImmediate(resolve));
  const timers = process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  going = false;
  expect(turns).toBeGreaterThan(200);
  expect(timers).toBeLessThan(20);
});

it('does not run what a task that is due in the same turn cancels', async () => {
  const clock = fineClock();
  const seen: string[] = [];
  clock.schedule(0.1, () => {
    seen.push('first');
    cancelSecond();
  });
  const cancelSecond = clock.schedule(0.1, () => seen.push('second'));
  // Both are due when the loop turns.
  for (const untilMs = monotonicMs() + 1; monotonicMs() < untilMs; );
  await clock.sleep(3);
  expect(seen).toEqual(['first']);
});

it('does not run what was cancelled, be it on its timer or in its last millisecond', async () => {
  const clock = fineClock();
  const seen: string[] = [];
  clock.schedule(0.5, () => seen.push('soon'))();
  clock.schedule(3, () => seen.push('later'))();
  const twice = clock.schedule(0.2, () => seen.push('ran'));
  await clock.sleep(6);
  twice();
  expect(seen).toEqual(['ran']);
});
