import { describe, expect, it } from 'vitest';
import { expressBill } from './express-billing.ts';
import { TransitionBucket } from './transition-bucket.ts';

describe('TransitionBucket', () => {
  it('lets its size through at once and delays the rest by the refill, in line', () => {
    const bucket = new TransitionBucket(3, 10, 0);
    expect([0, 0, 0, 0, 0].map((atMs) => bucket.take(atMs))).toEqual([0, 0, 0, 100, 200]);
    // At 250 ms two and a half tokens have come back; two were promised, so half a one is there.
    expect(bucket.take(250)).toBeCloseTo(50, 6);
  });

  it.each([
    [5000, 10],
    [800, 20],
    [800, 30],
  ])('sustains %d transitions a second: orders of %d transitions', (refill, perOrder) => {
    const bucket = new TransitionBucket(refill, refill, 0);
    const horizonMs = 60_000;
    let granted = 0;
    // Twice what it sustains, evenly spread.
    for (let order = 0; order < (2 * refill * 60) / perOrder; order++) {
      const atMs = (order * perOrder * 1000) / (2 * refill);
      for (let transition = 0; transition < perOrder; transition++) if (atMs + bucket.take(atMs) <= horizonMs) granted++;
    }
    expect(granted / perOrder / 60).toBeCloseTo((refill + refill / 60) / perOrder, 0);
  });
});

describe('expressBill', () => {
  const billing = { durationStepMs: 100, memoryStepMb: 64, memoryBaseMb: 50 };

  it("is AWS's worked example: 50 KB of definition and 400 map steps of 32 KB are 62.85 MB, billed as 64", () => {
    const bill = expressBill(10_000, 50 * 1024, 400 * 32 * 1024, billing);
    expect(bill.memoryMb).toBeCloseTo(62.85, 6);
    expect(bill).toMatchObject({ billedMemoryMb: 64, billedDurationMs: 10_000, gigabyteSeconds: 0.625 });
  });

  it('rounds up, and bills a step for no time at all', () => {
    expect(expressBill(0, 0, 0, billing).billedDurationMs).toBe(100);
    expect(expressBill(101, 15 * 1024 * 1024, 0, billing)).toMatchObject({ billedDurationMs: 200, billedMemoryMb: 128 });
  });
});
