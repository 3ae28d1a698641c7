import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActiveFault, injectedResult, injectionOf, type LambdaFault } from './fault.ts';
import { s3Location } from './location.ts';
import { mayRead, type PolicyDocument } from './permission.ts';
import { ExtensionPolling } from './polling.ts';
import { extensionSettings } from './settings.ts';

const layer = 'arn:aws:lambda:us-east-1:211125607513:layer:aws-fis-extension-arm64:374';
const variables = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/aws-fis/bootstrap', AWS_FIS_CONFIGURATION_LOCATION: 'arn:aws:s3:::my-config/FisConfigs' };
const numbers = { slowPollSec: 60, slowPollMinSec: 20, hotPollSec: 20 };
const settings = (more: Record<string, string> = {}, layers = [layer], architecture = 'arm64') =>
  extensionSettings({ layers, architecture, variables: { ...variables, ...more } }, numbers);

describe('the extension of a function', () => {
  test('needs its layer, for the right architecture, the wrapper and a location', () => {
    expect(settings()).toEqual({
      location: { bucket: 'my-config', prefix: 'FisConfigs/' },
      slowPollMs: 60_000,
      hotPollMs: 20_000,
      pollMaxWaitMs: 0,
      logsInfo: true,
    });
    expect(settings({}, [])).toBeUndefined();
    expect(settings({}, [layer], 'x86_64')).toBeUndefined();
    expect(settings({}, [layer.replace('aws-fis-extension', 'AWS-FIS-extension')])).toBeDefined();
    expect(settings({ AWS_LAMBDA_EXEC_WRAPPER: '/opt/other' })).toBeUndefined();
    expect(settings({ AWS_FIS_CONFIGURATION_LOCATION: 'my-config' })).toBeUndefined();
  });

  test.each([
    ['20', 20_000],
    ['19', 60_000],
    ['120', 120_000],
    ['often', 60_000],
  ])('a slow poll of %s s means %i ms', (AWS_FIS_SLOW_POLL_INTERVAL_SECONDS, slowPollMs) =>
    expect(settings({ AWS_FIS_SLOW_POLL_INTERVAL_SECONDS })).toMatchObject({ slowPollMs }),
  );

  test.each([
    ['arn:aws:s3:::bucket/a/b/', { bucket: 'bucket', prefix: 'a/b/' }],
    ['arn:aws:s3:::bucket', { bucket: 'bucket', prefix: '' }],
    ['arn:aws:s3:us-east-1::bucket/a', undefined],
    ['', undefined],
  ])('location %s', (arn, location) => expect(s3Location(arn)).toEqual(location));
});

describe('polls', () => {
  const active: ActiveFault[] = [
    { experimentId: 'e', action: 'a', functionArn: 'f', startMs: 0, fault: { kind: 'add-delay', delayMs: 1, percentage: 100 } },
  ];
  const polling = (pollMaxWaitMs = 0) => new ExtensionPolling({ slowPollMs: 60_000, hotPollMs: 20_000, pollMaxWaitMs }, 20_000, 0, () => 70);
  /** One invocation at `atMs` that runs for `ranMs`; whether a poll got its answer in it. */
  const invoke = (extension: ExtensionPolling, atMs: number, ranMs: number): boolean => {
    const { waitMs, answered } = extension.begin(atMs);
    return extension.end(atMs + waitMs + ranMs, ranMs, 1) || answered;
  };

  test('come when the slow interval is over, and only in an invocation', () => {
    const extension = polling();
    expect(invoke(extension, 59_000, 100)).toBe(false);
    expect(invoke(extension, 300_000, 100)).toBe(true);
  });

  test('get on only while invocations run: a fast handler needs two', () => {
    const extension = polling();
    expect(invoke(extension, 60_000, 40)).toBe(false);
    expect(invoke(extension, 61_000, 40)).toBe(true);
  });

  test('never end in a fast handler that is seldom called', () => {
    const extension = polling();
    for (let minute = 1; minute < 100; minute++) expect(invoke(extension, minute * 900_000, 60)).toBe(false);
  });

  test('hold an invocation up for as long as it may wait, and answer before it', () => {
    const extension = polling(2000);
    expect(extension.begin(60_000)).toEqual({ waitMs: 70, answered: true });
    expect(polling(50).begin(60_000)).toEqual({ waitMs: 50, answered: false });
  });

  test('are hot while a fault is active, and what was found holds until the next answer', () => {
    const extension = polling(2000);
    extension.begin(60_000);
    extension.answer(active, 60_070);
    extension.end(60_100, 30, 1);
    expect(extension.begin(80_000).answered).toBe(false);
    extension.end(80_050, 50, 1);
    expect(extension.faults).toBe(active);
    expect(extension.begin(80_100).answered).toBe(true);
    extension.answer([], 80_170);
    extension.end(80_200, 30, 1);
    expect(extension.faults).toEqual([]);
    expect(invoke(extension, 140_100, 100)).toBe(false);
    expect(invoke(extension, 140_300, 100)).toBe(true);
  });

  test('that come due in the middle of a long invocation get its rest, on a fast clock too', () => {
    const slow = polling();
    slow.begin(50_000);
    expect(slow.end(61_000, 11_000, 1)).toBe(true);
    const fast = polling();
    fast.begin(59_000);
    // 2,000 ms of the lab's are 100 of the wall's; half of them come after the poll was due.
    expect(fast.end(61_000, 100, 20)).toBe(false);
  });

  test('whatever the traffic, take effect no later than the interval, the poll and the pauses between invocations allow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pauseMs: fc.integer({ min: 0, max: 15_000 }), ranMs: fc.integer({ min: 10, max: 400 }) }), { minLength: 50 }),
        (calls) => {
          const extension = polling();
          let nowMs = 0;
          let ranSinceDueMs = 0;
          for (const { pauseMs, ranMs } of calls) {
            nowMs += pauseMs;
            const due = nowMs >= 60_000;
            const answered = invoke(extension, nowMs, ranMs);
            nowMs += ranMs;
            if (answered) return;
            if (due) ranSinceDueMs += ranMs;
            expect(ranSinceDueMs).toBeLessThan(70);
          }
        },
      ),
    );
  });
});

