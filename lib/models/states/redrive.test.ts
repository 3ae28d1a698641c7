import { expect, test } from 'vitest';
import { machine, redriveVirtually, runVirtually } from '../../../test/virtual-execution.ts';
import type { Json, TaskRequest } from './types.ts';

const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f', 'Payload.$': '$' }, End: true };
const graph = (name: string, state: Json): Json => ({ StartAt: name, States: { [name]: state } });
const itemOf = ({ arguments: given }: TaskRequest): Json => (given as { Payload: Json }).Payload;

test('a redrive repeats the iterations that did not succeed, and starts those that had not started', async () => {
  const map = { Type: 'Map', MaxConcurrency: 2, ItemProcessor: graph('In', task), End: true };
  const first = await runVirtually(machine({ M: map }), {
    input: [0, 1, 2, 3],
    tasks: (request) => {
      if (itemOf(request) === 1) return { error: 'Bad' };
      return itemOf(request) === 2 ? undefined : { output: `first ${itemOf(request)}` };
    },
  });
  expect(first.ended).toMatchObject({ status: 'FAILED', error: 'Bad' });
  const again = await redriveVirtually(first, { tasks: (request) => ({ output: `again ${itemOf(request)}` }) });
  expect(again.requests.map(({ request }) => itemOf(request))).toEqual([1, 2, 3]);
  expect(again.ended?.output).toEqual(['first 0', 'again 1', 'again 2', 'again 3']);
  expect(again.trail.slice(0, 3)).toEqual(['22<21 ExecutionRedriven', '23<22 TaskStateEntered', '24<23 TaskScheduled']);
  // Each state that is entered again is a transition.
  expect(again.transitions).toBe(3);
});

test('a redrive repeats the branches that did not succeed, from the state where they were', async () => {
  const nested = { Type: 'Map', InputPath: '$.items', ItemProcessor: graph('In', task), End: true };
  const branches = [
    graph('A', task),
    { StartAt: 'B0', States: { B0: { Type: 'Pass', Next: 'B' }, B: nested } },
    graph('C', { Type: 'Wait', Seconds: 60, End: true }),
  ];
  const states = { P: { Type: 'Parallel', Branches: branches, Next: 'Z' }, Z: { Type: 'Pass', InputPath: '$$.Execution', End: true } };
  const input = { items: ['x', 'y'] };
  const tasks = (bad: Json) => (request: TaskRequest) => (itemOf(request) === bad ? { error: 'Bad' } : { output: itemOf(request) });
  const first = await runVirtually(machine(states, { TimeoutSeconds: 100 }), { input, tasks: tasks('y') });
  const again = await redriveVirtually(first, { tasks: tasks('none') });
  expect(again.requests.map(({ request }) => itemOf(request))).toEqual(['y']);
  expect(again.ended?.output).toMatchObject({ RedriveCount: 1, RedriveTime: '2026-01-01T00:00:00.000Z' });
  expect(again.history.find(({ type }) => type === 'ParallelStateExited')?.details).toMatchObject({
    stateExitedEventDetails: { output: JSON.stringify([input, ['x', 'y'], input]) },
  });
  expect([again.elapsedSec, again.leftTimers]).toEqual([60, 0]);
});

test('an ItemSelector that failed is evaluated again, results that were complete are kept', async () => {
  const states = (map: { [name: string]: Json }) =>
    machine({ M: { Type: 'Map', ItemProcessor: graph('In', { ...task, Parameters: { FunctionName: 'f' } }), End: true, ...map } });
  const ok = { tasks: () => ({ output: {} }) };
  const selecting = await runVirtually(states({ ItemSelector: { 'v.$': '$$.Map.Item.Value.gone' } }), { input: [1], ...ok });
  const again = await redriveVirtually(selecting, ok);
  expect([again.requests.length, again.ended?.error]).toEqual([0, 'States.Runtime']);
  const complete = await runVirtually(states({ ResultSelector: { 'v.$': '$[7]' } }), { input: [1], ...ok });
  const kept = await redriveVirtually(complete, ok);
  expect([kept.requests.length, kept.transitions, kept.ended?.error]).toEqual([0, 0, 'States.Runtime']);
});
