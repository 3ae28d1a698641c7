export interface PollerRules {
  /** With which a mapping begins. */
  readonly initial: number;
  /** Down to which it goes while its queue is empty. */
  readonly idle: number;
  /** The account's limit, or the mapping's MaximumConcurrency. */
  readonly max: number;
  /** Share of their time for which the pollers must have been at work for more to be added. */
  readonly busyShare: number;
  /** More in one step of the ramp. */
  readonly perStep: number;
}

/**
 * How many pollers (batches at once) a mapping of SQS has. It begins with `initial`; each step of the ramp in which they were busy adds `perStep`; each poll that
 * found nothing takes one away, and so does each batch that failed or was throttled (AWS documents the ramp, not what starts or reverses it: assumed).
 */
export class PollerScaling {
  readonly #rules: PollerRules;
  #wanted: number;
  #failed = false;

  constructor(rules: PollerRules) {
    this.#rules = rules;
    this.#wanted = Math.min(rules.initial, rules.max);
  }

  get wanted(): number {
    return Math.floor(this.#wanted);
  }

  /** One step of the ramp has passed, in which the pollers had a batch in hand for `workShare` of their time. After a failure nothing is added for a step. */
  step(workShare: number): void {
    if (workShare >= this.#rules.busyShare && !this.#failed) this.#wanted = Math.min(this.#rules.max, this.#wanted + this.#rules.perStep);
    this.#failed = false;
  }

  foundNothing(): void {
    this.#less();
  }

  failed(): void {
    this.#failed = true;
    this.#less();
  }

  #less(): void {
    this.#wanted = Math.max(Math.min(this.#rules.idle, this.#rules.max), this.#wanted - 1);
  }
}
