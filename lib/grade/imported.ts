import type { ImportedFigures, ImportedQuantile, ImportedRequests } from '../record/imported.ts';
import type { Manifest } from '../record/types.ts';
import { minimumSamples } from '../stats/quantile.ts';
import { noData, value } from './figure.ts';
import type { GradedPhase } from './phases.ts';
import type { ChartSeries, Charts, Figure, LatencyFigures, PhaseFigures } from './types.ts';

/** The one phase of a run that was imported without samples: only what the file says. What it does not say is no data. */
export function importedPhase(phase: GradedPhase, figures: ImportedFigures, { imported }: Pick<Manifest, 'imported'>): PhaseFigures {
  const { all, ratePerSec, operations, errors, arrivals = { started: 0, dropped: 0 } } = figures;
  const file = `the ${imported?.format ?? 'imported file'}`;
  return {
    phase: phase.kind,
    window: phase.window,
    gradedMinutes: [],
    graded: phase.graded,
    requests: all.requests,
    ratePerSec: ratePerSec === undefined ? noData('requests/s', `${file} has no rate`) : value(ratePerSec, 'requests/s', 'imported', 0, all.requests),
    errorRate: errorRate(all, file),
    latency: latency(all, file, figures.quantileAdvice),
    operations: operations.map(({ operation, ...own }) => ({
      operation,
      requests: own.requests,
      errorRate: errorRate(own, file),
      latency: latency(own, file, figures.quantileAdvice),
    })),
    errors,
    throttles: [],
    arrivals: {
      planned: arrivals.started + arrivals.dropped,
      started: arrivals.started,
      droppedSystemSlow: arrivals.dropped,
      droppedGeneratorSlow: 0,
      latenessP99Ms: noData('ms', `${file} does not tell when flows were meant to start`),
    },
  };
}

function errorRate({ requests, failed }: ImportedRequests, file: string): Figure {
  if (failed === undefined) return noData('%', `${file} does not tell how many of these requests failed`);
  return requests === 0 ? noData('%', 'no request') : value((failed / requests) * 100, '%', 'imported', 0, requests);
}

function latency({ requests, latencyMs }: ImportedRequests, file: string, advice: string): LatencyFigures {
  const figure = (quantile: ImportedQuantile): Figure => {
    const ms = latencyMs[quantile];
    if (ms === undefined) return noData('ms', `${file} has no ${quantile} of them: ${advice}`);
    const needed = quantile === 'max' ? 1 : minimumSamples(Number(quantile.slice(1)) / 100);
    return requests < needed ? noData('ms', `${quantile} needs ${needed} samples, there are ${requests}`) : value(ms, 'ms', 'imported', 0, requests);
  };
  return { p50: figure('p50'), p90: figure('p90'), p95: figure('p95'), p99: figure('p99'), max: figure('max') };
}

/** What the file says of its intervals. */
export function importedCharts({ intervals }: ImportedFigures): Charts {
  const series = (name: string, unit: string, of: (interval: ImportedFigures['intervals'][number]) => number | undefined): ChartSeries => ({
    name,
    unit,
    source: 'imported',
    resolutionSec: intervals[0]?.lengthSec ?? 0,
    points: intervals.map((interval) => ({ atMs: interval.atMs, value: of(interval) ?? null })),
  });
  if (intervals.length === 0) return { rate: [], latency: [], errors: [], throttles: [], concurrency: [] };
  return {
    rate: [series('requests', 'requests/s', ({ requests, lengthSec }) => requests / lengthSec)],
    latency: (['p50', 'p95', 'p99'] as const).map((quantile) => series(quantile, 'ms', ({ latencyMs }) => latencyMs[quantile])),
    errors: [series('error rate', '%', ({ requests, failed }) => (requests > 0 && failed !== undefined ? (failed / requests) * 100 : undefined))],
    throttles: [],
    concurrency: [],
  };
}
