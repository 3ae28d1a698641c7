/** Turns a uniform number in [0, 1) into a value of a distribution. */
export type Sampler = (uniform: number) => number;

/**
 * A sampler for the quantile table of one thing, such as `{ p10: 90, p50: 120, p90: 180, p99: 260, max: 800 }`.
 * The inverse distribution function is interpolated in the logarithm of the value between the given points, so the share of
 * samples at or below each given quantile is that quantile, and none exceeds `max`. Below the lowest quantile the first
 * segment's slope goes on (or to `min`, when given); without `max`, the highest quantile is the maximum.
 * @throws RangeError when a key is not `min`, `max` or `pNN`, or the values are not above 0 and ascending.
 */
export function quantileSampler(table: Readonly<Record<string, number>>): Sampler {
  const points = pointsOf(table);
  const share = points.map((point) => point.share);
  const ln = points.map((point) => Math.log(point.value));
  return (uniform) => {
    let right = 1;
    while (right < share.length - 1 && uniform > (share[right] as number)) right++;
    const [s0, s1, v0, v1] = [share[right - 1] as number, share[right] as number, ln[right - 1] as number, ln[right] as number];
    return Math.exp(v0 + ((v1 - v0) * (uniform - s0)) / (s1 - s0));
  };
}

interface Point {
  readonly share: number;
  readonly value: number;
}

function pointsOf(table: Readonly<Record<string, number>>): Point[] {
  const points = Object.entries(table)
    .map(([key, value]) => ({ share: shareOf(key), value }))
    .sort((a, b) => a.share - b.share);
  const [first, second] = points;
  if (!first || !second) throw new RangeError('a quantile table needs two quantiles or more');
  points.forEach((point, i) => {
    const before = points[i - 1]?.value ?? 0;
    if (!(point.value > 0 && point.value >= before)) throw new RangeError(`quantiles must be above 0 and ascending, not ${JSON.stringify(table)}`);
  });
  if (first.share > 0) {
    const slope = Math.log(second.value / first.value) / (second.share - first.share);
    points.unshift({ share: 0, value: first.value * Math.exp(-slope * first.share) });
  }
  const last = points[points.length - 1] as Point;
  if (last.share < 1) points.push({ share: 1, value: last.value });
  return points;
}

function shareOf(key: string): number {
  if (key === 'min') return 0;
  if (key === 'max') return 1;
  const percent = /^p(\d{1,2}(?:\.\d+)?)$/.exec(key)?.[1];
  if (percent === undefined) throw new RangeError(`a quantile table has keys min, max and pNN, not ${key}`);
  return Number(percent) / 100;
}
