import { performance } from 'node:perf_hooks';
import type { Cancel, Clock } from '../../core/clock.ts';
import type { MetricSink } from '../contract.ts';

/** Publishes, once a second of the lab, how busy the pipeline's thread was; returns what ends it. */
export function publishEventLoopLoad(clock: Clock, metrics: MetricSink): Cancel {
  const series = metrics.series('Proofload/Lab', 'EventLoopUtilization', {}, 'Percent');
  let last = performance.eventLoopUtilization();
  let cancel: Cancel;
  const publish = (): void => {
    const now = performance.eventLoopUtilization();
    series.add(performance.eventLoopUtilization(now, last).utilization * 100);
    last = now;
    cancel = clock.schedule(1000, publish);
  };
  cancel = clock.schedule(1000, publish);
  return () => cancel();
}
