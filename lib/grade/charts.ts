import type { RunRecord } from '../record/reader.ts';
import type { CollectedMetric, Window } from '../record/types.ts';
import type { Bin } from '../stats/bins.ts';
import { type ClientTally, spanOf } from './clients.ts';
import { findSeries, minuteMs, minuteValue } from './cloudwatch.ts';
import { throttleSeries } from './throttles.ts';
import type { ChartSeries, Charts } from './types.ts';

/** Kinds of error that get a series of their own; the rest is in the error rate. */
const errorKinds = 5;

/**
 * Series for drawing. A drawn quantile is what the requests of its second showed, however few, and no estimate: figures that grade are in the phases.
 * Seconds without requests and minutes without data are gaps.
 */
export function chartsOf(record: RunRecord, clients: ClientTally): Charts {
  const span = spanOf(record);
  const concurrency = findSeries(record.metrics, {
    namespace: 'AWS/Lambda',
    metric: 'ConcurrentExecutions',
    statistic: 'Maximum',
    dimensions: ['FunctionName'],
  });
  return {
    rate: [clientSeries(clients, 'requests', 'requests/s', (bin) => (bin ? bin.count / clients.bins.binSec : 0))],
    latency: ([50, 95, 99] as const).map((percent) =>
      clientSeries(clients, `p${percent}`, 'ms', (bin) => {
        const us = bin?.latency.quantile(percent / 100);
        return us === undefined ? null : us / 1000;
      }),
    ),
    errors: [clientSeries(clients, 'error rate', '%', (bin) => (bin ? (bin.failed / bin.count) * 100 : null)), ...errorKindSeries(clients)],
    throttles: throttleCharts(record, span),
    concurrency: concurrency.map((metric) => minuteSeries(metric.resource, metric, 'environments', span)),
  };
}

/** One line for each series that counted any; where none did, those of the first service, so that it is seen that they were read and stayed at 0. */
function throttleCharts(record: RunRecord, span: Window): ChartSeries[] {
  const all = throttleSeries(record.metrics);
  const some = all.filter(({ metric }) => metric.points.some((point) => point.value > 0));
  const drawn = some.length > 0 ? some : all.filter(({ service }) => service === all[0]?.service);
  return drawn.map(({ resource, reason, metric }) => minuteSeries(`${resource}: ${reason}`, metric, 'count', span));
}

function clientSeries(clients: ClientTally, name: string, unit: string, of: (bin: Bin | undefined) => number | null): ChartSeries {
  return { name, unit, source: 'client', resolutionSec: clients.bins.binSec, points: clients.bins.series(of) };
}

function errorKindSeries(clients: ClientTally): ChartSeries[] {
  const totals = [...clients.errorBins].map(([kind, bins]) => ({ kind, bins, total: bins.reduce((sum, each) => sum + each, 0) }));
  const frequent = totals.sort((a, b) => b.total - a.total || a.kind.localeCompare(b.kind, 'en')).slice(0, errorKinds);
  return frequent.map(({ kind, bins }) => {
    let index = 0;
    return clientSeries(clients, kind, '%', (bin) => {
      const failed = bins[index++] ?? 0;
      return bin ? (failed / bin.count) * 100 : null;
    });
  });
}

function minuteSeries(name: string, metric: CollectedMetric, unit: string, span: Window): ChartSeries {
  const points: { atMs: number; value: number | null }[] = [];
  for (let minute = Math.floor(span.startMs / minuteMs) * minuteMs; minute < span.endMs; minute += minuteMs)
    points.push({ atMs: minute, value: minuteValue(metric, minute) ?? null });
  return { name, unit, source: 'cloudwatch', resolutionSec: metric.periodSec, points };
}
