import { expect, it } from 'vitest';
import { monotonicMs, virtualClock } from '../../core/clock.ts';
import { publishEventLoopLoad } from './event-loop-load.ts';

it('publishes how busy the thread was and how long it made others wait, a point a second', async () => {
  const clock = virtualClock();
  const values = new Map<string, number[]>();
  const stop = publishEventLoopLoad(clock, {
    series: (_namespace, metric) => ({ add: (value) => void values.set(metric, [...(values.get(metric) ?? []), value]) }),
  });
  // Turns of the event loop, one of them long, in which Node's own timer looks at the delay.
  const turn = () => new Promise((resolve) => setTimeout(resolve, 15));
  await turn();
  for (const endMs = monotonicMs() + 60; monotonicMs() < endMs; );
  await turn();
  await clock.advance(1000);
  stop();
  await clock.advance(5000);
  const [utilization = [], delay = []] = [values.get('EventLoopUtilization'), values.get('EventLoopDelay')];
  expect([utilization.length, delay.length]).toEqual([1, 1]);
  expect(delay[0]).toBeGreaterThan(35);
  expect(delay[0]).toBeLessThan(5000);
});
