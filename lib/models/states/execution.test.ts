import { describe, expect, test } from 'vitest';
import { machine, runVirtually } from '../../../test/virtual-execution.ts';

const lambda = 'arn:aws:lambda:us-east-1:123456789012:function:work';
const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'work', 'Payload.$': '$' } };
const done = { Type: 'Succeed' };

describe('history, as AWS recorded it', () => {
  test('a Task asked through a service integration', async () => {
    const run = await runVirtually(machine({ Work: { ...task, TimeoutSeconds: 5, End: true } }), {
      input: { n: 1 },
      tasks: () => ({ output: { ok: true } }),
    });
    expect(run.trail).toEqual([
      '1<0 ExecutionStarted',
      '2<0 TaskStateEntered',
      '3<2 TaskScheduled',
      '4<3 TaskStarted',
      '5<4 TaskSucceeded',
      '6<5 TaskStateExited',
      '7<6 ExecutionSucceeded',
    ]);
    expect(run.history[2]?.details).toEqual({
      taskScheduledEventDetails: {
        ...{
          parameters: '{"FunctionName":"work","Payload":{"n":1}}',
          region: 'us-east-1',
          resource: 'invoke',
          resourceType: 'lambda',
          timeoutInSeconds: 5,
        },
      },
    });
    expect(run.ended).toEqual({ kind: 'ended', status: 'SUCCEEDED', output: { ok: true } });
  });

  test('a Lambda function by its ARN that fails', async () => {
    const run = await runVirtually(machine({ Work: { Type: 'Task', Resource: lambda, End: true } }), {
      tasks: () => ({ error: 'Boom', cause: 'why' }),
    });
    expect(run.trail.slice(2)).toEqual([
      '3<2 LambdaFunctionScheduled',
      '4<3 LambdaFunctionStarted',
      '5<4 LambdaFunctionFailed',
      '6<5 ExecutionFailed',
    ]);
    expect(run.history[2]?.details).toEqual({
      lambdaFunctionScheduledEventDetails: { input: '{}', inputDetails: { truncated: false }, resource: lambda },
    });
    expect(run.ended).toEqual({ kind: 'ended', status: 'FAILED', error: 'Boom', cause: 'why' });
  });

  test('an iteration that fails is caught by the Map', async () => {
    const items = { StartAt: 'Bad', States: { Bad: { Type: 'Fail', Error: 'Item', Cause: 'why' } } };
    const map = {
      Type: 'Map',
      ItemsPath: '$.arr',
      MaxConcurrency: 1,
      ItemProcessor: items,
      Catch: [{ ErrorEquals: ['Item'], Next: 'Caught' }],
      Next: 'Caught',
    };
    const run = await runVirtually(machine({ Start: { Type: 'Pass', Next: 'M' }, M: map, Caught: { Type: 'Pass', End: true } }), {
      input: { arr: [1] },
    });
    expect(run.trail.slice(3)).toEqual([
      ...['4<3 MapStateEntered', '5<4 MapStateStarted', '6<5 MapIterationStarted', '7<6 FailStateEntered', '8<7 MapIterationFailed'],
      ...['9<7 MapStateFailed', '10<9 MapStateExited', '11<10 PassStateEntered', '12<11 PassStateExited', '13<12 ExecutionSucceeded'],
    ]);
    expect(run.ended?.output).toEqual({ Error: 'Item', Cause: 'why' });
  });

  test('iterations one at a time follow each other', async () => {
    const items = { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } };
    const run = await runVirtually(machine({ M: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: items, End: true } }), { input: ['a', 'b'] });
    expect(run.trail.slice(1)).toEqual([
      ...['2<0 MapStateEntered', '3<2 MapStateStarted', '4<3 MapIterationStarted', '5<4 PassStateEntered', '6<5 PassStateExited'],
      ...['7<6 MapIterationSucceeded', '8<6 MapIterationStarted', '9<8 PassStateEntered', '10<9 PassStateExited', '11<10 MapIterationSucceeded'],
      ...['12<11 MapStateSucceeded', '13<11 MapStateExited', '14<13 ExecutionSucceeded'],
    ]);
  });

  test('a Map says that it failed only when no retry follows', async () => {
    const items = { StartAt: 'Bad', States: { Bad: { Type: 'Fail', Error: 'Item' } } };
    const run = await runVirtually(
      machine({ M: { Type: 'Map', ItemProcessor: items, Retry: [{ ErrorEquals: ['Item'], MaxAttempts: 1 }], End: true } }),
      { input: [1] },
    );
    expect(run.trail.slice(2)).toEqual([
      ...['3<2 MapStateStarted', '4<3 MapIterationStarted', '5<4 FailStateEntered', '6<5 MapIterationFailed'],
      ...[
        '7<5 MapStateStarted',
        '8<7 MapIterationStarted',
        '9<8 FailStateEntered',
        '10<9 MapIterationFailed',
        '11<9 MapStateFailed',
        '12<11 ExecutionFailed',
      ],
    ]);
  });

  test('the first time-out in a Map aborts the other iterations', async () => {
    const items = { StartAt: 'Work', States: { Work: { ...task, TimeoutSeconds: 5, End: true } } };
    const run = await runVirtually(machine({ M: { Type: 'Map', ItemProcessor: items, End: true } }), { input: [1, 2] });
    expect(run.trail.slice(11)).toEqual([
      ...['12<8 TaskTimedOut', '13<12 MapIterationFailed', '14<12 TaskStateAborted', '15<12 MapIterationAborted', '16<12 TaskStateAborted'],
      ...['17<12 MapStateFailed', '18<17 ExecutionFailed'],
    ]);
    expect(run.cancelled).toEqual(run.requests.map(({ task: id }) => id));
  });

  test('StopExecution aborts without a word of the state', async () => {
    const run = await runVirtually(machine({ W: { Type: 'Wait', Seconds: 60, End: true } }), {
      outside: [{ atSec: 1, event: () => ({ kind: 'stop', error: 'E', cause: 'C' }) }],
    });
    expect(run.trail).toEqual(['1<0 ExecutionStarted', '2<0 WaitStateEntered', '3<0 ExecutionAborted']);
    expect(run.ended).toEqual({ kind: 'ended', status: 'ABORTED', error: 'E', cause: 'C' });
  });
});

