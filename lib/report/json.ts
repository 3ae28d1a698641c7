import type { Assessment, ChartSeries, Charts } from '../grade/types.ts';
import { thinned } from './series.ts';

/** Version of `report.json`'s layout: higher when a member goes or changes its meaning, the same when one is added. */
export const reportVersion = 1;

/** Most points that `report.json` keeps of a series; the record has all of them. */
const maxPoints = 1000;

interface ReportSeries extends Omit<ChartSeries, 'points'> {
  /** `[atMs, value]`; `null` is a gap. */
  readonly points: readonly (readonly [number, number | null])[];
  /** Present where points were left out: of each stretch, the lowest and the highest one stayed. */
  readonly thinnedFrom?: number;
}

/** What `report.json` holds: the assessment, its charts as pairs and not longer than a chart needs. */
export interface ReportDocument extends Omit<Assessment, 'charts'> {
  readonly reportVersion: typeof reportVersion;
  readonly charts: Readonly<Record<keyof Charts, readonly ReportSeries[]>>;
}

/** `report.json`: everything of the assessment in a versioned layout, members in a fixed order. */
export function renderJson(assessment: Assessment): string {
  const { manifest, verdict, reasons, scope, score, exitCode, charts, ...rest } = assessment;
  const document: ReportDocument = {
    reportVersion,
    verdict,
    reasons,
    scope,
    score,
    exitCode,
    manifest,
    ...rest,
    charts: {
      rate: charts.rate.map(reportSeries),
      latency: charts.latency.map(reportSeries),
      errors: charts.errors.map(reportSeries),
      throttles: charts.throttles.map(reportSeries),
      concurrency: charts.concurrency.map(reportSeries),
    },
  };
  return `${JSON.stringify(document, null, 2).replace(pairBrokenOverLines, '[$1, $2]').replace(countsBrokenOverLines, columnsOnLines)}\n`;
}

/** A point, which JSON.stringify spreads over four lines. */
const pairBrokenOverLines = /\[\n\s+(-?[\d.e+-]+),\n\s+(-?[\d.e+-]+|null)\n\s+\]/g;

/** The columns of the heat map, a number a line: thousands of lines that say little. */
const countsBrokenOverLines = /("counts": \[\n\s+)([\d\s,[\]]*)(\n\s+\])/g;

function columnsOnLines(_found: string, start: string, columns: string, end: string): string {
  return start + columns.replace(/\[[\d\s,]*\]/g, (column) => column.replace(/\s+/g, '').replaceAll(',', ', ')) + end;
}

function reportSeries({ points, ...series }: ChartSeries): ReportSeries {
  const kept = thinned(points, maxPoints);
  return {
    ...series,
    points: kept.map(({ atMs, value }) => [atMs, value]),
    ...(kept.length < points.length ? { thinnedFrom: points.length } : {}),
  };
}
