import type { TokenBucket } from '../token-bucket.ts';
import { type Quota, QuotaCounter } from './quota.ts';
import { admits, bucketOf, StageBuckets, type Throttle } from './throttle.ts';

/** What a usage plan allows each of its API keys. */
export interface PlanLimits {
  /** All requests of a key together, over every stage of the plan. */
  readonly throttle: Throttle | undefined;
  /** By API stage, and there by method: a limit beside that of the plan. */
  readonly methods: ReadonlyMap<string, ReadonlyMap<string, Throttle>>;
  readonly quota: Quota | undefined;
}

/** Why a request is refused: for its rate, or for a quota that is used up. */
export type Refusal = 'throttled' | 'quota-exceeded';

/**
 * One API key in one usage plan. Its own bucket for the method comes first, then its bucket for the plan, then the quota, which counts what passed
 * both (that throttled requests leave the quota alone is not documented: assumed). Source: API Gateway developer guide, "Usage plans and API keys".
 */
export class ClientUsage {
  readonly #stages: ReadonlyMap<string, StageBuckets>;
  readonly #all: TokenBucket | undefined;
  readonly #quota: QuotaCounter | undefined;

  constructor({ throttle, methods, quota }: PlanLimits, nowMs: number) {
    this.#stages = new Map([...methods].map(([stage, own]) => [stage, new StageBuckets({ standard: undefined, own })]));
    this.#all = throttle && bucketOf(throttle, nowMs);
    this.#quota = quota && new QuotaCounter(quota, nowMs);
  }

  /** Takes of the key's limits for a request to `method` of `stage`; undefined when it gets through. */
  take(stage: string, method: string, nowMs: number): Refusal | undefined {
    if (!admits([this.#stages.get(stage)?.of(method, nowMs), this.#all], nowMs)) return 'throttled';
    return this.#quota === undefined || this.#quota.take(nowMs) ? undefined : 'quota-exceeded';
  }
}
