import type { ThrottleReason } from './throttle.ts';

export interface ConcurrencyLimits {
  /** Concurrent executions of the account in the region. */
  readonly account: number;
  /** What must stay unreserved. */
  readonly unreservedMinimum: number;
}

/**
 * Concurrency of one account. A function with reserved concurrency has that many executions for itself and no more; all others
 * share what is not reserved: `account - sum(reserved)`. What is reserved is carved out at once, used or not.
 * Source: AWS Lambda developer guide, "Configuring reserved concurrency".
 */
export class ConcurrencyPool {
  readonly #limits: ConcurrencyLimits;
  readonly #reserved = new Map<string, number>();
  readonly #running = new Map<string, number>();
  #reservedTotal = 0;
  #runningTotal = 0;
  /** Executions of functions without reserved concurrency; kept up to date when a reservation comes or goes. */
  #unreservedRunning = 0;

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /** Starts one execution of `name`, or says why it is throttled. */
  enter(name: string): ThrottleReason | undefined {
    const reserved = this.#reserved.get(name);
    const running = this.#running.get(name) ?? 0;
    if (reserved !== undefined) {
      if (running >= reserved) return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    } else if (this.#unreservedRunning >= this.unreservedLimit) return 'ConcurrentInvocationLimitExceeded';
    this.#running.set(name, running + 1);
    this.#runningTotal++;
    if (reserved === undefined) this.#unreservedRunning++;
    return undefined;
  }

  /** Ends one execution that `enter` let in. */
  leave(name: string): void {
    const running = this.#running.get(name) ?? 0;
    if (running === 0) throw new RangeError(`${name} has no execution to end`);
    if (running === 1) this.#running.delete(name);
    else this.#running.set(name, running - 1);
    this.#runningTotal--;
    if (!this.#reserved.has(name)) this.#unreservedRunning--;
  }

  /** Sets or, with undefined, removes the reservation of `name`; false when it would leave less than the minimum unreserved. */
  reserve(name: string, concurrency: number | undefined): boolean {
    const before = this.#reserved.get(name);
    const total = this.#reservedTotal - (before ?? 0) + (concurrency ?? 0);
    // A reservation may always shrink or go: an account whose limit was lowered must be able to get out.
    if (concurrency !== undefined && concurrency > (before ?? 0) && this.#limits.account - total < this.#limits.unreservedMinimum) return false;
    const running = this.#running.get(name) ?? 0;
    if (before === undefined && concurrency !== undefined) this.#unreservedRunning -= running;
    if (before !== undefined && concurrency === undefined) this.#unreservedRunning += running;
    if (concurrency === undefined) this.#reserved.delete(name);
    else this.#reserved.set(name, concurrency);
    this.#reservedTotal = total;
    return true;
  }

  /** Reserved concurrency of `name`; undefined when it has none, which is not the same as 0. */
  reservedOf(name: string): number | undefined {
    return this.#reserved.get(name);
  }

  /** How many executions `name` may have at once. */
  limitOf(name: string): number {
    return this.#reserved.get(name) ?? this.unreservedLimit;
  }

  runningOf(name: string): number {
    return this.#running.get(name) ?? 0;
  }

  get running(): number {
    return this.#runningTotal;
  }

  get unreservedRunning(): number {
    return this.#unreservedRunning;
  }

  /** `UnreservedConcurrentExecutions` of GetAccountSettings. */
  get unreservedLimit(): number {
    return Math.max(0, this.#limits.account - this.#reservedTotal);
  }

  get accountLimit(): number {
    return this.#limits.account;
  }
}
