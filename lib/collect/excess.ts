import { type CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import { periodStart } from '../models/cloudwatch/periods.ts';
import type { CollectedMetric } from '../record/types.ts';
import { type CollectRequest, collectSeries } from './collect.ts';
import type { WantedSeries } from './wanted-series.ts';

/** Where a site that is a machine of ours says how much it added to the delays that its models meant. */
const namespace = 'Proofload/Lab';

const statistics: Readonly<Record<string, { readonly unit: string; readonly statistics: readonly string[] }>> = {
  Excess: { unit: 'Milliseconds', statistics: ['SampleCount', 'p50', 'p99', 'Maximum'] },
  Modelled: { unit: 'Milliseconds', statistics: ['p99'] },
  EventLoopUtilization: { unit: 'Percent', statistics: ['Average', 'Maximum'] },
};

/**
 * How busy the site's own machine was, by operation: present only where the site publishes it, which ListMetrics tells; on AWS
 * the answer is empty. Reads until two reads agree, like collectMetrics, but only minutes that are over,
 * because being read changes the running one, and without waiting for late points: the site publishes these itself.
 */
export async function readExcess(request: Omit<CollectRequest, 'resources' | 'catalogue'>): Promise<CollectedMetric[]> {
  const endMs = periodStart(request.endMs, 60);
  if (endMs <= request.startMs) return [];
  return collectSeries({ ...request, endMs, lateMs: 0 }, await publishedSeries(request.cloudwatch));
}

async function publishedSeries(client: CloudWatchClient): Promise<WantedSeries[]> {
  const wanted: WantedSeries[] = [];
  for await (const page of paginateListMetrics({ client }, { Namespace: namespace })) {
    for (const { MetricName: metric = '', Dimensions = [] } of page.Metrics ?? []) {
      const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
      const known = statistics[metric];
      for (const statistic of known?.statistics ?? []) {
        const unit = known?.unit ?? '';
        wanted.push({ namespace, metric, dimensions, statistic, unit, periodSec: 60, resource: '', density: 'dense', witnesses: [], optional: true });
      }
    }
  }
  return wanted;
}
