import uPlot from 'uplot';
import type { ChartData, ChartPayload, SeriesData } from '../html/payload.ts';
import { bandsPlugin } from './bands.ts';
import type { Colours } from './colours.ts';
import { seriesColours } from './colours.ts';
import { alignedData, steppedFromSec } from './curves.ts';
import { clockAt } from './moments.ts';
import { shadesPlugin } from './shades.ts';
import { shortNumber } from './values.ts';

/** Left and right of every plot, so that the lanes above line up; the style sheet has the same. */
const leftPx = 64;
const rightPx = 28;
const usualHeightPx = 190;

/** What a chart asks of the page. */
export interface ChartPage {
  readonly payload: ChartPayload;
  readonly colours: () => Colours;
  /** The cursor moved to `sec`, or left. */
  readonly moved: (sec: number | null) => void;
  /** The reader zoomed to a span. */
  readonly zoomed: (fromSec: number, toSec: number) => void;
}

const dashes: readonly number[][] = [[], [8, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4]];

/** The dash of the series at `index`. The first three fine ones stay solid, since dashes of a restless curve read badly. */
export function dashOf({ resolutionSec }: SeriesData, index: number): number[] {
  const plain = resolutionSec < steppedFromSec && index < 3;
  return plain ? [] : [...(dashes[index % dashes.length] ?? [])];
}

/** Draws one chart into `place`. */
export function drawChart(place: HTMLElement, data: ChartData, page: ChartPage, logarithmic: boolean): uPlot {
  const { colours } = page;
  return plotInto(place, page, {
    data: alignedData(data.series, page.payload.lengthSec),
    series: data.series.map((each, index) => ({
      label: each.name,
      scale: 'y',
      stroke: () => colours().series[index % seriesColours] ?? colours().text,
      width: each.resolutionSec >= steppedFromSec ? 2 : 1.5,
      dash: dashOf(each, index),
      points: { show: false },
    })),
    y: logarithmic ? { distr: 3 } : { range: (_plot, _min, max) => [0, max > 0 ? max * 1.12 : 1] },
    axis: valueAxis(page, data.unit, logarithmic),
    plugins: [shadesPlugin(data.shaded, colours)],
  });
}

/** What one chart has of its own; the time axis, its bands, the cursor and zooming are the same in all of them. */
interface Plotted {
  readonly data: uPlot.AlignedData;
  readonly series: uPlot.Series[];
  readonly y: uPlot.Scale;
  readonly axis: uPlot.Axis;
  readonly plugins: uPlot.Plugin[];
  readonly heightPx?: number;
}

/** Puts a plot into `place` that shows and moves the page's one moment and one span of time. */
export function plotInto(place: HTMLElement, page: ChartPage, { data, series, y, axis, plugins, heightPx = usualHeightPx }: Plotted): uPlot {
  const options: uPlot.Options = {
    width: widthOf(place),
    height: heightPx,
    padding: [20, rightPx, 0, 0],
    legend: { show: false },
    series: [{}, ...series],
    scales: { x: { time: false, range: (_plot, min, max) => [min, max] }, y },
    axes: [timeAxis(page), axis],
    cursor: { sync: { key: 'run', scales: ['x', null] }, points: { show: false }, y: false, drag: { x: true, y: false, setScale: true } },
    plugins: [bandsPlugin(page.payload.bands, page.colours), ...plugins],
    hooks: {
      setCursor: [({ cursor, posToVal }) => page.moved(cursor.left === undefined || cursor.left < 0 ? null : posToVal(cursor.left, 'x'))],
      setScale: [
        (plot, key) => {
          const { min, max } = plot.scales['x'] ?? {};
          if (key === 'x' && min !== undefined && max !== undefined) page.zoomed(min, max);
        },
      ],
    },
  };
  return new uPlot(options, data, place);
}

/** Width that the place gives a chart. */
function widthOf(place: HTMLElement): number {
  return Math.max(240, place.clientWidth);
}

/** Fits a chart to its place. */
export function fitInto(plot: uPlot, place: HTMLElement): void {
  const width = widthOf(place);
  if (width !== plot.width) plot.setSize({ width, height: plot.height });
}

const axisFont = '11px system-ui, sans-serif';
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
/** 1, 2, 5, 10, ...: counts have no halves. */
const countSteps = Array.from({ length: 30 }, (_, index) => [1, 2, 5].map((digit) => digit * 10 ** index)).flat();

function timeAxis({ payload, colours }: ChartPage): uPlot.Axis {
  return {
    font: axisFont,
    size: 28,
    space: 70,
    incrs: clockSteps,
    splits: (_plot, _axis, min, max, step) => clockSplits(payload, min, max, step),
    stroke: () => colours().muted,
    grid: { show: false },
    ticks: { stroke: () => colours().grid, width: 1, size: 4 },
    values: (_plot, splits, _axis, _space, step) => splits.map((sec) => (step < 60 ? clockAt(payload, sec) : clockAt(payload, sec).slice(0, 5))),
  };
}

/** The vertical axis of figures in `unit`. */
export function valueAxis({ colours }: ChartPage, unit: string, logarithmic: boolean): uPlot.Axis {
  return {
    font: axisFont,
    size: leftPx,
    space: 34,
    stroke: () => colours().muted,
    grid: { stroke: () => colours().grid, width: 1, ...(logarithmic ? { filter: roundValues } : {}) },
    ticks: { show: false },
    values: (_plot, splits) => splits.map((value) => (value === null ? '' : shortNumber(value))),
    ...(logarithmic ? { filter: roundValues } : {}),
    ...(unit === 'count' && !logarithmic ? { incrs: countSteps } : {}),
  };
}

/** On a logarithmic axis the powers of ten, and where there are few of them their double and fivefold. */
const roundValues: uPlot.Axis.Filter = (plot, splits) => {
  const { min = 1, max = 1 } = plot.scales['y'] ?? {};
  const digits = max / min > 200 ? [1] : [1, 2, 5];
  return splits.map((value) => (digits.includes(Number((value / 10 ** Math.floor(Math.log10(value) + 1e-6)).toFixed(6))) ? value : null));
};

/** Ticks on whole steps of the clock, not of the axis, which may start between two minutes. */
function clockSplits({ startMs }: ChartPayload, min: number, max: number, step: number): number[] {
  const startSec = startMs / 1000;
  const splits: number[] = [];
  for (let tick = Math.ceil((startSec + min) / step) * step; tick <= startSec + max; tick += step) splits.push(tick - startSec);
  return splits;
}
