import { describe, expect, test } from 'vitest';
import { machine, redriveVirtually, runVirtually, type VirtualOptions, type VirtualRun } from '../../../test/virtual-execution.ts';
import { exceedsTolerance } from './map-run.ts';
import type { Json } from './types.ts';

const child = (ExecutionType = 'STANDARD') => ({
  ...{ ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType }, StartAt: 'In' },
  States: { In: { Type: 'Pass', End: true } },
});
const done = { Type: 'Succeed' };
type Fields = { readonly [field: string]: Json };

function mapped(fields: Fields, input: Json, options: VirtualOptions = {}): Promise<VirtualRun> {
  const map = { Type: 'Map', ItemProcessor: child(), Next: 'Z', ...fields };
  return runVirtually(machine({ M: map, Z: done }), { input, ...options });
}

describe('Distributed Map, as AWS recorded it', () => {
  test('a Map Run that succeeds', async () => {
    const run = await mapped({ Label: 'each', MaxConcurrency: 7 }, ['Hello', 'World'], { mapRun: () => ({ results: ['Hello', 'World'] }) });
    expect(run.trail.slice(1, 8)).toEqual([
      ...['2<0 MapStateEntered', '3<2 MapStateStarted', '4<3 MapRunStarted', '5<4 MapRunSucceeded', '6<5 MapStateSucceeded'],
      ...['7<5 MapStateExited', '8<7 SucceedStateEntered'],
    ]);
    expect(run.ended?.output).toEqual(['Hello', 'World']);
    expect(run.mapRuns).toMatchObject([
      {
        ...{ label: 'each', maxConcurrency: 7, definition: { type: 'STANDARD' }, definitionText: JSON.stringify(child()) },
        children: [
          { input: 'Hello', items: 1 },
          { input: 'World', items: 1 },
        ],
      },
    ]);
    // The children's transitions are their own.
    expect(run.transitions).toBe(2);
  });

  test('a Map Run that fails, with Catch, and again with Retry', async () => {
    const failing = { mapRun: () => ({ error: 'States.ExceedToleratedFailureThreshold', cause: 'too many' }) };
    const plain = await mapped({}, [1], failing);
    expect(plain.trail.slice(4)).toEqual(['5<4 MapRunFailed', '6<5 MapStateFailed', '7<6 ExecutionFailed']);
    expect(plain.ended).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold', cause: 'too many' });
    const guards = {
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], Next: 'Z' }],
    };
    const caught = await mapped(guards, [1], failing);
    expect(caught.trail.slice(4, 9)).toEqual([
      '5<4 MapRunFailed',
      '6<5 MapStateStarted',
      '7<6 MapRunStarted',
      '8<7 MapRunFailed',
      '9<8 MapStateFailed',
    ]);
    expect([caught.ended?.status, caught.mapRuns.length]).toEqual(['SUCCEEDED', 2]);
    expect(new Set(caught.mapRuns.map(({ label }) => label))).toEqual(
      new Set([expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)]),
    );
  });

  test.each([
    ['ToleratedFailureCountPath', {}, 'The ToleratedFailureCountPath field refers to value "{}" which is not a valid integer: $.n'],
    ['ToleratedFailureCountPath', 'No', 'The ToleratedFailureCountPath field refers to value "No" which is not a valid integer: $.n'],
    ['ToleratedFailureCountPath', -1, 'ToleratedFailureCount cannot be negative.'],
    ['ToleratedFailurePercentagePath', 'No', 'The ToleratedFailurePercentagePath field refers to value "No" which is not a valid float: $.n'],
    ['ToleratedFailurePercentagePath', 100.1, 'ToleratedFailurePercentage must be between 0 and 100.'],
  ])('%s that leads to %j', async (field, n, reason) => {
    const run = await mapped({ ItemsPath: '$.items', [field]: '$.n' }, { items: [1], n });
    expect(run.trail.slice(2)).toEqual(['3<2 MapStateStarted', '4<3 ExecutionFailed']);
    const cause = `An error occurred while executing the state 'M' (entered at the event id #2). ${reason}`;
    expect(run.ended).toMatchObject({ error: 'States.Runtime', cause });
  });
});

