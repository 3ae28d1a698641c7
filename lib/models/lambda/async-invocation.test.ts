import { describe, expect, it } from 'vitest';
import { type AsyncEvent, type AsyncLimits, type AsyncOutcome, afterError, afterThrottle } from './async-invocation.ts';

const rules = { retryWaitsMs: [60_000, 120_000], throttleBackoff: { firstMs: 1000, maxMs: 300_000 } };
const limits: AsyncLimits = { maxRetries: 2, maxAgeMs: 21_600_000 };
const fresh: AsyncEvent = { receivedMs: 0, errors: 0, throttles: 0 };

/** Times of all tries, each of which ends at once as `next` says, and what comes of it. */
function course(next: typeof afterError, more: Partial<AsyncLimits> = {}): { triesMs: number[]; why: string } {
  const triesMs = [0];
  let outcome: AsyncOutcome = next(rules, { ...limits, ...more }, fresh, 0);
  while (outcome.kind === 'retry') {
    triesMs.push(outcome.atMs);
    outcome = next(rules, { ...limits, ...more }, outcome.event, outcome.atMs);
  }
  return { triesMs, why: outcome.why };
}

describe('an asynchronous event', () => {
  it('is tried again after a minute and after two more when the function fails', () => {
    expect(course(afterError)).toEqual({ triesMs: [0, 60_000, 180_000], why: 'RetriesExhausted' });
    expect(course(afterError, { maxRetries: 1 })).toEqual({ triesMs: [0, 60_000], why: 'RetriesExhausted' });
    expect(course(afterError, { maxRetries: 0 })).toEqual({ triesMs: [0], why: 'RetriesExhausted' });
  });

  it('is given up when it grows too old for the next try', () => {
    expect(course(afterError, { maxAgeMs: 150_000 })).toEqual({ triesMs: [0, 60_000], why: 'EventAgeExceeded' });
  });

  it('is tried for six hours while there is no room, at most five minutes apart', () => {
    const { triesMs, why } = course(afterThrottle);
    const pauses = triesMs.slice(1).map((atMs, i) => atMs - (triesMs[i] ?? 0));
    expect(pauses.slice(0, 10)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000]);
    expect([why, triesMs.length, triesMs.at(-1)]).toEqual(['EventAgeExceeded', 80, 21_511_000]);
  });

  it('begins its pauses anew once a try ran', () => {
    const throttled: AsyncEvent = { receivedMs: 0, errors: 0, throttles: 5 };
    expect(afterError(rules, limits, throttled, 100)).toEqual({ kind: 'retry', atMs: 60_100, event: { receivedMs: 0, errors: 1, throttles: 0 } });
  });
});
