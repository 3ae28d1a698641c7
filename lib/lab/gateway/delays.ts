import { type Clock, monotonicMs } from '../../core/clock.ts';
import type { Numbers } from '../../core/numbers.ts';
import type { Rng } from '../../core/rng.ts';
import { timerMs } from '../../models/delay.ts';
import { quantileSampler, type Sampler } from '../../models/quantile-sampler.ts';

/** Keeps Node from cutting a whole number of milliseconds that arithmetic made a hair smaller down to the next lower one. */
const timerMarginMs = 0.25;

/** Waits until monotonic instants; resolves at once when they have passed. */
export class Delays {
  readonly #wall: Clock;
  readonly #rng: Rng;

  constructor(wall: Clock, rng: Rng) {
    this.#wall = wall;
    this.#rng = rng;
  }

  /** Whole milliseconds left until `dueMs`; 0 when there is nothing to wait for. */
  left(dueMs: number): number {
    return timerMs(dueMs - monotonicMs(), this.#rng.next());
  }

  wait(wholeMs: number): Promise<void> {
    return new Promise((resolve) => void this.#wall.schedule(wholeMs + timerMarginMs, resolve));
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
