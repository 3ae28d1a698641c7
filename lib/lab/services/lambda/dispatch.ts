import { monotonicMs } from '../../../core/clock.ts';
import type { LabContext } from '../../contract.ts';
import { Delays, ServiceTimes } from '../../gateway/delays.ts';

/** What Lambda itself takes to queue an event or to get from an event to the function, by one key of `config/latency`. */
export class Dispatch {
  readonly #delays: Delays | undefined;
  readonly #times: ServiceTimes;
  readonly #key: string;

  constructor({ delays, wall, latency, rng }: LabContext, key: string) {
    this.#delays = delays ? new Delays(wall) : undefined;
    this.#times = new ServiceTimes(latency, rng.fork(`${key}-times`));
    this.#key = key;
  }

  /** Waits; returns how long it was meant to take, in wall ms. */
  async wait(): Promise<number> {
    if (!this.#delays) return 0;
    const modelledMs = this.#times.sampleMs(this.#key);
    const leftMs = this.#delays.left(monotonicMs() + modelledMs);
    if (leftMs > 0) await this.#delays.wait(leftMs);
    return modelledMs;
  }
}
