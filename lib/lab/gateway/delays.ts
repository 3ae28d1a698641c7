import { type Clock, monotonicMs } from '../../core/clock.ts';
import type { Numbers } from '../../core/numbers.ts';
import type { Rng } from '../../core/rng.ts';
import { quantileSampler, type Sampler } from '../../models/quantile-sampler.ts';

/** Share of an answer's lateness by which the lead changes: some fifty answers make it. */
const learningShare = 0.02;
const maxLeadMs = 2;

/** Waits until monotonic instants; resolves at once when they have passed. */
export class Delays {
  readonly #wall: Clock;

  constructor(wall: Clock) {
    this.#wall = wall;
  }

  /** Milliseconds left until `dueMs`; 0 when there is nothing to wait for. */
  left(dueMs: number): number {
    return Math.max(0, dueMs - monotonicMs());
  }

  wait(leftMs: number): Promise<void> {
    return new Promise((resolve) => void this.#wall.schedule(leftMs, resolve));
  }
}

/**
 * How much before its due time to wake, so that an answer is ready when due: what waking and answering took on average. It learns from
 * every answer; one that was very late (a pause of the process) counts as a millisecond.
 */
export class Lead {
  #ms = 0;

  get ms(): number {
    return this.#ms;
  }

  /** An answer was ready this long after its due time; below 0 where it was early. */
  learn(lateMs: number): void {
    const step = learningShare * Math.max(-1, Math.min(1, lateMs));
    this.#ms = Math.max(0, Math.min(maxLeadMs, this.#ms + step));
  }
}

/** Samples service times of `config/latency` by key: a quantile table, or one number for each call. */
export class ServiceTimes {
  readonly #latency: Numbers;
  readonly #rng: Rng;
  readonly #samplers = new Map<string, Sampler>();

  constructor(latency: Numbers, rng: Rng) {
    this.#latency = latency;
    this.#rng = rng;
  }

  sampleMs(key: string): number {
    let sampler = this.#samplers.get(key);
    if (!sampler) {
      const { value } = this.#latency.entry(key);
      sampler = typeof value === 'number' ? () => value : quantileSampler(value);
      this.#samplers.set(key, sampler);
    }
    return sampler(this.#rng.next());
  }
}
