/**
 * State transitions of an account and Region: a token bucket that refuses nobody. Who finds it empty waits in line for the token that the
 * refill brings: with `tokens(t) = min(capacity, tokens(t0) + (t - t0) * refill)`, which may fall below 0 by the length of the line, a
 * transition asked for at `t` starts after `max(0, 1 - tokens(t)) / refill`. Source: AWS Step Functions developer guide, quotas related to
 * state throttling (throttled transitions are delayed); that the line is first in, first out is assumed.
 */
export class TransitionBucket {
  readonly capacity: number;
  readonly refillPerSec: number;
  #tokens: number;
  #atMs: number;

  constructor(capacity: number, refillPerSec: number, nowMs: number) {
    this.capacity = capacity;
    this.refillPerSec = refillPerSec;
    this.#tokens = capacity;
    this.#atMs = nowMs;
  }

  /** Takes one token; gives the milliseconds after which it is there, 0 at once. */
  take(nowMs: number): number {
    if (nowMs > this.#atMs) {
      this.#tokens = Math.min(this.capacity, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.refillPerSec);
      this.#atMs = nowMs;
    }
    this.#tokens -= 1;
    // A refill of ten times 0.1 must give the whole token that it stands for.
    return this.#tokens > -1e-9 ? 0 : (-this.#tokens / this.refillPerSec) * 1000;
  }
}
