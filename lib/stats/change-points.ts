import { studentUpperTail } from './probability.ts';

/** Where a history changes: from this index on its figures are others. */
export interface ChangePoint {
  readonly index: number;
  readonly pValue: number;
  /** Means from the change point before (or the start) to this one, and from this one to the next (or the end). */
  readonly meanBefore: number;
  readonly meanAfter: number;
}

export interface ChangePointOptions {
  /** 0.001 unless told: a history is looked at after every run, so chance has many tries. */
  readonly significance?: number;
  /** The least relative change, of the smaller mean, that is reported; 0 unless told. */
  readonly least?: number;
  /** Figures that are looked at together; 50 unless told. */
  readonly window?: number;
}

/**
 * The change points of a history of figures, in order: E-divisive (Matteson & James, JASA 109, 2014) with Student's t-test in place of permutations and in
 * two passes, as Hunter does it (Fleming et al., ICPE 2023): first candidates at a relaxed significance in windows that overlap by half, so that an
 * old large change does not hide a new small one; then the weakest is dropped, its neighbours judged anew, until all that are left hold.
 * Nothing is random.
 */
export function changePoints(figures: readonly number[], { significance = 0.001, least = 0, window = 50 }: ChangePointOptions = {}): ChangePoint[] {
  const relaxed = Math.min(0.5, significance * 10);
  const candidates = new Set<number>();
  for (let start = 0; start < figures.length; ) {
    const found = divide(figures.slice(start, start + window), relaxed).map((index) => index + start);
    for (const index of found) candidates.add(index);
    start = Math.max(start + Math.floor(window / 2), found.at(-1) ?? 0);
  }
  return merge(
    figures,
    [...candidates].sort((a, b) => a - b),
    significance,
    least,
  );
}

/** Splits where the two sides differ most, again and again while the split that differs most of all is significant. */
function divide(figures: readonly number[], significance: number): number[] {
  const splits: number[] = [];
  for (;;) {
    const edges = [0, ...splits, figures.length];
    const best = edges
      .slice(1)
      .map((end, i) => bestSplit(figures, edges[i] ?? 0, end))
      .reduce((most, split) => (split.divergence > most.divergence ? split : most));
    if (best.divergence === Number.NEGATIVE_INFINITY) return splits;
    if (pointAt(figures, best.index, edges).pValue > significance) return splits;
    splits.push(best.index);
    splits.sort((a, b) => a - b);
  }
}

/**
 * The index t that divides [start, end) best: over all t and all ends u > t the largest of
 *
 *     q(t, u) = 2/(n+m) * between  -  2m/((n+m)(n-1)) * within left  -  2n/((n+m)(m-1)) * within right
 *
 * with n = t - start, m = u - t, and sums of |x - y| over pairs: nm/(n+m) times the energy distance. Sums are carried on from one pair (t, u) to the next.
 */
function bestSplit(figures: readonly number[], start: number, end: number): { index: number; divergence: number } {
  let best = { index: start, divergence: Number.NEGATIVE_INFINITY };
  let left = 0;
  for (let t = start + 1; t < end; t++) {
    left += distanceTo(figures, start, t - 1, t - 1);
    const n = t - start;
    let [between, right] = [0, 0];
    for (let u = t + 1; u <= end; u++) {
      between += distanceTo(figures, start, t, u - 1);
      right += distanceTo(figures, t, u - 1, u - 1);
      const m = u - t;
      const withinLeft = n > 1 ? (2 * m * left) / ((n + m) * (n - 1)) : 0;
      const withinRight = m > 1 ? (2 * n * right) / ((n + m) * (m - 1)) : 0;
      const divergence = (2 * between) / (n + m) - withinLeft - withinRight;
      if (divergence > best.divergence) best = { index: t, divergence };
    }
  }
  return best;
}

/** The sum of distances from the figure at `of` to those in [from, to). */
function distanceTo(figures: readonly number[], from: number, to: number, of: number): number {
  let sum = 0;
  const value = figures[of] as number;
  for (let i = from; i < to; i++) sum += Math.abs((figures[i] as number) - value);
  return sum;
}

function merge(figures: readonly number[], indices: readonly number[], significance: number, least: number): ChangePoint[] {
  const left = [...indices];
  for (;;) {
    const points = left.map((index) => pointAt(figures, index, [0, ...left, figures.length]));
    const weakest = points.reduce<ChangePoint | undefined>((worst, point) => (!worst || point.pValue > worst.pValue ? point : worst), undefined);
    if (!weakest) return points;
    const drop = weakest.pValue >= significance ? weakest : points.find((point) => magnitude(point) <= least && isSmallest(point, points));
    if (!drop) return points;
    left.splice(left.indexOf(drop.index), 1);
  }
}

function isSmallest(point: ChangePoint, points: readonly ChangePoint[]): boolean {
  return points.every((other) => magnitude(other) >= magnitude(point));
}

/** The change as a share of the smaller mean. */
function magnitude({ meanBefore, meanAfter }: ChangePoint): number {
  return Math.abs(meanAfter - meanBefore) / Math.min(Math.abs(meanBefore), Math.abs(meanAfter));
}

/** The point at `index` held against its neighbours among the sorted `edges`, by Student's t-test of equal variances. */
function pointAt(figures: readonly number[], index: number, edges: readonly number[]): ChangePoint {
  const before = figures.slice(Math.max(...edges.filter((edge) => edge < index)), index);
  const after = figures.slice(index, Math.min(...edges.filter((edge) => edge > index)));
  const [meanBefore, meanAfter] = [mean(before), mean(after)];
  const degrees = before.length + after.length - 2;
  if (degrees < 1) return { index, pValue: 1, meanBefore, meanAfter };
  const pooled = (squares(before, meanBefore) + squares(after, meanAfter)) / degrees;
  const error = Math.sqrt(pooled * (1 / before.length + 1 / after.length));
  const apart = Math.abs(meanAfter - meanBefore);
  const t = apart === 0 ? 0 : apart / error;
  return { index, pValue: Math.min(1, 2 * studentUpperTail(t, degrees)), meanBefore, meanAfter };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squares(values: readonly number[], around: number): number {
  return values.reduce((sum, value) => sum + (value - around) ** 2, 0);
}