describe('errors', () => {
  const retry = [
    { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
    { ErrorEquals: ['ErrorC'], IntervalSeconds: 5 },
  ];

  test("AWS's complex retry: A, B, C, B wait 1, 2 and 5 seconds and then go to Catch", async () => {
    const errors = ['ErrorA', 'ErrorB', 'ErrorC', 'ErrorB', 'ErrorB'];
    const work = { ...task, Retry: retry, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }], End: true };
    const run = await runVirtually(machine({ X: work, Z: done }), { tasks: (_, count) => ({ error: errors[count - 1] as string }) });
    expect(run.requestedSec).toEqual([0, 1, 3, 8]);
    expect(run.ended?.status).toBe('SUCCEEDED');
    expect(run.ended?.output).toEqual({ Error: 'ErrorB', Cause: null });
    // X, three retries of it, Z: each is a transition.
    expect(run.transitions).toBe(5);
  });

  test('MaxDelaySeconds caps the backoff, FULL jitter draws below it', async () => {
    const retriers = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 10, MaxAttempts: 3, MaxDelaySeconds: 30 }];
    const failing = { tasks: () => ({ error: 'E' }) };
    const capped = await runVirtually(machine({ X: { ...task, Retry: retriers, End: true } }), failing);
    expect(capped.requestedSec).toEqual([0, 2, 22, 52]);
    const full = retriers.map((each) => ({ ...each, JitterStrategy: 'FULL' }));
    const jittered = await runVirtually(machine({ X: { ...task, Retry: full, End: true } }), failing);
    const waits = jittered.requestedSec.slice(1).map((at, i) => at - (jittered.requestedSec[i] as number));
    for (const [i, wait] of waits.entries()) expect(wait).toBeLessThan([2, 20, 30][i] as number);
    expect(jittered.elapsedSec).toBeLessThan(capped.elapsedSec);
  });

  test.each([
    ['States.ALL', 'Custom', true],
    ['States.ALL', 'States.Timeout', true],
    ['States.ALL', 'States.DataLimitExceeded', false],
    ['States.DataLimitExceeded', 'States.DataLimitExceeded', true],
    ['States.ALL', 'States.Runtime', false],
    ['States.Runtime', 'States.Runtime', false],
    ['States.TaskFailed', 'Custom', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['Custom', 'Other', false],
  ])('%s speaks of %s: %s', async (name, error, isCaught) => {
    const work = { ...task, Catch: [{ ErrorEquals: [name], Next: 'Z' }], End: true };
    const run = await runVirtually(machine({ X: work, Z: done }), { tasks: () => ({ error }) });
    expect(run.ended?.status).toBe(isCaught ? 'SUCCEEDED' : 'FAILED');
  });

  test.each([
    [{ TimeoutSeconds: 10 }, 'States.HeartbeatTimeout', false],
    [{ HeartbeatSeconds: 10 }, 'States.HeartbeatTimeout', true],
    [{ HeartbeatSeconds: 10 }, 'States.Timeout', true],
  ])('a callback that never comes: %j against %s', async (limits, name, isCaught) => {
    const wait = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', MessageBody: { 'T.$': '$$.Task.Token' } },
      ...limits,
    };
    const states = { X: { ...wait, Catch: [{ ErrorEquals: [name], Next: 'Z' }], End: true }, Z: done };
    const run = await runVirtually(machine(states));
    expect(run.requests[0]?.request.arguments).toEqual({ QueueUrl: 'q', MessageBody: { T: run.requests[0]?.request.taskToken } });
    expect(run.history.find(({ type }) => type === 'TaskTimedOut')?.details).toMatchObject({ taskTimedOutEventDetails: { error: 'States.Timeout' } });
    expect(run.ended?.status).toBe(isCaught ? 'SUCCEEDED' : 'FAILED');
    if (isCaught) expect(run.ended?.output).toEqual({ Error: 'States.Timeout', Cause: '' });
    expect(run.elapsedSec).toBe(10);
  });

  test('heartbeats put the time-out off, and a late answer is ignored', async () => {
    const wait = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', MessageBody: 'm' },
      HeartbeatSeconds: 10,
      End: true,
    };
    const beat = (atSec: number) => ({
      atSec,
      event: (open: readonly { task: number }[]) => ({ kind: 'heartbeat', task: open[0]?.task ?? 0 }) as const,
    });
    const run = await runVirtually(machine({ X: wait }), { outside: [beat(8), beat(16), beat(40)] });
    expect(run.elapsedSec).toBe(26);
    expect(run.ended?.error).toBe('States.Timeout');
  });

  test("the machine's TimeoutSeconds ends it and cancels what is open", async () => {
    const run = await runVirtually(machine({ X: { ...task, End: true } }, { TimeoutSeconds: 30 }));
    expect(run.ended).toEqual({ kind: 'ended', status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(run.cancelled).toHaveLength(1);
    expect(run.trail.at(-1)).toBe('5<0 ExecutionTimedOut');
  });

  test.each([
    ['result', { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }], End: true }, "The state/task 'lambda' returned"],
    ['output', { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, Next: 'Z' }, "The state/task 'X' returned"],
  ])('a %s over the payload limit', async (_, state, cause) => {
    const run = await runVirtually(machine({ X: state, Z: done }), {
      input: 'é'.repeat(30),
      maxPayloadBytes: 100,
      tasks: () => ({ output: 'é'.repeat(60) }),
    });
    expect(run.ended).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded', cause: expect.stringContaining(cause) });
  });

  test('a Catcher whose output is over the payload limit fails the execution, and does not catch itself', async () => {
    const caught = [{ ErrorEquals: ['States.DataLimitExceeded'], ResultPath: '$.error', Next: 'Z' }];
    const run = await runVirtually(machine({ X: { ...task, Catch: caught, End: true }, Z: done }), {
      ...{ input: { text: 'x'.repeat(60) }, maxPayloadBytes: 120 },
      tasks: () => ({ output: 'x'.repeat(130) }),
    });
    expect(run.ended).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});
