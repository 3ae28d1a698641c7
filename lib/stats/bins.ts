import { Distribution } from './distribution.ts';

/** What fell into one span of time. */
export interface Bin {
  count: number;
  failed: number;
  readonly latency: Distribution;
}

/**
 * Requests by the time at which they started, in bins of `binSec` seconds from `startMs` on: rates, error rates and latency quantiles over time.
 * What lies outside [startMs, endMs) is not counted.
 */
export class TimeBins {
  readonly startMs: number;
  readonly binSec: number;
  readonly #bins: (Bin | undefined)[];

  constructor(startMs: number, endMs: number, binSec: number) {
    this.startMs = startMs;
    this.binSec = binSec;
    this.#bins = new Array<Bin | undefined>(Math.max(0, Math.ceil((endMs - startMs) / (binSec * 1000)))).fill(undefined);
  }

  add(atMs: number, latency: number, failed: boolean): void {
    const index = Math.floor((atMs - this.startMs) / (this.binSec * 1000));
    if (index < 0 || index >= this.#bins.length) return;
    let bin = this.#bins[index];
    if (!bin) {
      bin = { count: 0, failed: 0, latency: new Distribution() };
      this.#bins[index] = bin;
    }
    bin.count++;
    if (failed) bin.failed++;
    if (latency > 0) bin.latency.add(latency);
  }

  /** One value a bin with the bin's start; `of` sees undefined where nothing fell. */
  series<Value>(of: (bin: Bin | undefined) => Value): { atMs: number; value: Value }[] {
    return this.#bins.map((bin, index) => ({ atMs: this.startMs + index * this.binSec * 1000, value: of(bin) }));
  }
}

/** The shortest whole number of seconds a bin may last so that a span needs at most `maxBins`. */
export function binSecondsFor(spanMs: number, maxBins: number): number {
  return Math.max(1, Math.ceil(spanMs / 1000 / maxBins));
}
