import type uPlot from 'uplot';
import type { BandData } from '../html/payload.ts';
import type { Colours } from './colours.ts';

interface Span {
  readonly fromSec: number;
  readonly toSec: number;
}

/** A plugin that draws phases, fault windows and transition minutes behind the curves, and their names above them. */
export function bandsPlugin(bands: BandData, colours: () => Colours): uPlot.Plugin {
  return {
    hooks: {
      drawClear: (plot) => clipped(plot, () => drawBehind(plot, bands, colours())),
      draw: (plot) => {
        clipped(plot, () => drawEdges(plot, bands, colours()));
        drawNames(plot, bands, colours());
      },
    },
  };
}

/** Draws inside the plot only. */
export function clipped(plot: uPlot, draw: () => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw();
  ctx.restore();
}

function drawBehind(plot: uPlot, { phases, windows, transitions }: BandData, colours: Colours): void {
  phases.forEach((phase, index) => {
    if (index % 2 === 1) fill(plot, phase, colours.phase);
  });
  for (const window of windows) if (window.of === 'effect') fill(plot, window, colours.effect);
  for (const transition of transitions) hatch(plot, transition, colours.hatch);
}

/** Asked for and FIS as dashed and dotted edges: the effect alone is an area, since it alone is what the system felt. */
function drawEdges(plot: uPlot, { phases, windows }: BandData, colours: Colours): void {
  for (const { fromSec } of phases.slice(1)) edge(plot, fromSec, colours.grid, []);
  for (const { of, fromSec, toSec } of windows) {
    if (of === 'effect') continue;
    for (const sec of [fromSec, toSec]) edge(plot, sec, of === 'asked' ? colours.asked : colours.fis, of === 'asked' ? [6, 4] : [1.5, 3]);
  }
}

function drawNames(plot: uPlot, { phases, windows }: BandData, colours: Colours): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  const name = (text: string, { fromSec, toSec }: Span, y: number, colour: string): void => {
    const from = Math.max(bbox.left, x(plot, fromSec));
    const to = Math.min(bbox.left + bbox.width, x(plot, toSec));
    if (ctx.measureText(text).width + 8 * ratio > to - from) return;
    ctx.fillStyle = colour;
    ctx.fillText(text, from + 4 * ratio, y);
  };
  for (const phase of phases) name(phase.label, phase, bbox.top - 5 * ratio, colours.muted);
  for (const window of windows) if (window.of === 'effect') name(`${window.fault} in effect`, window, bbox.top + 13 * ratio, colours.effectText);
  ctx.restore();
}

function x(plot: uPlot, sec: number): number {
  return plot.valToPos(sec, 'x', true);
}

function fill(plot: uPlot, { fromSec, toSec }: Span, colour: string): void {
  const { ctx, bbox } = plot;
  ctx.fillStyle = colour;
  ctx.fillRect(x(plot, fromSec), bbox.top, x(plot, toSec) - x(plot, fromSec), bbox.height);
}

function hatch(plot: uPlot, { fromSec, toSec }: Span, colour: string): void {
  const { ctx, bbox } = plot;
  const [from, to] = [x(plot, fromSec), x(plot, toSec)];
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, bbox.top, to - from, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  const step = 7 * devicePixelRatio;
  for (let start = from - bbox.height; start < to; start += step) {
    ctx.moveTo(start, bbox.top + bbox.height);
    ctx.lineTo(start + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** An upright line at `sec`. */
export function edge(plot: uPlot, sec: number, colour: string, dash: readonly number[]): void {
  const { ctx, bbox } = plot;
  const at = Math.round(x(plot, sec)) + 0.5;
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio * (dash.length > 0 ? 1.5 : 1);
  ctx.setLineDash(dash.map((part) => part * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
}