describe('the inputs of child executions', () => {
  const inputs = (run: VirtualRun) => run.mapRuns[0]?.children;

  test('ItemSelector, then batches of so many items with what all of them have', async () => {
    const fields = {
      ...{ ItemsPath: '$.items', ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'all.$': '$.k' } },
      ItemBatcher: { MaxItemsPerBatchPath: '$.most', BatchInput: { 'k.$': '$.k' } },
    };
    const item = (i: number, v: string) => ({ i, v, all: 7 });
    expect(inputs(await mapped(fields, { items: ['a', 'b', 'c'], k: 7, most: 2 }))).toEqual([
      { input: { BatchInput: { k: 7 }, Items: [item(0, 'a'), item(1, 'b')] }, items: 2 },
      { input: { BatchInput: { k: 7 }, Items: [item(2, 'c')] }, items: 1 },
    ]);
  });

  test('batches of so many bytes, the item that is larger alone', async () => {
    // {"Items":["aa","bb"]} has 21 bytes.
    const sizes = async (MaxInputBytesPerBatch: number) =>
      inputs(await mapped({ ItemBatcher: { MaxInputBytesPerBatch } }, ['aa', 'bb', 'cc', 'x'.repeat(30)]))?.map(({ items }) => items);
    expect(await sizes(21)).toEqual([2, 1, 1]);
    expect(await sizes(20)).toEqual([1, 1, 1, 1]);
    expect(await sizes(26)).toEqual([3, 1]);
  });

  test('in JSONata', async () => {
    const map = {
      ...{
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemSelector: '{% $states.context.Map.Item.Value * 2 %}',
        ItemProcessor: child('EXPRESS'),
      },
      ItemBatcher: { MaxItemsPerBatch: '{% $states.input.most %}', BatchInput: { m: '{% $states.input.most %}' } },
      ...{ ToleratedFailurePercentage: '{% 100 / 8 %}', End: true },
    };
    const run = await runVirtually(machine({ M: map }, { QueryLanguage: 'JSONata' }), { input: { items: [1, 2, 3], most: 3 } });
    expect(run.mapRuns).toMatchObject([
      {
        ...{ tolerated: { count: undefined, percentage: 12.5 }, definition: { type: 'EXPRESS' } },
        children: [{ input: { BatchInput: { m: 3 }, Items: [2, 4, 6] }, items: 3 }],
      },
    ]);
  });

  test('one over the payload limit fails the state', async () => {
    const run = await mapped({ ItemSelector: { 'a.$': '$', 'b.$': '$' } }, ['x'.repeat(60)], { maxPayloadBytes: 100 });
    expect(run.ended).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});

test('a redrive goes on with the same Map Run', async () => {
  const first = await mapped({}, [1, 2], { mapRun: () => ({ error: 'E', cause: 'c' }) });
  const again = await redriveVirtually(first, { mapRun: () => ({ results: [1, 2] }) });
  expect(again.trail.slice(0, 3)).toEqual(['8<7 ExecutionRedriven', '9<8 MapRunRedriven', '10<9 MapRunSucceeded']);
  expect(again.history[1]?.details).toEqual({ mapRunRedrivenEventDetails: { mapRunArn: 'run', redriveCount: 1 } });
  expect([again.mapRuns.length, again.ended?.output]).toEqual([0, [1, 2]]);
});

test('an execution that is stopped waits for no Map Run', async () => {
  const run = await mapped({}, [1], { outside: [{ atSec: 1, event: () => ({ kind: 'stop' }) }] });
  expect([run.ended?.status, run.execution.waiting.size]).toEqual(['ABORTED', 0]);
});

test.each([
  [undefined, undefined, 0, 10, false],
  [undefined, undefined, 1, 10, true],
  [2, undefined, 2, 10, false],
  [2, undefined, 3, 10, true],
  [undefined, 30, 3, 10, false],
  [undefined, 30, 4, 10, true],
  [5, 30, 4, 10, true],
  [0, 50, 1, 10, true],
])('count %s and percentage %s with %i of %i failed', (count, percentage, failed, total, isExceeded) => {
  expect(exceedsTolerance({ count, percentage }, failed, total)).toBe(isExceeded);
});