describe('injection', () => {
  const at = (startMs: number, fault: LambdaFault): ActiveFault => ({ experimentId: 'e', action: 'a', functionArn: 'f', startMs, fault });
  const delay = (delayMs: number, percentage = 100): LambdaFault => ({ kind: 'add-delay', delayMs, percentage });
  const error: LambdaFault = { kind: 'error', preventExecution: true, percentage: 50 };
  const response: LambdaFault = {
    kind: 'http-integration-response',
    contentType: 'text/plain',
    statusCode: 503,
    preventExecution: false,
    percentage: 100,
  };

  test('different faults act together, of the same or conflicting ones the first', () => {
    expect(injectionOf([at(2, delay(5)), at(1, delay(7)), at(3, error)], 0.2)).toEqual({ delayMs: 7, instead: error });
    expect(injectionOf([at(2, response), at(1, error)], 0.2)).toEqual({ delayMs: 0, instead: error });
    // The first one takes its place even where it does not hit.
    expect(injectionOf([at(2, response), at(1, error)], 0.5)).toEqual({ delayMs: 0, instead: undefined });
    expect(injectionOf([], 0)).toEqual({ delayMs: 0, instead: undefined });
  });

  test('hits its percentage', () => {
    const hits = Array.from({ length: 1000 }, (_, n) => injectionOf([at(1, delay(5, 30))], n / 1000).delayMs).filter((ms) => ms > 0);
    expect(hits).toHaveLength(300);
  });

  test('answers as an HTTP integration, or as a failed function', () => {
    expect(injectedResult(response)).toEqual({ payload: '{"statusCode":503,"headers":{"Content-Type":"text/plain"},"body":""}', failed: false });
    expect(injectedResult(error)).toMatchObject({ failed: true });
  });
});

describe('permission', () => {
  const location = { bucket: 'my-config', prefix: 'FisConfigs/' };
  const allow = (Action: string | string[], Resource: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
  const list = allow('s3:ListBucket', 'arn:aws:s3:::my-config', { Condition: { StringLike: { 's3:prefix': ['FisConfigs/*'] } } });
  const get = allow('s3:GetObject', 'arn:aws:s3:::my-config/FisConfigs/*');
  const may = (...Statement: object[]) => mayRead([{ Statement } as PolicyDocument], location);

  test('is what the guide asks for, or anything wider', () => {
    expect(may(list, get)).toBe(true);
    expect(may(allow('*', '*'))).toBe(true);
    expect(may(allow(['s3:Get*', 's3:List*'], 'arn:aws:s3:::my-config*'))).toBe(true);
    expect(mayRead([{ Statement: list }, { Statement: [get] }], location)).toBe(true);
  });

  test('is missing without either call, for another folder, or where it is denied', () => {
    expect(may(list)).toBe(false);
    expect(may(get)).toBe(false);
    expect(mayRead([], location)).toBe(false);
    expect(may({ ...list, Condition: { StringLike: { 's3:prefix': 'Other/*' } } }, get)).toBe(false);
    expect(may(list, allow('s3:GetObject', 'arn:aws:s3:::my-config/Other/*'))).toBe(false);
    expect(may(list, get, { Effect: 'Deny', Action: 's3:*', Resource: '*' })).toBe(false);
    expect(may({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' })).toBe(false);
  });
});
