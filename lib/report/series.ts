import type { ChartSeries } from '../grade/types.ts';

type Point = ChartSeries['points'][number];

/**
 * At most `limit` of `points`: of each of limit / 2 stretches of equally many points, the lowest and the highest (a gap counts as lowest),
 * in their order. So peaks, dips and gaps stay where they were.
 */
export function thinned(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const stretches = Math.max(1, Math.floor(limit / 2));
  const kept: Point[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * points.length) / stretches);
    const to = Math.floor(((stretch + 1) * points.length) / stretches);
    const { lowest, highest } = extremes(points, from, to);
    for (const index of [...new Set([lowest, highest])].sort((a, b) => a - b)) {
      const point = points[index];
      if (point) kept.push(point);
    }
  }
  return kept;
}

function extremes(points: readonly Point[], from: number, to: number): { lowest: number; highest: number } {
  const heightOf = (index: number): number => points[index]?.value ?? Number.NEGATIVE_INFINITY;
  let lowest = from;
  let highest = from;
  for (let index = from + 1; index < to; index++) {
    if (heightOf(index) < heightOf(lowest)) lowest = index;
    if (heightOf(index) > heightOf(highest)) highest = index;
  }
  return { lowest, highest };
}
