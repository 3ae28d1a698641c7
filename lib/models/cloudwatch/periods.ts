import { Bucket } from './bucket.ts';

/** Periods below a minute that CloudWatch takes, for metrics stored at one second. */
const highResolutionPeriods: readonly number[] = [1, 5, 10, 20, 30];

/** Whether CloudWatch takes `periodSec`: 1, 5, 10, 20, 30 or a multiple of 60. */
export function isPeriod(periodSec: number): boolean {
  return highResolutionPeriods.includes(periodSec) || (Number.isInteger(periodSec) && periodSec > 0 && periodSec % 60 === 0);
}

/** The width of the stored buckets that a period is made of. */
export function resolutionOf(periodSec: number): 1 | 60 {
  return periodSec < 60 ? 1 : 60;
}

/** The start of the period that holds `atMs`, periods counted from `originMs` (default: the epoch). */
export function periodStart(atMs: number, periodSec: number, originMs = 0): number {
  const widthMs = periodSec * 1000;
  return originMs + Math.floor((atMs - originMs) / widthMs) * widthMs;
}

/**
 * Adds stored buckets up into periods that start at `originMs` plus a whole number of periods; ascending, and only periods
 * that hold something. A stored bucket never spans two periods, because every period is a multiple of its width.
 */
export function aggregate(stored: Iterable<Bucket>, periodSec: number, originMs = 0): Bucket[] {
  const periods = new Map<number, Bucket>();
  for (const bucket of stored) {
    if (bucket.sampleCount === 0) continue;
    const startMs = periodStart(bucket.startMs, periodSec, originMs);
    const period = periods.get(startMs) ?? new Bucket(startMs);
    period.merge(bucket);
    periods.set(startMs, period);
  }
  return [...periods.values()].sort((a, b) => a.startMs - b.startMs);
}
