import type { Assessment, ChartSeries, Charts } from '../../grade/types.ts';
import type { Window } from '../../record/types.ts';
import { unitName } from '../format.ts';
import { thinned } from '../series.ts';
import { phaseWords } from '../words.ts';
import { heatMapData } from './heat-map.ts';
import type { BandData, ChartData, ChartPayload, SeriesData } from './payload.ts';

/** Most points of a series that the page draws; a wide screen has fewer pixels. */
const maxPoints = 2400;
const minuteMs = 60_000;

/** The charts in the order in which the page shows them. */
export const chartKeys = ['rate', 'latency', 'errors', 'throttles', 'concurrency'] as const satisfies readonly (keyof Charts)[];

/** The data of the page's charts. */
export function chartPayload(assessment: Assessment): ChartPayload {
  const axis = timeAxis(assessment);
  return {
    startMs: axis.startMs,
    lengthSec: (axis.endMs - axis.startMs) / 1000,
    charts: chartKeys.map((key) => chartData(key, assessment.charts[key], axis)),
    ...(assessment.heatMap ? { heatMap: heatMapData(assessment.heatMap, axis.startMs) } : {}),
    bands: bandData(assessment, axis),
  };
}

/** The time that all charts share: from the first to the last phase, fault window or figure. */
export function timeAxis({ phaseWindows, faults, charts }: Assessment): Window {
  let startMs = Number.POSITIVE_INFINITY;
  let endMs = Number.NEGATIVE_INFINITY;
  const widen = (window: Window | undefined): void => {
    if (!window) return;
    startMs = Math.min(startMs, window.startMs);
    endMs = Math.max(endMs, window.endMs);
  };
  for (const phase of phaseWindows) widen(phase);
  for (const { windows } of faults) for (const which of ['asked', 'fis', 'effect'] as const) widen(windows[which]);
  for (const { points, resolutionSec } of chartKeys.flatMap((key) => charts[key])) {
    for (const point of [points.find(hasValue), points.findLast(hasValue)]) {
      if (point) widen({ startMs: point.atMs, endMs: point.atMs + resolutionSec * 1000 });
    }
  }
  return endMs > startMs ? { startMs, endMs } : { startMs: 0, endMs: minuteMs };
}

function hasValue({ value }: ChartSeries['points'][number]): boolean {
  return value !== null;
}

function chartData(key: keyof Charts, series: readonly ChartSeries[], axis: Window): ChartData {
  return { key, unit: unitName(series[0]?.unit ?? ''), series: series.map((each) => seriesData(each, axis)), shaded: shadedPairs(series) };
}

/** Neighbouring quantiles of the same thing: what lies between them is a share of the requests. */
function shadedPairs(series: readonly ChartSeries[]): [number, number][] {
  const percentOf = (index: number): number => Number(/^p(\d+(?:\.\d+)?)$/.exec(series[index]?.name ?? '')?.[1] ?? Number.NaN);
  return series.slice(1).flatMap((_, index): [number, number][] => (percentOf(index + 1) > percentOf(index) ? [[index, index + 1]] : []));
}

function seriesData({ name, unit, resolutionSec, points }: ChartSeries, axis: Window): SeriesData {
  // What lies outside of the axis are gaps only.
  const kept = thinned(
    points.filter(({ atMs }) => atMs >= axis.startMs && atMs < axis.endMs),
    maxPoints,
  );
  return {
    name,
    unit: unitName(unit),
    resolutionSec,
    atSec: kept.map(({ atMs }) => (atMs - axis.startMs) / 1000),
    values: kept.map(({ value }) => (value === null ? null : Number(value.toPrecision(5)))),
  };
}

function bandData({ phaseWindows, faults, transitionMinutes }: Assessment, axis: Window): BandData {
  const span = ({ startMs, endMs }: Window): { fromSec: number; toSec: number } => ({
    fromSec: (startMs - axis.startMs) / 1000,
    toSec: (endMs - axis.startMs) / 1000,
  });
  return {
    phases: phaseWindows.map((phase) => ({ kind: phase.kind, label: phaseWords[phase.kind], ...span(phase) })),
    windows: faults.flatMap(({ fault, windows }) =>
      (['asked', 'fis', 'effect'] as const).flatMap((of) => {
        const window = windows[of];
        return window ? [{ of, fault, ...span(window) }] : [];
      }),
    ),
    transitions: transitionMinutes.map((startMs) => span({ startMs, endMs: startMs + minuteMs })),
  };
}
