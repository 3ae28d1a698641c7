import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { dateOf } from '../core/time-format.ts';
import type { Window } from '../record/types.ts';
import type { WantedSeries } from './wanted-series.ts';

/** Points of one series as one read found them: value by the start of its period. */
export interface SeriesRead {
  readonly points: ReadonlyMap<number, number>;
  /** Whether CloudWatch called it Complete. */
  readonly complete: boolean;
}

/** Most queries that one GetMetricData call takes. */
const queriesPerCall = 500;

/** Reads all series once, in batches, following every page; rejects with what the SDK throws after its own retries. */
export async function readSeries(client: CloudWatchClient, wanted: readonly WantedSeries[], window: Window): Promise<SeriesRead[]> {
  const reads: SeriesRead[] = [];
  for (let start = 0; start < wanted.length; start += queriesPerCall) {
    reads.push(...(await readBatch(client, wanted.slice(start, start + queriesPerCall), window)));
  }
  return reads;
}

async function readBatch(client: CloudWatchClient, wanted: readonly WantedSeries[], window: Window): Promise<SeriesRead[]> {
  const found = wanted.map(() => ({ points: new Map<number, number>(), complete: false }));
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: wanted.map(queryOf),
        StartTime: dateOf(window.startMs),
        EndTime: dateOf(window.endMs),
        ScanBy: 'TimestampAscending',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const result of page.MetricDataResults ?? []) {
      const series = found[Number(result.Id?.slice(1))];
      if (!series) continue;
      for (const [index, time] of (result.Timestamps ?? []).entries()) series.points.set(time.getTime(), result.Values?.[index] ?? Number.NaN);
      // PartialData says that more pages follow; only the last word on a series counts.
      series.complete = result.StatusCode === 'Complete';
    }
    token = page.NextToken;
  } while (token !== undefined && token !== '');
  return found;
}

function queryOf(series: WantedSeries, index: number): MetricDataQuery {
  return {
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: series.namespace,
        MetricName: series.metric,
        Dimensions: Object.entries(series.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: series.periodSec,
      Stat: series.statistic,
    },
  };
}
