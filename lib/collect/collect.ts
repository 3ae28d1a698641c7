import type { CatalogueMetric } from '../models/cloudwatch/metric-catalogue.ts';
import { periodStart } from '../models/cloudwatch/periods.ts';
import type { CollectedMetric, ResourceConfiguration } from '../record/types.ts';
import { readMetricCatalogue } from './metric-catalogue.ts';
import { readUntilSettled, type SettledSeries, type SettleRequest } from './settle.ts';
import { type WantedSeries, wantedSeries } from './wanted-series.ts';

export interface CollectRequest extends Omit<SettleRequest, 'window'> {
  readonly resources: readonly ResourceConfiguration[];
  /** The run, in the site's time; read are all whole minutes that it touches. */
  readonly startMs: number;
  readonly endMs: number;
  /** Default: `config/metrics`. */
  readonly catalogue?: readonly CatalogueMetric[];
}

/**
 * What CloudWatch says of every function, API and table of the system, and of the account, over the run.
 * Reads until two reads agree (see readUntilSettled); what did not settle comes back with `complete: false` and a warning.
 */
export async function collectMetrics(request: CollectRequest): Promise<CollectedMetric[]> {
  const wanted = wantedSeries(request.catalogue ?? readMetricCatalogue(), request.resources);
  return collectSeries(request, wanted);
}

/** Collects exactly these series over the request's whole minutes. */
export async function collectSeries(
  request: Omit<CollectRequest, 'resources' | 'catalogue'>,
  wanted: readonly WantedSeries[],
): Promise<CollectedMetric[]> {
  if (wanted.length === 0) return [];
  const window = { startMs: periodStart(request.startMs, 60), endMs: periodStart(request.endMs - 1, 60) + 60_000 };
  const reads = await readUntilSettled({ ...request, window }, wanted);
  const found = wanted.map((series, index) => ({ series, read: reads[index] ?? { points: new Map(), complete: false, settled: false } }));
  const witnessed = witnessPeriods(found);
  return found.filter(({ series, read }) => !series.optional || read.points.size > 0).map(({ series, read }) => collected(series, read, witnessed));
}

type Found = { readonly series: WantedSeries; readonly read: SettledSeries };

function collected(
  { witnesses, optional: _, ...series }: WantedSeries,
  read: SettledSeries,
  witnessed: (series: WantedSeries) => number[],
): CollectedMetric {
  return {
    ...series,
    points: ascending(read.points.keys()).map((atMs) => ({ atMs, value: read.points.get(atMs) ?? Number.NaN })),
    ...(series.density === 'sparse' ? { witnessed: witnessed({ ...series, witnesses, optional: false }) } : {}),
    complete: read.settled,
  };
}

/** Periods in which any witness of a series has a point: a witness is a metric of the same namespace and resource, whatever its other dimensions. */
function witnessPeriods(found: readonly Found[]): (series: WantedSeries) => number[] {
  const periods = new Map<string, Set<number>>();
  const keyOf = (series: WantedSeries, metric: string): string => JSON.stringify([series.namespace, series.resource, metric]);
  for (const { series, read } of found) {
    const key = keyOf(series, series.metric);
    const known = periods.get(key) ?? new Set();
    for (const atMs of read.points.keys()) known.add(atMs);
    periods.set(key, known);
  }
  return (series) => ascending(new Set(series.witnesses.flatMap((witness) => [...(periods.get(keyOf(series, witness)) ?? [])])));
}

function ascending(times: Iterable<number>): number[] {
  return [...times].sort((a, b) => a - b);
}
