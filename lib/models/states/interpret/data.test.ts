import { describe, expect, test } from 'vitest';
import { machine, runVirtually } from '../../../../test/virtual-execution.ts';
import type { Json } from '../types.ts';

const lambda = 'arn:aws:lambda:us-east-1:123456789012:function:work';
const done = { Type: 'Succeed' };

describe('data', () => {
  test('InputPath, Parameters, ResultSelector, ResultPath, OutputPath in this order', async () => {
    const work = {
      ...{ Type: 'Task', Resource: lambda, InputPath: '$.order', Parameters: { 'id.$': '$.id', fixed: 1 }, End: true },
      ...{ ResultSelector: { 'paid.$': '$.amount' }, ResultPath: '$.order.charge', OutputPath: '$.order' },
    };
    const run = await runVirtually(machine({ X: work }), {
      input: { order: { id: 7 }, rest: 1 },
      tasks: () => ({ output: { amount: 12, noise: 0 } }),
    });
    expect(run.requests[0]?.request.arguments).toEqual({ id: 7, fixed: 1 });
    expect(run.ended?.output).toEqual({ id: 7, charge: { paid: 12 } });
  });

  test('variables: assigned after use, seen by branches, not changed by them', async () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Pass', Parameters: { 'seen.$': '$total' }, Assign: { total: 99 }, End: true } } };
    const states = {
      First: { Type: 'Pass', Assign: { 'total.$': 'States.MathAdd($.n, 1)' }, Next: 'Both' },
      Both: { Type: 'Parallel', Branches: [inner], ResultPath: '$.branches', Next: 'Last' },
      Last: { Type: 'Pass', Parameters: { 'total.$': '$total', 'branches.$': '$.branches' }, End: true },
    };
    const run = await runVirtually(machine(states), { input: { n: 41 } });
    expect(run.ended?.output).toEqual({ total: 42, branches: [{ seen: 42 }] });
    expect(run.history.find(({ type }) => type === 'PassStateExited')?.details).toMatchObject({
      stateExitedEventDetails: { assignedVariables: { total: '42' } },
    });
  });

  test.each([
    [0, undefined, 3],
    [2, undefined, 6],
    [0, 1, 9],
    [5, 2, 6],
  ])('a Map of three with MaxConcurrency %i and at most %s at once takes %i s', async (MaxConcurrency, maxIterations, elapsedSec) => {
    const items = { StartAt: 'In', States: { In: { Type: 'Wait', Seconds: 3, End: true } } };
    const map = { Type: 'Map', MaxConcurrency, ItemProcessor: items, End: true };
    const run = await runVirtually(machine({ M: map }), { input: [1, 2, 3], ...(maxIterations === undefined ? {} : { maxIterations }) });
    expect(run.elapsedSec).toBe(elapsedSec);
    expect(run.ended?.output).toEqual([1, 2, 3]);
  });

  test('the context object names execution, state, token and item', async () => {
    const items = { StartAt: 'In', States: { In: { Type: 'Pass', InputPath: '$$', End: true } } };
    const map = {
      Type: 'Map',
      ItemSelector: { 'at.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'all.$': '$.length()' },
      ItemProcessor: items,
    };
    const run = await runVirtually(machine({ M: { ...map, ResultSelector: { 'first.$': '$[0]' }, End: true } }), { input: ['x'] });
    expect(run.history.find(({ type }) => type === 'PassStateEntered')?.details).toMatchObject({
      stateEnteredEventDetails: { input: '{"at":0,"v":"x","all":1}' },
    });
    expect(run.ended?.output).toEqual({
      first: {
        Execution: {
          ...{ Id: 'arn:aws:states:us-east-1:123456789012:execution:orders:order-1', Input: ['x'], Name: 'order-1', RedriveCount: 0 },
          ...{ RoleArn: 'arn:aws:iam::123456789012:role/orders', StartTime: '2026-01-01T00:00:00.000Z' },
        },
        StateMachine: { Id: 'arn:aws:states:us-east-1:123456789012:stateMachine:orders', Name: 'orders' },
        State: { Name: 'In', EnteredTime: '2026-01-01T00:00:00.000Z' },
        Map: { Item: { Index: 0, Value: 'x' } },
      },
    });
  });

  test.each([
    ['InputPath', { Type: 'Pass', InputPath: '$.gone', End: true }, "Invalid path '$.gone' : No results for path: $['gone']"],
    ['OutputPath', { Type: 'Pass', OutputPath: '$.a.b.c', End: true }, "Invalid path '$.a.b.c' : Missing property in path $['a']"],
    [
      'template',
      { Type: 'Pass', Parameters: { 'v.$': '$.gone' }, End: true },
      `The JSONPath '$.gone' specified for the field 'v.$' could not be found in the input '{"n":-1,"far":"2100-01-01T00:00:00Z"}'`,
    ],
    [
      'Fail',
      { Type: 'Fail', ErrorPath: '$.gone' },
      `The JSONPath '$.gone' specified for the field 'ErrorPath' could not be found in the input '{"n":-1,"far":"2100-01-01T00:00:00Z"}'`,
    ],
    ['Wait', { Type: 'Wait', SecondsPath: '$.n', End: true }, 'The SecondsPath parameter references a negative value: $.n == -1'],
    [
      'Choice',
      { Type: 'Choice', Choices: [{ Variable: '$.gone', IsNull: true, Next: 'Z' }] },
      "Invalid path '$.gone': The choice state's condition path references an invalid value.",
    ],
  ])('%s that leads nowhere fails with States.Runtime', async (_, state, reason) => {
    const states = JSON.stringify(state).includes('"Z"') ? { X: state, Z: done } : { X: state };
    const run = await runVirtually(machine(states as { [name: string]: Json }), { input: { n: -1, far: '2100-01-01T00:00:00Z' } });
    const cause = `An error occurred while executing the state 'X' (entered at the event id #2). ${reason}`;
    expect(run.ended).toEqual({ kind: 'ended', status: 'FAILED', error: 'States.Runtime', cause });
  });
});
