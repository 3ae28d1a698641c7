import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Capacity, type CapacityRules } from './capacity.ts';

const rules: CapacityRules = {
  burstSec: 300,
  onDemandInitial: { read: 12_000, write: 4_000 },
  onDemandGrowth: 2,
  onDemandSettleSec: 1800,
  onDemandPeakSec: 60,
  onDemandKeptSec: 1,
};

/** Units admitted when `perSec` requests of one unit come evenly for `seconds`. */
function offer(capacity: Capacity, perSec: number, seconds: number, fromMs: number): number {
  let admitted = 0;
  for (let i = 0; i < perSec * seconds; i++) if (capacity.admit(1, fromMs + (i * 1000) / perSec) === undefined) admitted++;
  return admitted;
}

describe('provisioned', () => {
  const provisioned = (unitsPerSec: number) => new Capacity(rules, 'write', { mode: 'provisioned', unitsPerSec }, 0);

  it('keeps 300 s of what was left unused, and no more', () => {
    const capacity = provisioned(10);
    expect(offer(capacity, 100, 1, 0)).toBeGreaterThanOrEqual(19);
    // An hour of rest fills the burst: 3,000 units, then the rate.
    expect(offer(capacity, 1000, 10, 3_600_000)).toBe(3_000 + 100 - 1);
  });

  it('repays a request that cost more than it was admitted with, before it admits again', () => {
    const capacity = provisioned(10);
    expect(capacity.admit(1, 0)).toBeUndefined();
    capacity.settle(29);
    expect(capacity.admit(1, 1_000)).toBe('ProvisionedThroughput');
    expect(capacity.admit(1, 2_099)).toBe('ProvisionedThroughput');
    expect(capacity.admit(1, 2_101)).toBeUndefined();
  });

  it('never gives more than rate x time and what was kept', () => {
    const gaps = fc.array(fc.tuple(fc.double({ min: 0, max: 5_000, noNaN: true }), fc.integer({ min: 1, max: 40 })), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), gaps, (unitsPerSec, requests) => {
        const capacity = provisioned(unitsPerSec);
        let [nowMs, units] = [0, 0];
        for (const [gapMs, cost] of requests) {
          nowMs += gapMs;
          if (capacity.admit(cost, nowMs) === undefined) units += cost;
        }
        expect(units).toBeLessThanOrEqual(unitsPerSec * (1 + nowMs / 1000) + 1e-6);
      }),
    );
  });
});

describe('on demand', () => {
  const write = () => new Capacity(rules, 'write', { mode: 'on-demand' }, 0);

  it('takes 4,000 writes a second at once, and throttles beyond as a hot key range', () => {
    const capacity = write();
    const admitted = offer(capacity, 10_000, 3, 0);
    expect(admitted / 3).toBeGreaterThan(4_000);
    expect(admitted).toBeLessThanOrEqual(4_000 * 4);
    expect(capacity.admit(100, 3_000)).toBe('KeyRangeThroughput');
  });

  it('takes twice the previous peak once a minute of it has passed', () => {
    const capacity = write();
    offer(capacity, 4_000, 61, 0);
    expect(offer(capacity, 9_000, 2, 62_000) / 2).toBeGreaterThan(7_500);
  });

  it('averages peaks over the window, and keeps the seconds, that its numbers say', () => {
    const capacity = new Capacity({ ...rules, onDemandPeakSec: 10, onDemandKeptSec: 5 }, 'write', { mode: 'on-demand' }, 0);
    offer(capacity, 4_000, 11, 0);
    expect(offer(capacity, 9_000, 2, 12_000) / 2).toBeGreaterThan(7_500);
    let kept = 0;
    while (capacity.admit(100, 60_000) === undefined) kept += 100;
    expect(kept).toBeGreaterThan(35_000);
    expect(kept).toBeLessThanOrEqual(40_100);
  });

  it('stops at the maximum that the table sets, with its own reason', () => {
    const capacity = new Capacity(rules, 'write', { mode: 'on-demand', maxPerSec: 5 }, 0);
    expect(offer(capacity, 10, 1, 0)).toBeLessThanOrEqual(10);
    for (let i = 0; i < 20; i++) capacity.admit(1, 1_000);
    expect(capacity.admit(1, 1_000)).toBe('MaxOnDemandThroughput');
  });

  it('starts at what was provisioned when a table switches over', () => {
    const capacity = new Capacity(rules, 'write', { mode: 'provisioned', unitsPerSec: 20_000 }, 0);
    capacity.change({ mode: 'on-demand' }, 1_000);
    expect(offer(capacity, 19_000, 2, 2_000)).toBeGreaterThanOrEqual(37_000);
  });
});
