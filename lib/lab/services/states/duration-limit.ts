import type { Cancel } from '../../../core/clock.ts';
import type { LabContext } from '../../contract.ts';
import type { StoredExecution } from './execution.ts';

/** Ends Standard executions that have been open for a year; one timer, for the oldest, however many there are. */
export class DurationLimit {
  readonly #context: LabContext;
  readonly #open: ReadonlySet<StoredExecution>;
  readonly #timeOut: (execution: StoredExecution) => void;
  readonly #limitMs: number;
  #cancel: Cancel | undefined;

  /** `open`: oldest first. */
  constructor(context: LabContext, open: ReadonlySet<StoredExecution>, timeOut: (execution: StoredExecution) => void) {
    this.#context = context;
    this.#open = open;
    this.#timeOut = timeOut;
    this.#limitMs = context.quotas.number('states.standard-duration-max') * 1000;
  }

  /** An execution was opened. */
  watch(): void {
    if (!this.#cancel) this.#check();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #check(): void {
    const { clock } = this.#context;
    this.#cancel = undefined;
    for (const execution of this.#open) {
      const leftMs = execution.startMs + this.#limitMs - clock.now();
      if (leftMs > 0) {
        this.#cancel = clock.schedule(leftMs, () => this.#check());
        return;
      }
      this.#timeOut(execution);
    }
  }
}
