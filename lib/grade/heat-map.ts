import type { TimeBins } from '../stats/bins.ts';
import type { HeatMap } from './types.ts';

/** Bounds of the map, whatever the length of the run and the spread of its latencies. */
const maxColumns = 300;
const maxRows = 40;

/** Rows in a factor of ten, the finest first; every power of ten is an edge between rows. */
const rowsInDecade = [20, 10, 8, 5];
/** Fits whatever 32 bits of microseconds hold into `maxRows`. */
const coarsest = 4;

/** How many requests took how long, over time; undefined where no sample tells a latency. */
export function heatMapOf(bins: TimeBins): HeatMap | undefined {
  const latencies = bins.series((bin) => (bin && bin.latency.count > 0 ? bin.latency : undefined)).map(({ value }) => value);
  const filled = latencies.filter((each) => each !== undefined);
  if (filled.length === 0) return undefined;
  const edgesUs = rowEdges(
    filled.reduce((lowest, each) => Math.min(lowest, each.quantile(0) ?? lowest), Number.POSITIVE_INFINITY),
    filled.reduce((highest, each) => Math.max(highest, each.max), 0),
  );
  const binsInColumn = columnBins(latencies.length, bins.binSec);
  const counts = Array.from({ length: Math.ceil(latencies.length / binsInColumn) }, () => edgesUs.slice(1).map(() => 0));
  latencies.forEach((latency, index) => {
    const column = counts[Math.floor(index / binsInColumn)];
    if (!latency || !column) return;
    // The outer edges bound what there is, so all of it is in some row.
    const below = [0, ...latency.countsBelow(edgesUs.slice(1, -1)), latency.count];
    for (let row = 0; row < column.length; row++) column[row] = (column[row] ?? 0) + (below[row + 1] ?? 0) - (below[row] ?? 0);
  });
  return { startMs: bins.startMs, columnSec: bins.binSec * binsInColumn, edgesMs: edgesUs.map((us) => us / 1000), counts };
}

/** How many bins a column spans: the fewest that keep the bound, or up to twice as many where those fit into minutes without a remainder. */
function columnBins(count: number, binSec: number): number {
  const fewest = Math.ceil(count / maxColumns);
  for (let bins = fewest; bins <= fewest * 2; bins++) {
    const columnSec = bins * binSec;
    if (60 % columnSec === 0 || columnSec % 60 === 0) return bins;
  }
  return fewest;
}

/** Edges of equal ratio that hold all values from `lowest` to `highest`, with the finest rows of which there are not too many. */
function rowEdges(lowest: number, highest: number): number[] {
  const rowOf = (us: number, inDecade: number): number => Math.floor(Math.log10(us) * inDecade);
  const inDecade = rowsInDecade.find((each) => rowOf(highest, each) - rowOf(lowest, each) < maxRows) ?? coarsest;
  const [from, to] = [rowOf(lowest, inDecade), rowOf(highest, inDecade) + 1];
  return Array.from({ length: to - from + 1 }, (_, row) => Number((10 ** ((from + row) / inDecade)).toPrecision(6)));
}
