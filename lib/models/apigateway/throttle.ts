import { TokenBucket } from '../token-bucket.ts';

/** Requests a second and at once. */
export interface Throttle {
  readonly ratePerSec: number;
  readonly burst: number;
}

/** What one stage allows its routes (HTTP APIs) or methods (REST APIs); without a throttle only the account's holds. */
export interface StageLimits {
  readonly standard: Throttle | undefined;
  /** By route or method key; it replaces the stage's. */
  readonly own: ReadonlyMap<string, Throttle>;
}

/** A bucket that starts full. */
export function bucketOf({ burst, ratePerSec }: Throttle, nowMs: number): TokenBucket {
  return new TokenBucket(burst, ratePerSec, nowMs);
}

/** The buckets of one stage: each route or method has one for itself, of its own throttle or of the stage's standard. */
export class StageBuckets {
  readonly #limits: StageLimits;
  readonly #buckets = new Map<string, TokenBucket | undefined>();

  constructor(limits: StageLimits) {
    this.#limits = limits;
  }

  /** The bucket of a route or method; undefined where nothing limits it. One that was never asked for is full. */
  of(key: string, nowMs: number): TokenBucket | undefined {
    const known = this.#buckets.get(key);
    if (known !== undefined || this.#buckets.has(key)) return known;
    const limit = this.#limits.own.get(key) ?? this.#limits.standard;
    const bucket = limit && bucketOf(limit, nowMs);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/**
 * Whether a request gets through all of `buckets`, asked in AWS's order (client, method or route, account); undefined is no limit. The first
 * that refuses ends it, and what earlier ones gave stays taken (not documented: assumed). AWS calls all of them best effort; here they are exact.
 */
export function admits(buckets: readonly (TokenBucket | undefined)[], nowMs: number): boolean {
  for (const bucket of buckets) if (bucket !== undefined && !bucket.take(nowMs)) return false;
  return true;
}
