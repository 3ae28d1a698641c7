import { nearestRank } from './quantile.ts';

/**
 * The nearest-rank quantile of all values of several sorted parts, without putting them together: the least value that at least the wanted rank of
 * values does not exceed, searched by halving. Undefined of none.
 */
export function quantileOfSortedParts(parts: readonly Uint32Array[], q: number): number | undefined {
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  if (count === 0) return undefined;
  const rank = nearestRank(q, count);
  let low = parts.reduce((least, part) => Math.min(least, part[0] ?? least), Number.POSITIVE_INFINITY);
  let high = parts.reduce((most, part) => Math.max(most, part[part.length - 1] ?? most), 0);
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    let notAbove = 0;
    for (const part of parts) notAbove += countNotAbove(part, middle);
    if (notAbove >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

function countNotAbove(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
