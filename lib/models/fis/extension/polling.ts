import type { ActiveFault } from './fault.ts';
import type { ExtensionSettings } from './settings.ts';

/** A poll under way. An environment is frozen between invocations, so it only gets on while one runs. */
interface OpenPoll {
  /** Wall milliseconds that it still needs. */
  leftMs: number;
  /** When the environment was frozen last with it under way; undefined while it runs. */
  frozenAtMs: number | undefined;
}

/**
 * The extension of one environment between two answers from S3: a slow poll while nothing is injected, a hot one while something is. Intervals
 * are of the lab's time, what a poll takes is of the wall's, like all that runs in a function. What the last answer said holds until the next.
 */
export class ExtensionPolling {
  readonly #settings: Pick<ExtensionSettings, 'slowPollMs' | 'hotPollMs' | 'pollMaxWaitMs'>;
  /** A frozen poll is lost when the environment sleeps longer: its connection is gone. */
  readonly #frozenMaxMs: number;
  readonly #pollMs: () => number;
  #faults: readonly ActiveFault[] = [];
  #nextMs: number;
  #open: OpenPoll | undefined;

  /** @param pollMs samples what one poll takes, in wall ms */
  constructor(
    settings: Pick<ExtensionSettings, 'slowPollMs' | 'hotPollMs' | 'pollMaxWaitMs'>,
    frozenMaxMs: number,
    nowMs: number,
    pollMs: () => number,
  ) {
    this.#settings = settings;
    this.#frozenMaxMs = frozenMaxMs;
    this.#pollMs = pollMs;
    this.#nextMs = nowMs + settings.slowPollMs;
  }

  get faults(): readonly ActiveFault[] {
    return this.#faults;
  }

  /** An invocation begins; how long it waits for a poll under way (wall ms), and whether that has its answer then. */
  begin(nowMs: number): { readonly waitMs: number; readonly answered: boolean } {
    const open = this.#open;
    if (open?.frozenAtMs !== undefined && nowMs - open.frozenAtMs > this.#frozenMaxMs) this.#open = undefined;
    if (!this.#open && nowMs >= this.#nextMs) this.#open = { leftMs: this.#pollMs(), frozenAtMs: undefined };
    if (!this.#open) return { waitMs: 0, answered: false };
    this.#open.frozenAtMs = undefined;
    const waitMs = Math.min(this.#open.leftMs, this.#settings.pollMaxWaitMs);
    return { waitMs, answered: this.#got(waitMs) };
  }

  /** The invocation ends, having run for `ranMs` since `begin`'s wait; whether a poll got its answer meanwhile. `rate` is lab ms a wall ms. */
  end(nowMs: number, ranMs: number, rate: number): boolean {
    if (this.#open) {
      this.#open.frozenAtMs = nowMs;
      return this.#got(ranMs);
    }
    if (nowMs < this.#nextMs) return false;
    this.#open = { leftMs: this.#pollMs(), frozenAtMs: nowMs };
    return this.#got(Math.min(ranMs, (nowMs - this.#nextMs) / rate));
  }

  /** What the poll found. */
  answer(faults: readonly ActiveFault[], nowMs: number): void {
    this.#faults = faults;
    this.#nextMs = nowMs + (faults.length > 0 ? this.#settings.hotPollMs : this.#settings.slowPollMs);
  }

  #got(ms: number): boolean {
    if (!this.#open) return false;
    this.#open.leftMs -= ms;
    if (this.#open.leftMs > 0) return false;
    this.#open = undefined;
    return true;
  }
}
