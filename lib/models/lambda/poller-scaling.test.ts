import { expect, it } from 'vitest';
import { PollerScaling } from './poller-scaling.ts';

const rules = { initial: 5, idle: 2, max: 1000, busyShare: 0.75, perStep: 5 };

it('grows by 300 a minute while its pollers are busy, up to the limit', () => {
  const scaling = new PollerScaling(rules);
  const after = (steps: number): number => {
    for (let i = 0; i < steps; i++) scaling.step(0.8);
    return scaling.wanted;
  };
  expect([after(0), after(1), after(59), after(140)]).toEqual([5, 10, 305, 1000]);
});

it('does not grow while pollers have time, and shrinks to two on an empty queue', () => {
  const scaling = new PollerScaling(rules);
  scaling.step(0.7);
  expect(scaling.wanted).toBe(5);
  for (let i = 0; i < 10; i++) scaling.foundNothing();
  expect(scaling.wanted).toBe(2);
});

it('backs off on failures, and grows again a step after the last', () => {
  const scaling = new PollerScaling(rules);
  scaling.failed();
  scaling.step(1);
  expect(scaling.wanted).toBe(4);
  scaling.step(1);
  expect(scaling.wanted).toBe(9);
});

it('stays below a maximum concurrency', () => {
  const scaling = new PollerScaling({ ...rules, max: 3 });
  scaling.step(1);
  expect(scaling.wanted).toBe(3);
});
