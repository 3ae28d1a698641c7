import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redriveVirtually, runVirtually, type VirtualRun } from '../../../test/virtual-execution.ts';
import type { Json } from './types.ts';

type States = { [name: string]: Json };

/** A state of any type; nested graphs get names of their own. */
interface Plan {
  readonly kind: 'pass' | 'task' | 'callback' | 'wait' | 'fail' | 'choice' | 'parallel' | 'map' | 'distributed';
  readonly retry: boolean;
  readonly caught: boolean;
  readonly inner: readonly (readonly Plan[])[];
}

const leaf = fc.constantFrom<Plan['kind'][]>('pass', 'task', 'callback', 'wait', 'fail', 'choice');
const flags = { retry: fc.boolean(), caught: fc.boolean() };
const { plan } = fc.letrec<{ plan: Plan; graph: readonly Plan[] }>((tie) => ({
  graph: fc.array(tie('plan'), { minLength: 1, maxLength: 3 }),
  plan: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: leaf, ...flags, inner: fc.constant([]) }),
    fc.record({
      kind: fc.constantFrom<Plan['kind'][]>('parallel', 'map', 'distributed'),
      ...flags,
      inner: fc.array(tie('graph'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

/** The graph of the plans, one after the other, `isJsonata` or not: both languages must lead to the same course. */
function graphOf(plans: readonly Plan[], prefix: string, isJsonata: boolean): States {
  const states: States = {};
  for (const [i, each] of plans.entries()) {
    const next = i + 1 < plans.length ? { Next: `${prefix}${i + 1}` } : { End: true };
    states[`${prefix}${i}`] = stateOf(each, `${prefix}${i}`, next, isJsonata);
  }
  states[`${prefix}end`] = { Type: 'Succeed' };
  const test = isJsonata ? { Condition: '{% $states.input = "never" %}' } : { Variable: '$', StringEquals: 'never' };
  // Every state must be in reach, also after a Fail or a Choice: rules that never match lead there.
  const rules = plans.map((_, i) => ({ ...test, Next: `${prefix}${i}` }));
  states[`${prefix}start`] = { Type: 'Choice', Choices: [{ ...test, Next: `${prefix}end` }, ...rules], Default: `${prefix}0` };
  return { StartAt: `${prefix}start`, States: states };
}

function stateOf({ kind, retry, caught, inner }: Plan, name: string, next: States, isJsonata: boolean): Json {
  const end = `${name.slice(0, -1)}end`;
  const guards = {
    ...(retry ? { Retry: [{ ErrorEquals: ['A', 'States.Timeout'], MaxAttempts: 1 }] } : {}),
    ...(caught ? { Catch: [{ ErrorEquals: ['States.ALL'], Next: end }] } : {}),
  };
  const asked = isJsonata ? 'Arguments' : 'Parameters';
  const graphs = inner.map((plans, i) => graphOf(plans, `${name}-${i}-`, isJsonata));
  switch (kind) {
    case 'pass':
      return { Type: 'Pass', ...next };
    case 'task':
      return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', [asked]: { FunctionName: 'f' }, ...guards, ...next };
    case 'callback':
      return {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        [asked]: { QueueUrl: 'q', MessageBody: 'm' },
        TimeoutSeconds: 20,
        HeartbeatSeconds: 15,
        ...guards,
        ...next,
      };
    case 'wait':
      return { Type: 'Wait', Seconds: 3, ...next };
    case 'fail':
      return { Type: 'Fail', Error: 'A' };
    case 'choice':
      return { Type: 'Choice', Choices: [isJsonata ? { Condition: '{% true %}', Next: end } : { Variable: '$', IsPresent: true, Next: end }] };
    case 'parallel':
      return { Type: 'Parallel', Branches: graphs, ...guards, ...next };
    case 'map':
    case 'distributed': {
      const items = isJsonata ? { Items: '{% [1,2,3] %}' } : { InputPath: '$$.Execution.Input.items' };
      const config = kind === 'map' ? {} : { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
      return { Type: 'Map', ...items, MaxConcurrency: 2, ItemProcessor: { ...(graphs[0] as States), ...config }, ...guards, ...next };
    }
  }
}

const reply = fc.constantFrom('ok', 'A', 'B', 'silent');

function run(definition: Json, replies: readonly string[], stopSec: number | undefined): Promise<VirtualRun> {
  return runVirtually(definition, {
    input: { items: [1, 2, 3] },
    tasks: (request, count) => {
      const what = replies[count % replies.length] ?? 'ok';
      const isCallback = request.integration === 'waitForTaskToken';
      if (what === 'silent' && isCallback) return undefined;
      const submitted = isCallback ? { submitted: {} } : {};
      return what === 'A' || what === 'B' ? { error: what, ...submitted } : { output: { ok: true }, ...submitted };
    },
    mapRun: () => (replies[0] === 'A' ? { error: 'A', cause: '' } : { results: [] }),
    outside: stopSec === undefined ? [] : [{ atSec: stopSec, event: () => ({ kind: 'stop' }) }],
  });
}

test('any machine ends, leaves nothing open, and writes a history that hangs together', async () => {
  const stop = fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: 3 }),
      fc.array(reply, { minLength: 1, maxLength: 5 }),
      stop,
      async (plans, replies, stopSec) => {
        const { ended, history, execution, requests, transitions, leftTimers } = await run(graphOf(plans, 's', false), replies, stopSec);
        expect(ended).toBeDefined();
        expect(execution.waiting.size).toBe(0);
        expect(leftTimers).toBe(0);
        expect(history.map(({ id }) => id)).toEqual(history.map((_, i) => i + 1));
        for (const { id, previousEventId } of history) expect(previousEventId).toBeLessThan(id);
        expect(history.at(-1)?.type).toMatch(/^Execution(Succeeded|Failed|Aborted)$/);
        const count = (type: RegExp): number => history.filter((event) => type.test(event.type)).length;
        expect(count(/^(TaskScheduled)$/)).toBe(requests.length);
        expect(transitions).toBeGreaterThanOrEqual(count(/StateEntered$/));
        expect(count(/^MapIterationStarted$/)).toBeGreaterThanOrEqual(count(/^MapIteration(Succeeded|Failed|Aborted)$/));
      },
    ),
    { numRuns: 150 },
  );
});

test('any machine that failed or was stopped goes on when it is redriven, and ends', async () => {
  const stop = fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: 3 }),
      fc.array(reply, { minLength: 1, maxLength: 5 }),
      stop,
      async (plans, replies, stopSec) => {
        const first = await run(graphOf(plans, 's', false), replies, stopSec);
        if (first.ended?.status === 'SUCCEEDED') return;
        const submitted = (integration: string) => (integration === 'waitForTaskToken' ? { submitted: {} } : {});
        const again = await redriveVirtually(first, {
          tasks: ({ integration }) => ({ output: {}, ...submitted(integration) }),
          mapRun: () => ({ results: [] }),
        });
        expect(again.ended).toBeDefined();
        expect([again.execution.waiting.size, again.leftTimers]).toEqual([0, 0]);
        expect(again.history.map(({ id }) => id)).toEqual(again.history.map((_, i) => first.history.length + i + 1));
        // Tasks all answer now: only a Fail state is still in the way.
        if (again.ended?.status !== 'SUCCEEDED') expect(again.ended?.error).toBe('A');
      },
    ),
    { numRuns: 150 },
  );
});

test('JSONPath and JSONata lead the same machine the same way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 3 }), fc.array(reply, { minLength: 1, maxLength: 5 }), async (plans, replies) => {
      const byPath = await run(graphOf(plans, 's', false), replies, undefined);
      const byQuery = await run({ ...graphOf(plans, 's', true), QueryLanguage: 'JSONata' }, replies, undefined);
      expect(byQuery.trail).toEqual(byPath.trail);
      expect(byQuery.ended?.status).toBe(byPath.ended?.status);
    }),
    { numRuns: 60 },
  );
});
