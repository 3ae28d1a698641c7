import { expect, test } from 'vitest';
import type { Health } from '../record/types.ts';
import { cpuSecondsOfPs, cpuSecondsOfStat } from './health.ts';
import { arrivalLedger, dropCause } from './ledger.ts';
import { scheduleOf } from './schedule.ts';

const schedule = scheduleOf([{ durationSec: 10, fromPerSec: 10, toPerSec: 10 }]);
const calm: Health = { atMs: 0, generatorCpu: 0.2, machineCpu: 0.3, lagMs: 1 };
const same = (ms: number): number => ms;

test('passes that end out of order get the time that was meant for them', () => {
  const ledger = arrivalLedger('buy', schedule, 2, same);
  ledger.started(1100);
  ledger.iteration(1205, 10, 1);
  ledger.iteration(1100, 900, 0);
  ledger.iteration(1300, 20, 2);
  expect(ledger.take()).toEqual([
    { flow: 'buy', intendedMs: 1200, startMs: 1205, durationMs: 10 },
    { flow: 'buy', intendedMs: 1100, startMs: 1100, durationMs: 900 },
    { flow: 'buy', intendedMs: 1300, startMs: 1300, durationMs: 20 },
  ]);
});

test('a first pass that was itself late moves the beginning back once a punctual one shows it', () => {
  const ledger = arrivalLedger('buy', schedule, 2, same);
  ledger.started(1130);
  ledger.iteration(1200, 10, 1);
  ledger.iteration(1130, 10, 0);
  ledger.iteration(1340, 10, 2);
  expect(ledger.take().map((each) => [each.intendedMs, each.startMs])).toEqual([
    [1200, 1200],
    [1100, 1130],
    [1300, 1340],
  ]);
});

test('drops shift what comes after them, and wait for the health figure that tells their cause', () => {
  const ledger = arrivalLedger('buy', schedule, 2, same);
  ledger.started(100);
  ledger.iteration(100, 1000, 0);
  ledger.dropped(200.1, 1);
  ledger.dropped(300.1, 1);
  ledger.iteration(404, 5, 1);
  expect(ledger.take().map((each) => [each.intendedMs, each.startMs, each.dropped])).toEqual([
    [100, 100, undefined],
    [400, 404, undefined],
  ]);
  ledger.health({ ...calm, atMs: 250 });
  expect(ledger.take()).toEqual([{ flow: 'buy', intendedMs: 200, dropped: 'system-slow' }]);
  ledger.health({ ...calm, atMs: 1250, machineCpu: 0.97 });
  expect(ledger.take()).toEqual([{ flow: 'buy', intendedMs: 300, dropped: 'generator-slow' }]);
});

test('times out are the site’s; what still waits at the end is settled', () => {
  const ledger = arrivalLedger('buy', schedule, 2, (ms) => 1_000_000 + ms * 20);
  ledger.iteration(200, 5, undefined);
  ledger.dropped(300, 2);
  expect(ledger.finish()).toEqual([
    { flow: 'buy', intendedMs: 1_004_000, startMs: 1_004_000, durationMs: 5 },
    { flow: 'buy', intendedMs: 1_006_000, dropped: 'system-slow' },
    { flow: 'buy', intendedMs: 1_006_000, dropped: 'system-slow' },
  ]);
});

test.each([
  [calm, 'system-slow'],
  [{ ...calm, machineCpu: 0.9 }, 'generator-slow'],
  [{ ...calm, generatorCpu: 1.7 }, 'generator-slow'],
  [{ ...calm, generatorCpu: 1.6 }, 'system-slow'],
  [{ ...calm, lagMs: 600 }, 'generator-slow'],
  [undefined, 'system-slow'],
])('cause of a drop with health %j: %s', (health, cause) => {
  expect(dropCause(health, 2)).toBe(cause);
});

test('CPU seconds from /proc and from ps', () => {
  expect(cpuSecondsOfStat('4242 (k6 run) 1) S 1 4242 4242 0 -1 4194304 100 0 0 0 250 75 0 0 20 0 9 0 100 1 2')).toBe(3.25);
  expect([cpuSecondsOfPs('  0:01.50\n'), cpuSecondsOfPs('01:02:03'), cpuSecondsOfPs('2-00:00:10')]).toEqual([1.5, 3723, 172_810]);
});
