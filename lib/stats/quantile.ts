/** How many samples must lie beyond a quantile before it is a figure. */
const samplesBeyond = 5;

/**
 * The least number of samples over which quantile `q` (0 < q < 1) is a figure and not no-data: five must lie beyond it, so
 * p50 needs 10, p90 50, p95 100, p99 500, p99.9 5,000. The number beyond the true quantile is binomial with mean n(1-q) and a
 * standard deviation of nearly its root; at a mean of five its 95 % interval is 1 to 9, so the estimate lies between two quantiles
 * that the same data still holds (for p99 about p98.2 and p99.8). At a mean of one it would be no more than the maximum of the day.
 */
export function minimumSamples(q: number): number {
  return Math.ceil(samplesBeyond / Math.min(q, 1 - q) - 1e-9);
}

/** Rank, from 1, of quantile `q` among `count` sorted values: nearest rank, the smallest value that at least the share q does not exceed. */
export function nearestRank(q: number, count: number): number {
  return Math.min(count, Math.max(1, Math.ceil(q * count - 1e-9)));
}

/** The nearest-rank quantile of values that are sorted ascending; undefined of none. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number | undefined {
  return sorted.length === 0 ? undefined : sorted[nearestRank(q, sorted.length) - 1];
}
