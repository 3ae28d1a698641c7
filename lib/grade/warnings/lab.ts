import type { RunRecord } from '../../record/reader.ts';
import type { CollectedMetric, Warning } from '../../record/types.ts';
import { minimumSamples } from '../../stats/quantile.ts';
import type { PhaseFigures } from '../types.ts';

/** Excess p99 that is always allowed, and its share of the operation's own p99. */
const allowedMs = 2;
const allowedShare = 0.05;

/** Services that only the run itself calls: how long they take is in no client's latency. */
const instrumentServices: readonly string[] = ['monitoring', 'cloudformation', 'fis', 'ssm', 'sts'];

/** Long polls: what they wait for is meant, and says nothing of how long the operation itself takes. */
const longPolls: readonly string[] = ['sqs.ReceiveMessage', 'states.GetActivityTask'];

/** AWS's own metric for the latency of an operation of the lab, by service; for records of labs that did not tell what they meant. */
const latencyMetrics: Readonly<Record<string, { namespace: string; metric: string }>> = {
  dynamodb: { namespace: 'AWS/DynamoDB', metric: 'SuccessfulRequestLatency' },
  lambda: { namespace: 'AWS/Lambda', metric: 'Duration' },
  apigateway: { namespace: 'AWS/ApiGateway', metric: 'Latency' },
  apigatewayv2: { namespace: 'AWS/ApiGateway', metric: 'Latency' },
};

/**
 * Whether the lab was too busy to be believed: in a graded phase an operation's excess p99 (delivered minus modelled) above max(2 ms, 5 % of its p99).
 * CloudWatch has a p99 for each minute and none for several, so the phase's is taken as their mean. It makes the run invalid at a time scale of 1 only.
 */
export function labWarnings(record: RunRecord, phases: readonly PhaseFigures[]): Warning[] {
  const excess = record.metrics.filter((each) => each.namespace === 'Proofload/Lab' && each.metric === 'Excess' && each.statistic === 'p99');
  return phases.flatMap((phase) => (phase.phase === 'warm-up' ? [] : excess.flatMap((metric) => ofOperation(record, phase, metric))));
}

function ofOperation(record: RunRecord, { phase, gradedMinutes }: PhaseFigures, metric: CollectedMetric): Warning[] {
  const operation = metric.dimensions['Operation'] ?? '';
  const [service = ''] = operation.split('.');
  const excessMs = meanOver(metric, gradedMinutes);
  if (excessMs === undefined || instrumentServices.includes(service)) return [];
  if (callsIn(record, operation, gradedMinutes) < minimumSamples(0.99)) return [];
  const limitMs = Math.max(allowedMs, allowedShare * operationP99Ms(record, operation, gradedMinutes));
  if (excessMs <= limitMs) return [];
  return [
    {
      code: 'lab-too-busy',
      message: `in the ${phase} phase the lab added ${excessMs.toFixed(1)} ms (p99) to ${operation}, and ${limitMs.toFixed(1)} ms are allowed`,
      advice: 'lower the rate, close other programs, or use a machine with more cores',
      invalidates: record.manifest.timeScale === 1,
    },
  ];
}

/** Calls in those minutes; where they were not collected, enough are assumed. */
function callsIn(record: RunRecord, operation: string, minutes: readonly number[]): number {
  const counts = record.metrics.find(
    (each) =>
      each.namespace === 'Proofload/Lab' &&
      each.metric === 'Excess' &&
      each.statistic === 'SampleCount' &&
      each.dimensions['Operation'] === operation,
  );
  if (!counts) return Number.POSITIVE_INFINITY;
  return counts.points.reduce((sum, { atMs, value }) => (minutes.includes(atMs) ? sum + value : sum), 0);
}

/** What the lab's models meant the operation's p99 to be, else the largest that AWS's metric gives over all of its resources; 0 where neither is known. */
function operationP99Ms(record: RunRecord, operation: string, minutes: readonly number[]): number {
  if (longPolls.includes(operation)) return 0;
  const modelled = record.metrics.find(
    (each) =>
      each.namespace === 'Proofload/Lab' && each.metric === 'Modelled' && each.statistic === 'p99' && each.dimensions['Operation'] === operation,
  );
  const modelledMs = modelled && meanOver(modelled, minutes);
  if (modelledMs !== undefined) return modelledMs;
  const [service = '', name] = operation.split('.');
  const latency = latencyMetrics[service];
  const series = record.metrics.filter(
    (each) =>
      each.namespace === latency?.namespace &&
      each.metric === latency.metric &&
      each.statistic === 'p99' &&
      (each.dimensions['Operation'] === undefined || each.dimensions['Operation'] === name),
  );
  return Math.max(0, ...series.map((each) => meanOver(each, minutes) ?? 0));
}

function meanOver(metric: CollectedMetric, minutes: readonly number[]): number | undefined {
  const values = metric.points.flatMap(({ atMs, value }) => (minutes.includes(atMs) ? [value] : []));
  return values.length === 0 ? undefined : values.reduce((sum, each) => sum + each, 0) / values.length;
}
