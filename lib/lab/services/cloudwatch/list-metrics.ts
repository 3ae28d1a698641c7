import type { DimensionFilter, ListMetricsCommandInput, ListMetricsCommandOutput } from '@aws-sdk/client-cloudwatch';
import { dimensionList } from './dimensions.ts';
import { invalidNextToken, invalidValue } from './errors.ts';
import type { MetricStore, StoredSeries } from './store.ts';

/** `RecentlyActive: PT3H`. */
const recentMs = 3 * 3_600_000;

/** The metrics that were published, one for each set of dimensions, in the order in which they first came. */
export function listMetrics(
  store: MetricStore,
  nowMs: number,
  perPage: number,
  input: ListMetricsCommandInput,
): Omit<ListMetricsCommandOutput, '$metadata'> {
  if (input.RecentlyActive !== undefined && input.RecentlyActive !== 'PT3H') {
    throw invalidValue(`The value ${input.RecentlyActive} for parameter RecentlyActive is invalid.`);
  }
  const matching = new Map<string, StoredSeries>();
  for (const series of store.all()) {
    const sinceMs = input.RecentlyActive ? nowMs - recentMs : Number.MIN_SAFE_INTEGER;
    if (!matches(series, input) || series.lastAddedMs < sinceMs) continue;
    matching.set(JSON.stringify([series.namespace, series.metric, dimensionList(series.dimensions)]), series);
  }
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start) || start < 0) throw invalidNextToken();
  const page = [...matching.values()].slice(start, start + perPage);
  return {
    Metrics: page.map((series) => ({ Namespace: series.namespace, MetricName: series.metric, Dimensions: dimensionList(series.dimensions) })),
    ...(start + perPage < matching.size ? { NextToken: String(start + perPage) } : {}),
  };
}

function matches(series: StoredSeries, input: ListMetricsCommandInput): boolean {
  if (input.Namespace !== undefined && series.namespace !== input.Namespace) return false;
  if (input.MetricName !== undefined && series.metric !== input.MetricName) return false;
  return (input.Dimensions ?? []).every((filter) => hasDimension(series, filter));
}

function hasDimension(series: StoredSeries, { Name: name = '', Value: value }: DimensionFilter): boolean {
  return Object.hasOwn(series.dimensions, name) && (value === undefined || series.dimensions[name] === value);
}
