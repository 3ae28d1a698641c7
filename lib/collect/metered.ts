import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { periodStart } from '../models/cloudwatch/periods.ts';
import type { CollectedMetric, ResourceConfiguration, Window } from '../record/types.ts';
import { readMetricCatalogue } from './metric-catalogue.ts';
import { readSeries } from './read-series.ts';
import { wantedSeries } from './wanted-series.ts';

export interface MeteredRequest {
  readonly cloudwatch: CloudWatchClient;
  readonly resources: readonly ResourceConfiguration[];
  /** Names of the metrics. */
  readonly metrics: ReadonlySet<string>;
  readonly window: Window;
}

/**
 * One read of some metrics while the run goes on: sums, and means of what has no sum. What comes late is not in it yet, so it tells the least that
 * was used, and grades nothing. Rejects with what the SDK throws.
 */
export async function readMetered({ cloudwatch, resources, metrics, window }: MeteredRequest): Promise<CollectedMetric[]> {
  const catalogue = readMetricCatalogue()
    .filter(({ metric, statistics }) => metrics.has(metric) && statistics.some((each) => each === 'Sum' || each === 'Average'))
    .map((each) => ({ ...each, statistics: each.statistics.includes('Sum') ? ['Sum'] : ['Average'] }));
  const wanted = wantedSeries(catalogue, resources);
  if (wanted.length === 0) return [];
  const reads = await readSeries(cloudwatch, wanted, { startMs: periodStart(window.startMs, 60), endMs: periodStart(window.endMs - 1, 60) + 60_000 });
  return wanted.map(({ witnesses: _, optional: _optional, ...series }, index) => ({
    ...series,
    points: [...(reads[index]?.points ?? [])].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs),
    complete: true,
  }));
}
