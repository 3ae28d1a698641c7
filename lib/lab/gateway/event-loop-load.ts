import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Cancel, Clock } from '../../core/clock.ts';
import type { MetricSink } from '../contract.ts';

/** How often the delay is looked at, in ms: Node counts this in, so that it is taken off again. */
const resolution = 10;

/**
 * Publishes, once a second of the lab, how busy the pipeline's thread was and how long its turns made others wait (the 99th
 * percentile, in wall ms); returns what ends it.
 */
export function publishEventLoopLoad(clock: Clock, metrics: MetricSink): Cancel {
  const utilization = metrics.series('Proofload/Lab', 'EventLoopUtilization', {}, 'Percent');
  const delay = metrics.series('Proofload/Lab', 'EventLoopDelay', {}, 'Milliseconds');
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  let last = performance.eventLoopUtilization();
  let cancel: Cancel;
  const publish = (): void => {
    const now = performance.eventLoopUtilization();
    utilization.add(performance.eventLoopUtilization(now, last).utilization * 100);
    last = now;
    if (delays.count > 0) delay.add(Math.max(0, delays.percentile(99) / 1e6 - resolution));
    delays.reset();
    cancel = clock.schedule(1000, publish);
  };
  cancel = clock.schedule(1000, publish);
  return () => {
    cancel();
    delays.disable();
  };
}
