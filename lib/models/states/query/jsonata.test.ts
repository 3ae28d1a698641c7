import { describe, expect, test } from 'vitest';
import { machine, runVirtually } from '../../../../test/virtual-execution.ts';
import type { Json } from '../types.ts';

const lambda = 'arn:aws:lambda:us-east-1:123456789012:function:work';
const done = { Type: 'Succeed' };

describe('JSONata', () => {
  const jsonata = { QueryLanguage: 'JSONata' };

  test('Arguments, Output, Assign, Condition, and the functions of AWS', async () => {
    const states = {
      Ask: {
        Type: 'Task',
        Resource: lambda,
        Arguments: { n: '{% $states.input.n + 1 %}', name: '{% $states.context.Execution.Name %}' },
        Assign: { got: '{% $states.result.v %}' },
        Next: 'If',
      },
      If: { Type: 'Choice', Choices: [{ Condition: '{% $got > 10 %}', Output: '{% $got %}', Next: 'End' }], Default: 'End' },
      End: {
        Type: 'Pass',
        Output: {
          ...{ parts: '{% $partition([1,2,3], 2) %}', range: '{% $range(0, 10, 3) %}', hash: "{% $hash('input data', 'MD5') %}" },
          ...{ parsed: `{% $parse('{"a":1}').a %}`, same: '{% $random(7) = $random(7) %}', now: '{% $now() %}', input: '{% $states.input %}' },
        },
        End: true,
      },
    };
    const run = await runVirtually(machine(states, jsonata), { input: { n: 1 }, tasks: () => ({ output: { v: 12 } }) });
    expect(run.requests[0]?.request.arguments).toEqual({ n: 2, name: 'order-1' });
    expect(run.ended?.output).toEqual({
      ...{ parts: [[1, 2], [3]], range: [0, 3, 6, 9], hash: '812f45842bc6d66ee14572ce20db8e86', parsed: 1, same: true },
      ...{ now: '2026-01-01T00:00:00.000Z', input: 12 },
    });
  });

  test.each([
    ['$states.input.gone', 'Output/v', { Type: 'Pass', Output: { v: '{% $states.input.gone %}' } }, 'returned nothing (undefined).'],
    ['function($x){$x}', 'Output', { Type: 'Pass', Output: '{% function($x){$x} %}' }, 'returned an unsupported result type.'],
    [
      '$eval("1")',
      'Output',
      { Type: 'Pass', Output: '{% $eval("1") %}' },
      'threw an error during evaluation. T1006: Attempted to invoke a non-function',
    ],
    [
      '$sum("a")',
      'Assign/v',
      { Type: 'Pass', Assign: { v: '{% $sum("a") %}' } },
      'threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"',
    ],
    [
      '1',
      'Items',
      { Type: 'Map', Items: '{% 1 %}', ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Succeed' } } } },
      "returned an unexpected result type. Expected 'array', but was 'number' for value: 1",
    ],
  ])('%s fails and says where', async (source, location, state, ending) => {
    const run = await runVirtually(machine({ X: { ...state, End: true } } as { [name: string]: Json }, jsonata));
    const cause = `An error occurred while executing the state 'X' (entered at the event id #2). The JSONata expression '${source}' specified for the field '${location}' ${ending}`;
    expect(run.ended).toEqual({ kind: 'ended', status: 'FAILED', error: 'States.QueryEvaluationError', cause });
    expect(run.history.find(({ type }) => type === 'EvaluationFailed')).toMatchObject({
      previousEventId: 0,
      details: { evaluationFailedEventDetails: { cause, error: 'States.QueryEvaluationError', location, state: 'X' } },
    });
  });

  test.each([
    [-5, 'The TimeoutSeconds field must be an integer of 1 or more but was: -5'],
    [1.5, 'The TimeoutSeconds field must be an integer of 1 or more but was: 1.5'],
  ])('a time-out of %d s is none', async (seconds, reason) => {
    const work = { Type: 'Task', Resource: lambda, TimeoutSeconds: '{% $states.input %}', End: true };
    const run = await runVirtually(machine({ X: work }, jsonata), { input: seconds });
    expect(run.ended).toMatchObject({ error: 'States.QueryEvaluationError', cause: expect.stringContaining(reason) });
  });

  test('a query that fails a Map leaves both events', async () => {
    const map = { Type: 'Map', Items: '{% null %}', ItemProcessor: { StartAt: 'I', States: { I: done } }, End: true };
    const run = await runVirtually(machine({ M: map }, jsonata));
    expect(run.trail.slice(1)).toEqual(['2<0 MapStateEntered', '3<0 EvaluationFailed', '4<3 MapStateFailed', '5<4 ExecutionFailed']);
  });

  test('Catch sees the error output, and a failed query can be caught', async () => {
    const work = {
      Type: 'Task',
      Resource: lambda,
      Output: '{% $gone %}',
      Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: '{% $states.errorOutput.Error %}', Next: 'Z' }],
      End: true,
    };
    const run = await runVirtually(machine({ X: work, Z: done }, jsonata), { tasks: () => ({ output: 1 }) });
    expect(run.ended?.output).toBe('States.QueryEvaluationError');
  });

  test('a Map over expressions, each iteration with its own item', async () => {
    const items = { StartAt: 'I', States: { I: { Type: 'Pass', Output: '{% $states.input.v * 2 %}', End: true } } };
    const map = {
      Type: 'Map',
      Items: '{% $states.input.list %}',
      ItemSelector: { v: '{% $states.context.Map.Item.Value %}' },
      MaxConcurrency: 2,
      ItemProcessor: items,
    };
    const run = await runVirtually(machine({ M: { ...map, End: true } }, jsonata), { input: { list: [1, 2, 3] } });
    expect(run.ended?.output).toEqual([2, 4, 6]);
  });
});
