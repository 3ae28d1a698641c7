import { monotonicMs } from '../core/clock.ts';
import type { Arrival, Sample } from '../record/types.ts';
import type { ProgressTraffic } from '../report/progress.ts';

/** How many seconds of the wall the live figures look back. */
const lookBackSec = 10;
/** Points of the small curve. */
const curvePoints = 30;

interface Second {
  readonly index: number;
  readonly durationsMs: number[];
  failed: number;
}

/** Live figures of the traffic for the terminal; nothing is graded from them. */
export class LiveTraffic {
  readonly #startedMs = monotonicMs();
  #seconds: Second[] = [];
  #requests = 0;
  #errors = 0;
  #dropped = 0;
  #lastError: string | undefined;
  #recent: (number | null)[] = [];

  samples(samples: readonly Sample[]): void {
    const second = this.#second();
    for (const sample of samples) {
      this.#requests++;
      second.durationsMs.push(sample.durationMs);
      if (sample.ok) continue;
      this.#errors++;
      second.failed++;
      this.#lastError = `${sample.operation}: ${sample.error || sample.status}`;
    }
  }

  arrivals(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) if (arrival.dropped) this.#dropped++;
  }

  /** Requests that came in so far. */
  get requests(): number {
    return this.#requests;
  }

  /** Whether any of the last seconds' requests failed: something may still run that nobody waits for. */
  get failedLately(): boolean {
    return this.#seconds.some((second) => second.failed > 0);
  }

  /** The figures now; call it once a second, since each call adds a point to the curve. */
  state(): ProgressTraffic {
    const now = Math.floor((monotonicMs() - this.#startedMs) / 1_000);
    this.#seconds = this.#seconds.filter((second) => second.index > now - lookBackSec);
    const durations = this.#seconds.flatMap((second) => second.durationsMs).sort((a, b) => a - b);
    const p95 = durations.length >= 20 ? durations[Math.ceil(durations.length * 0.95) - 1] : undefined;
    const failed = this.#seconds.reduce((sum, second) => sum + second.failed, 0);
    this.#recent = [...this.#recent, p95 ?? null].slice(-curvePoints);
    return {
      ratePerSec: durations.length / Math.max(1, Math.min(lookBackSec, now)),
      requests: this.#requests,
      errors: this.#errors,
      droppedArrivals: this.#dropped,
      recentP95Ms: this.#recent,
      ...(p95 === undefined ? {} : { p95Ms: p95 }),
      ...(durations.length > 0 ? { errorRate: failed / durations.length } : {}),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  #second(): Second {
    const index = Math.floor((monotonicMs() - this.#startedMs) / 1_000);
    const last = this.#seconds.at(-1);
    if (last?.index === index) return last;
    const next = { index, durationsMs: [], failed: 0 };
    this.#seconds.push(next);
    return next;
  }
}
