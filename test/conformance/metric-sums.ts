import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials } from './lab-fixture.ts';

/** Sums of `metrics` of one resource from the lab's start until now, as CloudWatch's client reads them. */
export async function metricSums(
  lab: RunningLab,
  namespace: string,
  metrics: readonly string[],
  dimensions: Readonly<Record<string, string>>,
): Promise<number[]> {
  const client = new CloudWatchClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const nowMs = lab.context.clock.now();
  const times = { StartTime: new Date(nowMs - 86_400_000), EndTime: new Date(nowMs + 60_000), Period: 86_400 };
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const sums: number[] = [];
  for (const MetricName of metrics) {
    const input = { Namespace: namespace, MetricName, Dimensions, ...times, Statistics: ['Sum' as const] };
    const { Datapoints = [] } = await client.send(new GetMetricStatisticsCommand(input));
    sums.push(Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0));
  }
  client.destroy();
  return sums;
}
