import type { Dimensions, MetricSeries, MetricSink } from '../contract.ts';

/** A series that exists from its first value on, as in CloudWatch, where what never happened is not listed. */
export function lazySeries(metrics: MetricSink, namespace: string, metric: string, dimensions: Dimensions, unit: string): MetricSeries {
  let series: MetricSeries | undefined;
  return {
    add(value, atMs) {
      series ??= metrics.series(namespace, metric, dimensions, unit);
      series.add(value, atMs);
    },
  };
}
