import type { Bounded } from './contrast.ts';
import { normalQuantile } from './probability.ts';

/**
 * The Hodges-Lehmann shift: the median of all n x m differences second - first, by how much the second sample must be moved to lie over the first; with
 * the interval whose ends are the k-th smallest and k-th largest difference, k = floor(nm/2 + 1/2 - z sqrt(nm (n + m + 1) / 12)), which is the Mann-Whitney test
 * inverted (Hollander & Wolfe, 4.2-4.3). For independent values; undefined when a sample is empty, and a bound is infinite where k is below 1.
 *
 * The differences are never listed: with both samples sorted, how many of them are at most a value, and the largest of those, is found in n + m steps.
 * A rank is found by bisection over the value that moves to that largest difference, and ends when fewer than the rank lie below it: at most some 50
 * rounds on latencies, where listing 10,000 x 10,000 differences would take 800 MB.
 */
export function hodgesLehmann(first: ArrayLike<number>, second: ArrayLike<number>, confidence = 0.95): Bounded | undefined {
  const [a, b] = [Float64Array.from(first).sort(), Float64Array.from(second).sort()];
  const pairs = a.length * b.length;
  if (pairs === 0) return undefined;
  const half = (pairs + 1) / 2;
  const value = (differenceOfRank(a, b, Math.floor(half)) + differenceOfRank(a, b, Math.ceil(half))) / 2;
  const z = normalQuantile((1 + confidence) / 2);
  const rank = Math.floor((pairs + 1) / 2 - z * Math.sqrt((pairs * (a.length + b.length + 1)) / 12));
  if (rank < 1) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  return { value, low: differenceOfRank(a, b, rank), high: differenceOfRank(a, b, pairs - rank + 1) };
}

/** The rank-th smallest difference b - a, from 1, of sorted samples. */
function differenceOfRank(a: Float64Array, b: Float64Array, rank: number): number {
  let low = (b[0] as number) - (a.at(-1) as number);
  if (upTo(a, b, low).count >= rank) return low;
  let high = (b.at(-1) as number) - (a[0] as number);
  // Fewer than `rank` differences are at most `low`, at least `rank` are at most `high`, and `high` is one of them.
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    const { count, largest } = upTo(a, b, middle);
    if (count >= rank) high = largest;
    else {
      low = middle;
      continue;
    }
    if (countBelow(a, b, high) < rank) return high;
  }
}

/** How many differences are at most `limit`, and the largest of them. */
function upTo(a: Float64Array, b: Float64Array, limit: number): { count: number; largest: number } {
  let [count, taken, largest] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const value of a) {
    while (taken < b.length && (b[taken] as number) - value <= limit) taken++;
    count += taken;
    if (taken > 0) largest = Math.max(largest, (b[taken - 1] as number) - value);
  }
  return { count, largest };
}

function countBelow(a: Float64Array, b: Float64Array, limit: number): number {
  let [count, taken] = [0, 0];
  for (const value of a) {
    while (taken < b.length && (b[taken] as number) - value < limit) taken++;
    count += taken;
  }
  return count;
}
