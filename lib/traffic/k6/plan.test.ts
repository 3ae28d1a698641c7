import { expect, test } from 'vitest';
import { ProofloadError } from '../../core/errors.ts';
import { scheduleOf } from '../schedule.ts';
import { readExit, thresholdsIn } from './exit.ts';
import { k6Environment, logLine } from './process.ts';
import { scenarioOf } from './script.ts';
import { planVirtualUsers, virtualUserLimit } from './users.ts';

test('virtual users: peak rate times the longest flow, or what a short spike can hold', () => {
  const steady = scheduleOf([{ durationSec: 300, fromPerSec: 20, toPerSec: 20 }]);
  expect(planVirtualUsers(steady, 60, 2000)).toBe(1201);
  const spiky = scheduleOf([
    { durationSec: 100, fromPerSec: 1, toPerSec: 1 },
    { durationSec: 2, fromPerSec: 500, toPerSec: 500 },
    { durationSec: 100, fromPerSec: 1, toPerSec: 1 },
  ]);
  expect(planVirtualUsers(spiky, 60, 2000)).toBe(1000 + 58 + 1);
});

test('virtual users above the limit are refused with both numbers and advice', () => {
  const steady = scheduleOf([{ durationSec: 300, fromPerSec: 100, toPerSec: 100 }]);
  const thrown = (() => {
    try {
      return planVirtualUsers(steady, 60, virtualUserLimit(8 * 1024 ** 3));
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(ProofloadError);
  expect(thrown).toMatchObject({ code: 'too-many-virtual-users', exit: 'usage', message: expect.stringMatching(/6001 .* 2048/) });
});

test('the scenario: stages by the segment, jumps of no length, and a tail without arrivals', () => {
  const segments = [
    { durationSec: 2, fromPerSec: 0.5, toPerSec: 10 },
    { durationSec: 1.5, fromPerSec: 40, toPerSec: 40 },
  ];
  expect(scenarioOf({ flowFile: '/x.ts', name: 'x', segments, virtualUsers: 7, gracefulStopSec: 3, tags: {} })).toEqual({
    executor: 'ramping-arrival-rate',
    startRate: 500,
    timeUnit: '1000s',
    preAllocatedVUs: 7,
    maxVUs: 7,
    gracefulStop: '3000ms',
    stages: [
      { target: 10_000, duration: '2000ms' },
      { target: 40_000, duration: '0s' },
      { target: 40_000, duration: '1500ms' },
      { target: 2, duration: '0s' },
      { target: 2, duration: '500ms' },
    ],
  });
});

test("the user's own K6_ variables do not reach k6, the flow's entries do", () => {
  const env = k6Environment({ PATH: '/bin', K6_VUS: '3', K6_OUT: 'json' }, { BASE_URL: 'http://x' });
  expect(env).toEqual({
    PATH: '/bin',
    BASE_URL: 'http://x',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_CSV_TIME_FORMAT: 'unix_micro',
  });
});

test('traffic that stays on loopback knows no proxy, neither the user’s nor the flow’s', () => {
  const proxies = { HTTP_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1', All_Proxy: 'socks5://127.0.0.1:1' };
  const names = (loopbackOnly: boolean): string[] => Object.keys(k6Environment({ ...proxies, NO_PROXY: '*' }, { http_proxy: 'x' }, loopbackOnly));
  expect(names(true).filter((name) => /proxy/i.test(name))).toEqual(['NO_PROXY']);
  expect(names(false).filter((name) => /proxy/i.test(name))).toEqual(['HTTP_PROXY', 'https_proxy', 'All_Proxy', 'NO_PROXY', 'http_proxy']);
});

test('log lines of k6, and what is none', () => {
  expect(logLine('{"level":"error","msg":"could not initialize","error":"boom","time":"x"}')).toEqual({
    level: 'error',
    message: 'could not initialize: boom',
  });
  expect(logLine('{"level":"info","msg":"hello","source":"console"}')).toEqual({ level: 'info', message: 'hello' });
  expect(logLine('goroutine 1 [running]:')).toBeUndefined();
});

test.each([
  [{ code: 0 }, 'finished'],
  [{ code: 99 }, 'finished'],
  [{ code: 99, thresholdAborted: true }, 'aborted'],
  [{ code: 107, hadStarted: false }, 'failed'],
  [{ code: 108 }, 'aborted'],
  [{ code: null, signal: 'SIGKILL' }, 'killed'],
  [{ code: 105 }, 'killed'],
  [{ code: 105, stopRequested: true }, 'stopped'],
  [{ code: null, signal: 'SIGKILL', stopRequested: true }, 'stopped'],
])('exit %j: %s', (exit, how) => {
  expect(readExit({ signal: null, stopRequested: false, hadStarted: true, thresholdAborted: false, ...exit }).how).toBe(how);
});

test('crossed thresholds are read from k6 by name', () => {
  expect(thresholdsIn("thresholds on metrics 'checks, http_req_duration{name:GetX}' have been crossed")).toEqual({
    metrics: ['checks', 'http_req_duration{name:GetX}'],
    abortedRun: false,
  });
  const aborting = "thresholds on metrics 'checks' were crossed; at least one has abortOnFail enabled, stopping test prematurely";
  expect(thresholdsIn(aborting)).toEqual({ metrics: ['checks'], abortedRun: true });
  expect(thresholdsIn('something else')).toBeUndefined();
});
