import type uPlot from 'uplot';
import { clipped } from './bands.ts';
import type { Colours } from './colours.ts';

/** A plugin that shades what lies between pairs of series, behind the curves; a hidden one takes its shade with it. */
export function shadesPlugin(pairs: readonly (readonly [number, number])[], colours: () => Colours): uPlot.Plugin {
  return {
    hooks: {
      drawAxes: (plot) =>
        clipped(plot, () => {
          for (const [index, [lower, upper]] of pairs.entries()) shade(plot, lower + 1, upper + 1, colours().shades[index] ?? colours().phase);
        }),
    },
  };
}

function shade(plot: uPlot, lower: number, upper: number, colour: string): void {
  if (plot.series[lower]?.show === false || plot.series[upper]?.show === false) return;
  const [times, low, high] = [plot.data[0], plot.data[lower] ?? [], plot.data[upper] ?? []];
  const { ctx } = plot;
  ctx.fillStyle = colour;
  const y = (value: number): number => plot.valToPos(value, 'y', true);
  let stretch: (readonly [x: number, low: number, high: number])[] = [];
  const fill = (): void => {
    if (stretch.length > 1) {
      ctx.beginPath();
      for (const [x, , top] of stretch) ctx.lineTo(x, top);
      for (const [x, bottom] of stretch.reverse()) ctx.lineTo(x, bottom);
      ctx.fill();
    }
    stretch = [];
  };
  times.forEach((sec, index) => {
    const [bottom, top] = [low[index], high[index]];
    // Undefined is no gap, only a time at which the other charts' series have a point.
    if (bottom === undefined || top === undefined) return;
    if (bottom === null || top === null) fill();
    else stretch.push([plot.valToPos(sec, 'x', true), y(bottom), y(top)]);
  });
  fill();
}
