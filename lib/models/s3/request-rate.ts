import { TokenBucket } from '../token-bucket.ts';

/**
 * Requests that a bucket takes: AWS guarantees so many writes and reads a second for each partitioned prefix. How a bucket is partitioned is not documented;
 * a new one is taken to be one partition that does not split (assumed), and the interval to be a second.
 */
export class RequestRate {
  readonly #writes: TokenBucket;
  readonly #reads: TokenBucket;

  constructor(writesPerSec: number, readsPerSec: number, nowMs: number) {
    this.#writes = new TokenBucket(writesPerSec, writesPerSec, nowMs);
    this.#reads = new TokenBucket(readsPerSec, readsPerSec, nowMs);
  }

  take(kind: 'write' | 'read', nowMs: number): boolean {
    return (kind === 'write' ? this.#writes : this.#reads).take(nowMs);
  }
}
