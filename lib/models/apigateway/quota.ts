import { isoTime, msOfIso } from '../../core/time-format.ts';

export type QuotaPeriod = 'DAY' | 'WEEK' | 'MONTH';

/** How many requests of one API key a usage plan takes in a period. */
export interface Quota {
  readonly limit: number;
  /** Requests that the first period has less. */
  readonly offset: number;
  readonly period: QuotaPeriod;
}

const dayMs = 86_400_000;

/** Days from a Sunday to the Thursday that the epoch began with. */
const epochWeekday = 4;

/** When the period of `nowMs` ends: days, weeks from Sunday and months of the calendar, in UTC (not documented: assumed). */
export function periodEndMs(period: QuotaPeriod, nowMs: number): number {
  const day = Math.floor(nowMs / dayMs);
  if (period === 'DAY') return (day + 1) * dayMs;
  if (period === 'WEEK') return (day + 7 - ((day + epochWeekday) % 7)) * dayMs;
  const [year, month] = [Number(isoTime(nowMs).slice(0, 4)), Number(isoTime(nowMs).slice(5, 7))];
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
  return msOfIso(`${next}-01T00:00:00.000Z`);
}

/** Counts the requests of one key against its quota; AWS calls it best effort, here it is exact. */
export class QuotaCounter {
  readonly #quota: Quota;
  #left: number;
  #endMs: number;

  constructor(quota: Quota, nowMs: number) {
    this.#quota = quota;
    this.#left = quota.limit - quota.offset;
    this.#endMs = periodEndMs(quota.period, nowMs);
  }

  /** Counts one request, or says that the quota is used up. */
  take(nowMs: number): boolean {
    if (nowMs >= this.#endMs) {
      this.#left = this.#quota.limit;
      this.#endMs = periodEndMs(this.#quota.period, nowMs);
    }
    if (this.#left <= 0) return false;
    this.#left--;
    return true;
  }
}
