import { describe, expect, it } from 'vitest';
import { monotonicMs, virtualClock, wallClock } from '../../core/clock.ts';
import { AwsError } from '../../core/errors.ts';
import { Numbers } from '../../core/numbers.ts';
import { seededRng } from '../../core/rng.ts';
import type { Operation, Outcome } from '../contract.ts';
import { Delays, ServiceTimes } from './delays.ts';
import type { FaultDecider } from './faults.ts';
import { Meter } from './meter.ts';
import { callContext, Pipeline } from './pipeline.ts';

const latency = new Numbers([['op', { value: 20, unit: 'ms', source: 'test', date: '2026-11-24', status: 'assumed' }]]);

function setUp(options: { faults?: FaultDecider[]; delays?: Delays } = {}) {
  const excess: number[] = [];
  const modelled: number[] = [];
  const meter = new Meter();
  const pipeline = new Pipeline({
    faults: options.faults ?? [],
    delays: options.delays,
    serviceTimes: new ServiceTimes(latency, seededRng('t')),
    meter,
    metrics: { series: (_namespace, metric) => ({ add: (value) => void (metric === 'Excess' ? excess : modelled).push(value) }) },
  });
  const run = (operation: Operation, arrivedMs = monotonicMs(), sent = false) => {
    const call = callContext('id', { kind: 'http' }, arrivedMs, sent);
    return { call, output: pipeline.run(pipeline.entry('s', 'Op', operation), { a: 1 }, call) };
  };
  return { excess, modelled, meter, run };
}

describe('the pipeline', () => {
  it('asks faults first, then admission, then acts, then meters and publishes', async () => {
    const steps: string[] = [];
    const { run, meter } = setUp({ faults: [({ service, operation }) => void steps.push(`fault ${service}.${operation}`)] });
    const { output } = run({
      admit: () => void steps.push('admit'),
      act: () => steps.push('act'),
      meter: () => [{ resource: 'r', dimension: 'd', quantity: 2 }],
      publish: () => void steps.push('publish'),
    });
    await output;
    expect(steps).toEqual(['fault s.Op', 'admit', 'act', 'publish']);
    expect(meter.totals()).toEqual([{ resource: 'r', dimension: 'd', quantity: 2 }]);
  });

  it.each([
    ['a fault', { faults: [refuse] }, {}],
    ['the admission', {}, { admit: refuse }],
  ])('does not act when %s refuses, and publishes the refusal', async (_who, options, members) => {
    const { run, excess } = setUp(options);
    const outcomes: Outcome[] = [];
    let acted = false;
    const operation: Operation = {
      ...members,
      act: () => {
        acted = true;
      },
      publish: (_input, outcome) => void outcomes.push(outcome),
    };
    await expect(run(operation).output).rejects.toThrow('no');
    expect([acted, outcomes, excess.length]).toEqual([false, [{ error: expect.objectContaining({ message: 'no' }) }], 1]);
  });

  it('waits for the service time less what has passed since the call arrived', async () => {
    const wall = virtualClock();
    const { run } = setUp({ delays: new Delays(wall) });
    let acted = false;
    const act = (): void => {
      acted = true;
    };
    const { call, output } = run({ latencyKey: 'op', act }, monotonicMs() - 12);
    expect(call.modelledMs).toBe(20);
    await wall.advance(6.5);
    expect(acted).toBe(false);
    await wall.advance(2.5);
    await output;
    expect(acted).toBe(true);
  });

  it('counts as excess what an operation took beyond what it says it meant to take, and tells that', async () => {
    const { run, excess, modelled } = setUp();
    const operation: Operation = {
      act: (_input, call) => {
        call.modelledMs += 40;
      },
    };
    await run(operation, monotonicMs() - 50).output;
    await run(operation, monotonicMs() - 10).output;
    expect(excess[0]).toBeGreaterThanOrEqual(10);
    expect(excess[0]).toBeLessThan(30);
    expect(excess[1]).toBe(0);
    expect(modelled).toEqual([40, 40]);
  });

  it('leaves the excess of an answer that is still to be sent to its sender', async () => {
    const { run, excess } = setUp();
    const { call, output } = run({ act: () => undefined }, monotonicMs() - 50, true);
    await output;
    expect(excess).toEqual([]);
    call.excess?.add(7);
    expect(excess).toEqual([7]);
  });
});

it('sees no time left once an instant has passed', () => {
  const delays = new Delays(wallClock());
  expect(delays.left(monotonicMs() - 1)).toBe(0);
  expect(delays.left(monotonicMs() + 100)).toBeGreaterThanOrEqual(99);
});

function refuse(): void {
  throw new AwsError('Refused', 'no');
}
