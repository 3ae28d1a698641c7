import { TokenBucket } from '../token-bucket.ts';

/** Requests a second and at once; undefined where a stage sets none. */
export interface RouteThrottle {
  readonly ratePerSec: number;
  readonly burst: number;
}

/**
 * Throttling of HTTP APIs, in AWS's order: the route's own bucket in its stage, then the account's, which all APIs of the region share.
 * AWS calls both best effort; here they are exact.
 */
export class ApiThrottle {
  readonly #account: TokenBucket;
  readonly #routes = new Map<string, { limit: RouteThrottle; bucket: TokenBucket }>();

  constructor(account: RouteThrottle, nowMs: number) {
    this.#account = new TokenBucket(account.burst, account.ratePerSec, nowMs);
  }

  /** Whether a request for the route `key` (unique over APIs and stages) gets through. */
  take(key: string, limit: RouteThrottle | undefined, nowMs: number): boolean {
    return (limit === undefined || this.#route(key, limit, nowMs).take(nowMs)) && this.#account.take(nowMs);
  }

  #route(key: string, limit: RouteThrottle, nowMs: number): TokenBucket {
    let route = this.#routes.get(key);
    if (route?.limit !== limit) {
      route = { limit, bucket: new TokenBucket(limit.burst, limit.ratePerSec, nowMs) };
      this.#routes.set(key, route);
    }
    return route.bucket;
  }
}
