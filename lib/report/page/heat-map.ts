import uPlot from 'uplot';
import type { HeatMapData } from '../html/payload.ts';
import { clipped, edge } from './bands.ts';
import { type ChartPage, plotInto, valueAxis } from './chart.ts';
import type { Colours } from './colours.ts';
import type { Legend } from './legend.ts';
import { shortNumber } from './values.ts';

const heightPx = 250;
/** Share of the rows' height. */
const headroom = 0.1;

/** Draws the heat map into `place`: a chart like the others, whose cells take the place of curves. */
export function drawHeatMap(place: HTMLElement, data: HeatMapData, page: ChartPage): uPlot {
  const { edgesMs } = data;
  const [lowest, highest] = [edgesMs[0] ?? 1, edgesMs.at(-1) ?? 10];
  // Room above the cells for the names of faults.
  const span: [number, number] = [lowest, highest * (highest / lowest) ** headroom];
  return plotInto(place, page, {
    data: uPlot.join([[[0, page.payload.lengthSec]], [[0], [null]]]),
    series: [{ scale: 'y', show: true, points: { show: false } }],
    y: { distr: 3, range: () => span },
    axis: valueAxis(page, 'ms', true),
    plugins: [cellsPlugin(data, page)],
    heightPx,
  });
}

function cellsPlugin(data: HeatMapData, { payload, colours }: ChartPage): uPlot.Plugin {
  return {
    hooks: {
      drawAxes: (plot) => clipped(plot, () => drawCells(plot, data, colours())),
      // Cells cover the area that marks a fault in the other charts.
      draw: (plot) =>
        clipped(plot, () => {
          for (const { of, fromSec, toSec } of payload.bands.windows) {
            if (of === 'effect') for (const sec of [fromSec, toSec]) edge(plot, sec, colours().effectText, []);
          }
        }),
    },
  };
}

function drawCells(plot: uPlot, { fromSec, columnSec, edgesMs, columns, steps }: HeatMapData, colours: Colours): void {
  const { ctx } = plot;
  // On whole pixels, so that no seam shows between neighbours.
  const tops = edgesMs.map((edge) => Math.round(plot.valToPos(edge, 'y', true)));
  columns.forEach(([first = 0, ...counts], column) => {
    const left = Math.round(plot.valToPos(fromSec + column * columnSec, 'x', true));
    const right = Math.round(plot.valToPos(fromSec + (column + 1) * columnSec, 'x', true));
    counts.forEach((count, index) => {
      if (count === 0) return;
      const [bottom = 0, top = 0] = [tops[first + index], tops[first + index + 1]];
      ctx.fillStyle = colours.heat[steps.findLast(({ from }) => count >= from)?.colour ?? 0] ?? colours.text;
      ctx.fillRect(left, top, Math.max(1, right - left), bottom - top);
    });
  });
}

/** What the map says of a moment, in words; `place` shows it while one is pointed at. */
export function heatLegend(place: HTMLElement | null, data: HeatMapData): Legend {
  return {
    text: (sec) => momentOf(data, sec),
    show: (sec) => {
      if (place) place.textContent = sec === null ? '' : momentOf(data, sec);
    },
  };
}

/** `40 requests in these 2 s; most (12) took 25.1 to 31.6 ms, the slowest 1,000 to 1,120 ms`. */
function momentOf({ fromSec, columnSec, columns, edgesMs }: HeatMapData, sec: number): string {
  const [first = 0, ...counts] = columns[Math.floor((sec - fromSec) / columnSec)] ?? [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'no request';
  const most = Math.max(...counts);
  const range = (index: number): string => `${shortNumber(edgesMs[first + index] ?? 0)} to ${shortNumber(edgesMs[first + index + 1] ?? 0)} ms`;
  const requests = `${shortNumber(total)} ${total === 1 ? 'request' : 'requests'} in these ${shortNumber(columnSec)} s`;
  return `${requests}; most (${shortNumber(most)}) took ${range(counts.indexOf(most))}, the slowest ${range(counts.length - 1)}`;
}
