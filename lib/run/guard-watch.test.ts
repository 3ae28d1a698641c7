import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../core/package-root.ts';
import { validateObjectives } from '../grade/objectives.ts';
import type { Sample } from '../record/types.ts';
import type { Guard } from './exercise.ts';
import { GuardWatch } from './guard-watch.ts';
import { checkGuards } from './guards.ts';
import { refuseTooManyGuards } from './site-guards.ts';

const sample = (operation: string, durationMs: number, ok = true): Sample => ({
  startMs: 0,
  durationMs,
  operation,
  status: ok ? 200 : 503,
  error: '',
  ok,
  bytesReceived: 0,
});

/** What a watch says second by second of `perSec`, from the baseline on. */
function breaches(guard: Guard, seconds: number, perSec: (second: number) => Sample[]): (string | undefined)[] {
  const watch = new GuardWatch([guard]);
  watch.phase('baseline', 0);
  return Array.from({ length: seconds }, (_, second) => {
    watch.samples(perSec(second), second);
    return watch.breach(second + 1)?.detail;
  });
}

describe('a guard', () => {
  test('on errors is breached once they pass the limit over its window, and not by a burst shorter than that', () => {
    const failing = (from: number, to: number) => (second: number) =>
      Array.from({ length: 10 }, (_, index) => sample('buy', 5, !(second >= from && second < to && index < 5)));
    const found = breaches({ sli: 'error_rate', above: 20 }, 30, failing(15, 30));
    expect(found.findIndex((each) => each !== undefined)).toBe(19);
    expect(found[19]).toBe("error_rate was 25 % over 10 s, and the guard's limit is 20");
    expect(breaches({ sli: 'error_rate', above: 20 }, 30, failing(15, 18)).every((each) => each === undefined)).toBe(true);
  });

  test('on a quantile of one operation sees that one alone', () => {
    const slow = (operation: string) => () =>
      Array.from({ length: 20 }, (_, index) => sample(index % 2 === 0 ? 'buy' : 'browse', (index % 2 === 0) === (operation === 'buy') ? 900 : 10));
    expect(breaches({ sli: 'latency_p95:buy', above: 500 }, 12, slow('buy')).at(-1)).toBe(
      "latency_p95:buy was 900 ms over 10 s, and the guard's limit is 500",
    );
    expect(breaches({ sli: 'latency_p95:buy', above: 500 }, 12, slow('browse')).at(-1)).toBeUndefined();
  });

  test('is breached when requests stop to end', () => {
    const found = breaches({ sli: 'latency_p99', above: 500 }, 30, (second) =>
      second < 15 ? Array.from({ length: 10 }, () => sample('buy', 5)) : [],
    );
    expect(found.find((each) => each !== undefined)).toBe('no request has ended for 10 s');
  });

  test('does not watch the warm-up, nor too few requests', () => {
    const watch = new GuardWatch([{ sli: 'error_rate', above: 1 }]);
    watch.phase('warm-up', 0);
    for (let second = 0; second < 30; second++) watch.samples([sample('buy', 5, false), sample('buy', 5, false)], second);
    expect(watch.breach(30)).toBeUndefined();
    expect(breaches({ sli: 'error_rate', above: 1 }, 30, () => [sample('buy', 5, false)]).every((each) => each === undefined)).toBe(true);
  });
});

test('what the site is told: nothing to fear until there is enough to see, the figure then, and nothing at all once requests stop to end', () => {
  const watch = new GuardWatch([{ sli: 'error_rate', above: 20 }]);
  const told: (number | undefined)[] = [];
  watch.phase('baseline', 0);
  for (let second = 0; second < 25; second++) {
    if (second < 12) watch.samples([...Array.from({ length: 3 }, () => sample('buy', 5)), sample('buy', 5, false)], second);
    told.push(...watch.readings(second + 1).map(({ value }) => value));
  }
  expect(watch.readings(25)[0]).toMatchObject({ name: 'error_rate over 10 s', above: 20, unit: 'Percent' });
  expect([told[0], told[8], told[9], told[11], told.at(-1)]).toEqual([0, 0, 25, 25, undefined]);
});

describe('guards that are refused', () => {
  const objectives = validateObjectives(
    {
      spec_version: '1.0',
      objectives: [{ sli: 'error_rate', displayName: 'errors', pass: [{ criteria: ['<20'] }], warning: [{ criteria: ['<40'] }], phase: 'fault' }],
    },
    'x',
  );
  test.each([
    [{ sli: 'error_rate', above: 30 }, 'guards[0] stops the run above 30, and objective errors accepts up to 40 during the fault'],
    [{ sli: 'throttles', above: 30 }, 'guards[0] watches throttles, which is not seen while a run goes on'],
    [{ sli: 'error_rate', above: 0 }, 'guards[0] has the limit 0'],
    [{ sli: 'error_rate', above: 50, overSec: 1 }, 'guards[0] looks over 1 s'],
    [{ sli: 'latency_p99:buy', above: 900 }, 'on latency_p99:buy needs 500 requests, and the exercise makes at most 400 in 10 s'],
  ])('%j', (guard, message) => {
    expect(() => checkGuards([guard], objectives, 40, 'shop.ts')).toThrow(
      expect.objectContaining({ code: 'bad-guard', exit: 'usage', message: expect.stringContaining(message) }),
    );
  });

  test('more than the experiment of a fault takes beside its own stop conditions', () => {
    const guards = Array.from({ length: 5 }, (_, index) => ({ sli: 'error_rate', above: 50 + index }));
    const fault = { name: 'lambda-throttle', file: join(packageRoot(), 'chaos/lambda-throttle.yaml') };
    const refused = { code: 'bad-guard', hint: 'an experiment template has at most 5 stop conditions, 1 of them its own: keep 4 guards' };
    expect(() => refuseTooManyGuards(guards, [fault], 5, 'shop.ts')).toThrow(expect.objectContaining(refused));
    expect(() => refuseTooManyGuards(guards.slice(1), [fault], 5, 'shop.ts')).not.toThrow();
    expect(() => refuseTooManyGuards(guards, [], 5, 'shop.ts')).not.toThrow();
  });

  test('one on an indicator that there is not', () => {
    expect(() => checkGuards([{ sli: 'error_rat', above: 30 }], objectives, 40, 'shop.ts')).toThrow(
      expect.objectContaining({ code: 'unknown-indicator', message: expect.stringContaining('did you mean error_rate?') }),
    );
  });

  test('one that leaves room for what the fault does is not', () => {
    expect(() =>
      checkGuards(
        [
          { sli: 'error_rate', above: 60 },
          { sli: 'latency_p99:buy', above: 900 },
        ],
        objectives,
        60,
        'shop.ts',
      ),
    ).not.toThrow();
  });
});
