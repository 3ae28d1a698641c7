import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('token bucket', () => {
  it('gives what it holds at once and then the refill', () => {
    const bucket = new TokenBucket(5000, 10_000, 0);
    const taken = (nowMs: number, attempts: number): number => Array.from({ length: attempts }, () => bucket.take(nowMs)).filter(Boolean).length;
    expect(taken(0, 20_000)).toBe(5000);
    expect(taken(100, 20_000)).toBe(1000);
    expect(taken(3_600_000, 20_000)).toBe(5000);
  });

  it('never gives more than its capacity and the refill of any span, and ignores time that goes backwards', () => {
    const steps = fc.array(fc.record({ stepMs: fc.integer({ min: -50, max: 400 }), attempts: fc.integer({ min: 0, max: 30 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100 }), steps, (capacity, perSec, run) => {
        const bucket = new TokenBucket(capacity, perSec, 0);
        let [nowMs, latestMs, given] = [0, 0, 0];
        for (const { stepMs, attempts } of run) {
          nowMs += stepMs;
          latestMs = Math.max(latestMs, nowMs);
          for (let i = 0; i < attempts; i++) if (bucket.take(nowMs)) given++;
          expect(given).toBeLessThanOrEqual(capacity + (latestMs * perSec) / 1000 + 1e-6);
        }
      }),
    );
  });
});
