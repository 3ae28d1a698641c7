import { expect, it } from 'vitest';
import { virtualLab } from '../../../../test/virtual-lab.ts';
import type { MetricSink } from '../../contract.ts';
import { loadWireServices } from '../../gateway/wire-services.ts';
import { Rates } from './rates.ts';
import { createStatesService } from './service.ts';

/** What Step Functions allows in most regions. Source: AWS Step Functions developer guide, quotas. */
const mostRegions = {
  'states.start-execution-standard-bucket': 800,
  'states.start-execution-standard-refill': 150,
  'states.state-transition-bucket': 800,
  'states.state-transition-refill': 800,
};

/** For how long orders come, after a second in which the buckets that were emptied fill a little. */
const offeredSec = 60;
const savedMs = 1000;

interface Held {
  readonly endedPerSec: number;
  readonly refused: number;
  /** Orders that wait for a transition in the end. */
  readonly waiting: number;
}

/** What becomes of `perSec` orders a second, each a start and then `transitions` in a row that take no time themselves. */
function offer(perSec: number, transitions: number, quotas: Readonly<Record<string, number>>): Held {
  let nowMs = 0;
  const { context } = virtualLab(() => []);
  const clock = { ...context.clock, now: () => nowMs, schedule: () => () => undefined };
  const site = context.quotas.with(quotas, 'the site', '2026-11-24');
  const rates = new Rates({ ...context, clock, quotas: site });
  const admit = rates.api('StartExecution', 'start-execution-standard');
  for (let i = 0; i < site.number('states.start-execution-standard-bucket'); i++) admit();
  for (let i = 0; i < site.number('states.state-transition-bucket'); i++) rates.transition();
  // The line for transitions is first in, first out, so orders are under way in the order of their next one.
  const line: { readonly atMs: number; readonly left: number }[] = [];
  let [served, ended, refused] = [0, 0, 0];
  const transit = (atMs: number, left: number): void => {
    nowMs = atMs;
    if (left === 0) ended++;
    else line.push({ atMs: nowMs + rates.transition(), left: left - 1 });
  };
  for (let i = 0; i < perSec * offeredSec; i++) {
    const atMs = savedMs + (i * 1000) / perSec;
    for (let order = line[served]; order && order.atMs <= atMs; order = line[++served]) transit(order.atMs, order.left);
    nowMs = atMs;
    try {
      admit();
      transit(atMs, transitions);
    } catch {
      refused++;
    }
  }
  return { endedPerSec: ended / offeredSec, refused, waiting: line.length - served };
}

it.each([
  ['us-east-1', 10, 300, 'starts'],
  ['us-east-1', 20, 250, 'transitions'],
  ['us-east-1', 30, 166, 'transitions'],
  ['most regions', 10, 80, 'transitions'],
  ['most regions', 20, 40, 'transitions'],
  ['most regions', 30, 26, 'transitions'],
])('in %s a saga of %d transitions holds %d orders a second, and no more for want of %s', (region, transitions, perSec, binding) => {
  const quotas = region === 'us-east-1' ? {} : mostRegions;
  const held = offer(perSec, transitions, quotas);
  expect(held.endedPerSec).toBeCloseTo(perSec, 0);
  expect(held.refused).toBe(0);
  expect(held.waiting).toBeLessThanOrEqual(1);
  const few = 0.03 * perSec * offeredSec;
  const over = offer(perSec * 1.1, transitions, quotas);
  expect([over.refused > few, over.waiting > few]).toEqual([binding === 'starts', binding === 'transitions']);
});

it('takes one transition for each state that an execution enters', async () => {
  await loadWireServices();
  let taken = 0;
  const metrics: MetricSink = {
    series: (_namespace, metric, dimensions) => ({
      add: (value) => {
        if (metric === 'ConsumedCapacity' && dimensions['ServiceMetric'] === 'StateTransition') taken += value;
      },
    }),
  };
  const lab = virtualLab((context) => [createStatesService({ ...context, metrics })]);
  const names = Array.from({ length: 10 }, (_, i) => `S${i}`);
  const states = names.map((name, i) => [name, { Type: 'Pass', ...(names[i + 1] === undefined ? { End: true } : { Next: names[i + 1] }) }]);
  const definition = JSON.stringify({ StartAt: 'S0', States: Object.fromEntries(states) });
  const roleArn = 'arn:aws:iam::123456789012:role/flow';
  const { stateMachineArn } = await lab.call<{ stateMachineArn: string }>('states', 'CreateStateMachine', { name: 'm', roleArn, definition });
  await lab.call('states', 'StartExecution', { stateMachineArn });
  await lab.clock.advance(1000);
  expect(taken).toBe(10);
  await lab.stop();
});
