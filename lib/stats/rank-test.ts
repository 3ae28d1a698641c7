import { normalUpperTail } from './probability.ts';

/** Whether one of two samples tends to be the larger. */
export interface RankTest {
  /** Pairs in which the second sample's value is the larger; ties count half. */
  readonly u: number;
  /** The chance that a value of the second sample is above one of the first, ties counting half: 0.5 where neither tends to be larger. */
  readonly superiority: number;
  /** Cliff's delta: superiority as a number from -1 to 1. */
  readonly cliffsDelta: number;
  readonly pValue: number;
  /** The chance of a u as large if neither tends to be larger; small, the second sample is the larger. */
  readonly pGreater: number;
  readonly pLess: number;
  /** How the p-values were had. */
  readonly method: 'exact' | 'normal';
}

/** Up to so many values in each sample the law of U is counted out, where there are no ties. */
const exactUpTo = 20;

/**
 * The Mann-Whitney U test of two samples of independent values. Exact where both are small and without ties, else the normal approximation with the
 * variance corrected for ties and half a unit of continuity taken off. Undefined when a sample is empty.
 *
 * U of n x m pairs has the mean nm/2 and the variance nm/12 * (N + 1 - sum(t^3 - t) / (N (N - 1))), N = n + m, over groups of t equal values.
 */
export function rankTest(first: ArrayLike<number>, second: ArrayLike<number>): RankTest | undefined {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) return undefined;
  const { rankSum, tieTerm } = rankSumOf(Float64Array.from(first).sort(), Float64Array.from(second).sort());
  const u = rankSum - (m * (m + 1)) / 2;
  const superiority = u / (n * m);
  const effect = { u, superiority, cliffsDelta: 2 * superiority - 1 };
  if (tieTerm === 0 && Math.max(n, m) <= exactUpTo) {
    const pGreater = exactUpperTail(n, m, u);
    const pLess = exactUpperTail(n, m, n * m - u);
    return { ...effect, pGreater, pLess, pValue: Math.min(1, 2 * Math.min(pGreater, pLess)), method: 'exact' };
  }
  const total = n + m;
  const sd = Math.sqrt(((n * m) / 12) * (total + 1 - tieTerm / (total * (total - 1))));
  const upper = (value: number): number => (sd === 0 ? 1 : normalUpperTail((value - (n * m) / 2 - 0.5) / sd));
  const [pGreater, pLess] = [upper(u), upper(n * m - u)];
  return { ...effect, pGreater, pLess, pValue: Math.min(1, 2 * Math.min(pGreater, pLess)), method: 'normal' };
}

/** The sum of the second sample's ranks among all, ties sharing theirs, and the sum of t^3 - t over groups of t equal values. */
function rankSumOf(first: Float64Array, second: Float64Array): { rankSum: number; tieTerm: number } {
  let [i, j, rankSum, tieTerm] = [0, 0, 0, 0];
  while (i < first.length || j < second.length) {
    const value = Math.min(first[i] ?? Number.POSITIVE_INFINITY, second[j] ?? Number.POSITIVE_INFINITY);
    const before = i + j;
    const secondBefore = j;
    while (i < first.length && first[i] === value) i++;
    while (j < second.length && second[j] === value) j++;
    const equal = i + j - before;
    rankSum += (j - secondBefore) * (before + (equal + 1) / 2);
    tieTerm += equal ** 3 - equal;
  }
  return { rankSum, tieTerm };
}

/** P(U >= u) without ties: the share of the arrangements of n and m values, counted by the recursion f(n, m, u) = f(n - 1, m, u - m) + f(n, m - 1, u). */
function exactUpperTail(n: number, m: number, u: number): number {
  // ways[j][k]: arrangements of so far i values of the first and j of the second sample with U = k.
  let ways: Float64Array[] = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= n; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= m; j++) {
      const counts = new Float64Array(i * j + 1);
      (ways[j] as Float64Array).forEach((count, k) => {
        counts[k + j] = count;
      });
      (next[j - 1] as Float64Array).forEach((count, k) => {
        counts[k] = (counts[k] ?? 0) + count;
      });
      next.push(counts);
    }
    ways = next;
  }
  const counts = ways[m] as Float64Array;
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.subarray(Math.ceil(u)).reduce((sum, count) => sum + count, 0) / all;
}
