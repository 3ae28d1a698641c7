import type { Segment } from './arrivals.ts';

/**
 * When each arrival of a profile is meant. The k-th (from 1) is meant when the area under the rate reaches k, which is
 * k6's own rule (grafana/k6 lib/executor/ramping_arrival_rate.go, `cal`): at 10 a second the first comes after 0.1 s.
 */
export interface ArrivalSchedule {
  /** How many arrivals the whole profile means. */
  readonly count: number;
  readonly totalSec: number;
  readonly peakPerSec: number;
  /** When the k-th arrival (1 to `count`) is meant, seconds from the profile's start. */
  timeOf(k: number): number;
  /** How many are meant in the first `sec` seconds, the end included. */
  countUntil(sec: number): number;
  /** The most arrivals that any stretch of `sec` seconds can hold (the largest area of such a stretch; not rounded). */
  mostWithin(sec: number): number;
}

/**
 * An arrival counts as meant when at most this share of it is missing at the profile's end: 5 s at 10 a second are 50,
 * however the sum is rounded. `lib/traffic/k6/script.ts` gives k6 the same slack.
 */
export const lastArrivalSlack = 1e-3;

/** Rounding errors of areas stay far below this. */
const areaNoise = 1e-9;

interface Stretch extends Segment {
  readonly startSec: number;
  readonly areaBefore: number;
}

/** The schedule of consecutive segments; pure arithmetic, O(log segments) a question. */
export function scheduleOf(segments: readonly Segment[]): ArrivalSchedule {
  const stretches: Stretch[] = [];
  let [totalSec, area] = [0, 0];
  for (const segment of segments) {
    stretches.push({ ...segment, startSec: totalSec, areaBefore: area });
    totalSec += segment.durationSec;
    area += (segment.durationSec * (segment.fromPerSec + segment.toPerSec)) / 2;
  }
  const areaUntil = (sec: number): number => {
    if (sec <= 0) return 0;
    if (sec >= totalSec) return area;
    const stretch = lastAtOrBefore(stretches, (each) => each.startSec <= sec);
    return stretch ? stretch.areaBefore + areaWithin(stretch, sec - stretch.startSec) : 0;
  };
  const rateAt = (sec: number): number => {
    if (sec < 0 || sec >= totalSec) return 0;
    const stretch = lastAtOrBefore(stretches, (each) => each.startSec <= sec);
    return stretch ? stretch.fromPerSec + slopeOf(stretch) * (sec - stretch.startSec) : 0;
  };
  return {
    count: Math.floor(area + lastArrivalSlack),
    totalSec,
    peakPerSec: segments.reduce((peak, each) => Math.max(peak, each.fromPerSec, each.toPerSec), 0),
    timeOf: (k) => {
      const stretch = lastAtOrBefore(stretches, (each) => each.areaBefore < k - areaNoise);
      return stretch ? Math.min(totalSec, stretch.startSec + timeToArea(stretch, k - stretch.areaBefore)) : 0;
    },
    countUntil: (sec) => Math.floor(areaUntil(sec) + (sec >= totalSec ? lastArrivalSlack : areaNoise)),
    mostWithin: (sec) => {
      const edges = [0, ...stretches.map((each) => each.startSec), totalSec];
      return largestStretch([...edges, ...edges.map((edge) => edge + sec)], sec, areaUntil, rateAt);
    },
  };
}

/** Every intended time of the schedule in order, seconds from its start. */
export function* intendedTimes(schedule: ArrivalSchedule): Generator<number> {
  for (let k = 1; k <= schedule.count; k++) yield schedule.timeOf(k);
}

/**
 * max over t of A(t) - A(t - sec). Between two edges both rates are straight lines, so the maximum lies on an edge or
 * where the two lines cross.
 */
function largestStretch(edges: number[], sec: number, areaUntil: (sec: number) => number, rateAt: (sec: number) => number): number {
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  const held = (t: number): number => areaUntil(t) - areaUntil(t - sec);
  let most = 0;
  for (const [index, left] of sorted.entries()) {
    most = Math.max(most, held(left));
    const right = sorted[index + 1];
    if (right === undefined || right - left < 1e-6) continue;
    const inset = (right - left) * 1e-6;
    const gapAt = (t: number): number => rateAt(t) - rateAt(t - sec);
    const [first, last] = [gapAt(left + inset), gapAt(right - inset)];
    if (first > 0 && last < 0) most = Math.max(most, held(left + ((right - left) * first) / (first - last)));
  }
  return most;
}

function slopeOf(stretch: Segment): number {
  return (stretch.toPerSec - stretch.fromPerSec) / stretch.durationSec;
}

function areaWithin(stretch: Segment, sec: number): number {
  return stretch.fromPerSec * sec + (slopeOf(stretch) * sec * sec) / 2;
}

/** Solves from*x + slope*x^2/2 = area for x >= 0, in the form that loses no digits where the slope is small. */
function timeToArea(stretch: Segment, area: number): number {
  const { fromPerSec, durationSec } = stretch;
  const root = Math.sqrt(Math.max(0, fromPerSec * fromPerSec + 2 * slopeOf(stretch) * area));
  const divisor = fromPerSec + root;
  return divisor > 0 ? Math.min(durationSec, (2 * area) / divisor) : durationSec;
}

function lastAtOrBefore(stretches: readonly Stretch[], holds: (stretch: Stretch) => boolean): Stretch | undefined {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const stretch = stretches[middle];
    if (stretch && holds(stretch)) low = middle + 1;
    else high = middle;
  }
  return stretches[low - 1];
}
