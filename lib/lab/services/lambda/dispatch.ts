import { monotonicMs } from '../../../core/clock.ts';
import type { LabContext } from '../../contract.ts';
import { Delays, ServiceTimes } from '../../gateway/delays.ts';

/** Holds back, by what `config/latency` says under one key, what Lambda itself does before it invokes a function. */
export class Dispatch {
  readonly #delays: Delays | undefined;
  readonly #times: ServiceTimes;
  readonly #key: string;

  constructor({ delays, wall, latency, rng }: LabContext, key: string) {
    this.#delays = delays ? new Delays(wall, rng.fork(`${key}-delays`)) : undefined;
    this.#times = new ServiceTimes(latency, rng.fork(`${key}-times`));
    this.#key = key;
  }

  async wait(): Promise<void> {
    if (!this.#delays) return;
    const leftMs = this.#delays.left(monotonicMs() + this.#times.sampleMs(this.#key));
    if (leftMs > 0) await this.#delays.wait(leftMs);
  }
}
