/**
 * A token bucket with continuous refill: `tokens(t) = min(capacity, tokens(t0) + (t - t0) * refillPerSec)`. It starts full, and
 * what does not fit is lost. Time that goes backwards counts as no time.
 */
export class TokenBucket {
  readonly #capacity: number;
  readonly #refillPerMs: number;
  #tokens: number;
  #atMs: number;

  constructor(capacity: number, refillPerSec: number, nowMs: number) {
    this.#capacity = capacity;
    this.#refillPerMs = refillPerSec / 1000;
    this.#tokens = capacity;
    this.#atMs = nowMs;
  }

  /** Takes one token, or says that there is none. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    // A refill of ten times 0.1 must give the whole token that it stands for.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Tokens at `nowMs`, fractions included. */
  available(nowMs: number): number {
    this.#refill(nowMs);
    return this.#tokens;
  }

  #refill(nowMs: number): void {
    if (nowMs <= this.#atMs) return;
    this.#tokens = Math.min(this.#capacity, this.#tokens + (nowMs - this.#atMs) * this.#refillPerMs);
    this.#atMs = nowMs;
  }
}
