import type { SeriesData } from '../html/payload.ts';

const plain = (digits: number) => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits });
const formats = [plain(0), plain(1), plain(2), plain(3)] as const;

/** A number with some three significant digits. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const format = size >= 100 || Number.isInteger(value) ? formats[0] : size >= 10 ? formats[1] : size >= 1 ? formats[2] : formats[3];
  return format.format(value);
}

/** `87.1 ms`, `38.8/s`, `2,588`. */
export function withUnit(value: number, unit: string): string {
  if (unit === 'count') return shortNumber(value);
  if (unit === 'ratio') return `${shortNumber(value * 100)} %`;
  if (unit === 'percent') return `${shortNumber(value)} %`;
  return unit === '1/s' ? `${shortNumber(value)}/s` : `${shortNumber(value)} ${unit}`;
}

/** What a series says of the moment `sec`: the point whose span holds it; null in a gap, undefined outside of the series. */
export function valueAt({ atSec, values, resolutionSec }: SeriesData, sec: number): number | null | undefined {
  let low = 0;
  let high = atSec.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((atSec[middle] ?? 0) <= sec) low = middle;
    else high = middle - 1;
  }
  const start = atSec[low];
  const next = atSec[low + 1];
  if (start === undefined || sec < start) return undefined;
  // A thinned series has points further apart than its resolution: each then holds until the next.
  const end = Math.max(start + resolutionSec, next ?? 0);
  return sec < end ? values[low] : undefined;
}

/** Lowest and highest value of a series; undefined where it has none. */
export function rangeOf({ values }: SeriesData): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high >= low ? { low, high } : undefined;
}
