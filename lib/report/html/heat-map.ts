import type { HeatMap } from '../../grade/types.ts';
import type { HeatMapData, HeatStep } from './payload.ts';

/** How many colours the style sheet has for counts. */
const colours = 6;

/** The map as the page's script reads it, on a time axis that starts at `axisStartMs`. */
export function heatMapData(map: HeatMap, axisStartMs: number): HeatMapData {
  return {
    fromSec: (map.startMs - axisStartMs) / 1000,
    columnSec: map.columnSec,
    edgesMs: map.edgesMs,
    columns: map.counts.map((column) => {
      const first = column.findIndex((count) => count > 0);
      return first < 0 ? [] : [first, ...column.slice(first, column.findLastIndex((count) => count > 0) + 1)];
    }),
    steps: heatSteps(map),
  };
}

/** Colours in steps of equal ratio up to the largest count: a second with three slow requests is as much news as one with three hundred quick ones. */
export function heatSteps({ counts }: HeatMap): HeatStep[] {
  const largest = counts.reduce((most, column) => column.reduce((highest, count) => Math.max(highest, count), most), 1);
  const from = Array.from({ length: colours }, (_, step) => Math.ceil(largest ** (step / colours) - 1e-9));
  const distinct = [...new Set(from)];
  // Few steps are spread over all colours, so that the largest count always has the strongest.
  return distinct.map((least, step) => ({
    from: least,
    colour: distinct.length === 1 ? colours - 1 : Math.round((step * (colours - 1)) / (distinct.length - 1)),
  }));
}
