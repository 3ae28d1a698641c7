import { TokenBucket } from '../token-bucket.ts';
import type { ThrottleReason } from './throttle.ts';

/**
 * Synchronous invocations a second: ten times the concurrency, for a function with reserved concurrency of its own, for all
 * others of the account together. It matters where executions are shorter than 100 ms.
 */
export class InvocationRate {
  readonly #perConcurrency: number;
  readonly #burstSec: number;
  #limit = Number.NaN;
  #bucket: TokenBucket | undefined;

  constructor(perConcurrency: number, burstSec: number) {
    this.#perConcurrency = perConcurrency;
    this.#burstSec = burstSec;
  }

  /** Counts one invocation under a concurrency of `limit`; a changed limit starts a bucket of its own. */
  take(limit: number, nowMs: number): boolean {
    if (limit !== this.#limit || !this.#bucket) {
      this.#limit = limit;
      const perSec = limit * this.#perConcurrency;
      this.#bucket = new TokenBucket(perSec * this.#burstSec, perSec, nowMs);
    }
    return this.#bucket.take(nowMs);
  }
}

/** The reason that goes with the rate of a function with (`true`) or without reserved concurrency. */
export function rateReason(reserved: boolean): ThrottleReason {
  return reserved ? 'ReservedFunctionInvocationRateLimitExceeded' : 'FunctionInvocationRateLimitExceeded';
}
