import { TokenBucket } from '../token-bucket.ts';
import { type ConcurrencyLimits, ConcurrencyPool } from './concurrency.ts';
import { InvocationRate, rateReason } from './invocation-rate.ts';
import type { ThrottleReason } from './throttle.ts';

export interface AdmissionLimits extends ConcurrencyLimits {
  /** New environments of one function that may come at once, and per period. */
  readonly scalingEnvironments: number;
  readonly scalingPeriodSec: number;
  readonly invocationsPerConcurrency: number;
  readonly invocationBurstSec: number;
}

/**
 * What decides whether Lambda takes an invocation: concurrency, then the invocation rate, then (only when no environment is
 * idle) the rate at which the function may scale: 1,000 environments per 10 s, refilled continuously, unused ones not banked.
 * Source: AWS Lambda developer guide, "Lambda scaling behavior" and "Lambda quotas".
 */
export class Admission {
  readonly pool: ConcurrencyPool;
  readonly #limits: AdmissionLimits;
  readonly #scaling = new Map<string, TokenBucket>();
  readonly #reservedRates = new Map<string, InvocationRate>();
  readonly #unreservedRate: InvocationRate;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
    this.pool = new ConcurrencyPool(limits);
    this.#unreservedRate = this.#rate();
  }

  /** Lets one execution of `name` in (end it with `pool.leave`) or says why not. */
  enter(name: string, nowMs: number): ThrottleReason | undefined {
    const refused = this.pool.enter(name);
    if (refused) return refused;
    const reserved = this.pool.reservedOf(name) !== undefined;
    if (this.#rateOf(name, reserved).take(this.pool.limitOf(name), nowMs)) return undefined;
    this.pool.leave(name);
    return rateReason(reserved);
  }

  /** Lets `name` start one environment more, or says why not. */
  scale(name: string, nowMs: number): ThrottleReason | undefined {
    let bucket = this.#scaling.get(name);
    if (!bucket) {
      const { scalingEnvironments, scalingPeriodSec } = this.#limits;
      bucket = new TokenBucket(scalingEnvironments, scalingEnvironments / scalingPeriodSec, nowMs);
      this.#scaling.set(name, bucket);
    }
    return bucket.take(nowMs) ? undefined : 'FunctionInvocationRateLimitExceeded';
  }

  /** Forgets a deleted function. */
  forget(name: string): void {
    this.pool.reserve(name, undefined);
    this.#scaling.delete(name);
    this.#reservedRates.delete(name);
  }

  #rateOf(name: string, reserved: boolean): InvocationRate {
    if (!reserved) return this.#unreservedRate;
    let rate = this.#reservedRates.get(name);
    if (!rate) {
      rate = this.#rate();
      this.#reservedRates.set(name, rate);
    }
    return rate;
  }

  #rate(): InvocationRate {
    return new InvocationRate(this.#limits.invocationsPerConcurrency, this.#limits.invocationBurstSec);
  }
}
