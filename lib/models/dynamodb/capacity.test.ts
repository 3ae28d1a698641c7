import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPosition } from './key-position.ts';
import { type Settings, Throughput, type ThroughputRules } from './throughput.ts';

const rules: ThroughputRules = {
  capacity: {
    burstSec: 300,
    onDemandInitial: { read: 12_000, write: 4_000 },
    onDemandGrowth: 2,
    onDemandSettleSec: 1800,
    onDemandPeakSec: 60,
    onDemandKeptSec: 1,
    tableMax: { read: 40_000, write: 40_000 },
  },
  partition: { maxPerSec: { read: 3_000, write: 1_000 }, keptSec: 1, maxBytes: 10 * 2 ** 30, heat: { delaySec: 300, pauseSec: 60 } },
};

const onDemand: Settings = { read: { mode: 'on-demand' }, write: { mode: 'on-demand' } };

function provisioned(unitsPerSec: number): Settings {
  return { read: { mode: 'provisioned', unitsPerSec }, write: { mode: 'provisioned', unitsPerSec } };
}

const table = (settings: Settings, changes: Partial<ThroughputRules['capacity']> = {}): Throughput =>
  new Throughput({ ...rules, capacity: { ...rules.capacity, ...changes } }, settings, 0);

/** Keys so many that each partition gets its part. */
const evenly = (i: number): number => keyPosition({ S: `key-${i}` });

/** Writes of one unit that were admitted, of `perSec` that come evenly for `seconds`. */
function offer(throughput: Throughput, perSec: number, seconds: number, fromMs: number, position = evenly): number {
  let admitted = 0;
  for (let i = 0; i < perSec * seconds; i++) {
    if (throughput.admit('write', 1, position(i), fromMs + (i * 1000) / perSec) === undefined) admitted++;
  }
  return admitted;
}

describe('provisioned', () => {
  it('keeps 300 s of what was left unused: 150 units idle for 5 minutes are 45,000, which carry 200 for 15 minutes', () => {
    const throughput = table(provisioned(150));
    const [fromMs, wholeMs] = [300_000, 15 * 60_000];
    // But for the last few, which come before the last units are there.
    expect(offer(throughput, 200, 15 * 60, fromMs)).toBeGreaterThanOrEqual(200 * 15 * 60 - 4);
    expect(offer(throughput, 200, 60, fromMs + wholeMs)).toBeLessThanOrEqual(150 * 60 + 1);
    expect(throughput.admit('write', 1, evenly(1), fromMs + wholeMs + 60_000 - 1)).toBe('ProvisionedThroughput');
  });

  it('repays a request that cost more than it was admitted with, before it admits again', () => {
    const throughput = table(provisioned(10));
    expect(throughput.admit('write', 1, evenly(0), 0)).toBeUndefined();
    throughput.charge('write', 29, evenly(0));
    expect(throughput.admit('write', 1, evenly(0), 1_000)).toBe('ProvisionedThroughput');
    expect(throughput.admit('write', 1, evenly(0), 2_099)).toBe('ProvisionedThroughput');
    expect(throughput.admit('write', 1, evenly(0), 2_101)).toBeUndefined();
  });

  it('never gives more than rate x time and what was kept, wherever the keys lie', () => {
    const request = fc.tuple(fc.double({ min: 0, max: 5_000, noNaN: true }), fc.integer({ min: 1, max: 40 }), fc.nat(1000));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.array(request, { maxLength: 200 }), (unitsPerSec, requests) => {
        const throughput = table(provisioned(unitsPerSec));
        let [nowMs, units] = [0, 0];
        for (const [gapMs, cost, key] of requests) {
          nowMs += gapMs;
          if (throughput.admit('write', cost, evenly(key), nowMs) === undefined) units += cost;
        }
        expect(units).toBeLessThanOrEqual(unitsPerSec * (1 + nowMs / 1000) + 1e-6);
      }),
    );
  });

  it('lends a partition what others leave: 400 units over 4 partitions carry 50, 50, 50 and 150', () => {
    const throughput = table({ ...provisioned(400), warm: { write: 4_000 } });
    expect(throughput.partitionCount).toBeGreaterThanOrEqual(4);
    const [a, b, c, d] = [0, 0.25, 0.5, 0.75].map((part) => Math.floor(part * 2 ** 53));
    const mix = [a, b, c, d, d, d];
    expect(offer(throughput, 300, 60, 1_000, (i) => mix[i % 6] as number)).toBe(300 * 60);
  });

  it('serves a single key 1,000 writes and 3,000 reads a second, whatever the table has', () => {
    const throughput = table(provisioned(20_000));
    const hot = keyPosition({ S: 'sku-1' });
    const admitted = offer(throughput, 3_000, 60, 600_000, () => hot);
    expect(admitted / 60).toBeGreaterThanOrEqual(1_000);
    expect(admitted).toBeLessThanOrEqual(1_000 * 61);
    expect(throughput.admit('write', 1, hot, 660_000 - 1)).toBe('KeyRangeThroughput');
    let reads = 0;
    while (throughput.admit('read', 1, hot, 660_000) === undefined) reads++;
    expect(reads).toBe(3_000);
  });
});

it('has a partition for each 1,000 writes and 3,000 reads that are warm, and for each 10 GB', () => {
  const throughput = table(provisioned(3_000));
  expect(throughput.partitionCount).toBe(4);
  throughput.fit(39 * 2 ** 30);
  expect(throughput.partitionCount).toBe(4);
  throughput.fit(41 * 2 ** 30);
  expect(throughput.partitionCount).toBe(8);
  throughput.change(provisioned(1), 0);
  expect(throughput.partitionCount).toBe(8);
  expect(table(onDemand).partitionCount).toBe(8);
});

describe('on demand', () => {
  it('takes 4,000 writes a second at once, and throttles 8,000', () => {
    expect(offer(table(onDemand), 4_000, 30, 0)).toBe(4_000 * 30);
    const refused = 8_000 * 30 - offer(table(onDemand), 8_000, 30, 0);
    expect(refused / (8_000 * 30)).toBeGreaterThan(0.45);
    expect(refused / (8_000 * 30)).toBeLessThan(0.5);
  });

  it('takes a step to twice the previous peak, and throttles one to four times', () => {
    const warmed = (): Throughput => {
      const throughput = table(onDemand);
      offer(throughput, 4_000, 61, 0);
      return throughput;
    };
    expect(offer(warmed(), 8_000, 20, 62_000)).toBe(8_000 * 20);
    expect(offer(warmed(), 16_000, 20, 62_000)).toBeLessThan(8_000 * 22);
    const [throughput, later] = [warmed(), 62_000 + 1_800_000];
    // Half an hour after the first rise, a minute of twice the peak makes room for twice that.
    offer(throughput, 7_900, 61, later);
    expect(offer(throughput, 15_800, 10, later + 62_000)).toBe(15_800 * 10);
  });

  it('lets a ramp reach twice the previous peak, and its climb count for no more than the peak that it ends at', () => {
    const throughput = table(onDemand);
    // 2,500 a second make 5,000 warm: no reason to hold back the peak that comes a minute later.
    offer(throughput, 2_500, 61, 0);
    offer(throughput, 4_000, 61, 61_500);
    expect(offer(throughput, 8_000, 20, 123_000)).toBe(8_000 * 20);
    offer(throughput, 8_000, 61, 144_000);
    expect(throughput.write.warmPerSec).toBe(8_000);
  });

  it('remembers a peak that a pause followed at once', () => {
    const throughput = table(onDemand);
    offer(throughput, 4_000, 60, 0);
    expect(offer(throughput, 7_900, 5, 3_600_000)).toBe(7_900 * 5);
  });

  it('averages peaks over the window, and keeps the seconds, that its numbers say', () => {
    const throughput = table(onDemand, { onDemandPeakSec: 10, onDemandKeptSec: 5 });
    offer(throughput, 4_000, 11, 0);
    expect(offer(throughput, 9_000, 2, 12_000) / 2).toBeGreaterThan(7_500);
  });

  it('stops at the maximum that the table sets, and at the quota of the account, with their own reasons', () => {
    const capped = table({ ...onDemand, write: { mode: 'on-demand', maxPerSec: 5 } });
    expect(offer(capped, 10, 1, 0)).toBeLessThanOrEqual(10);
    for (let i = 0; i < 20; i++) capped.admit('write', 1, evenly(i), 1_000);
    expect(capped.admit('write', 1, evenly(0), 1_000)).toBe('MaxOnDemandThroughput');
    const huge = table({ ...onDemand, warm: { write: 60_000 } });
    expect(offer(huge, 100_000, 1, 0)).toBeLessThanOrEqual(80_000);
    expect(huge.admit('write', 1, evenly(0), 999)).toBe('AccountLimit');
  });

  it('starts at what was provisioned when a table switches over, or at the warm throughput asked for', () => {
    const switched = table(provisioned(20_000));
    switched.change(onDemand, 1_000);
    expect(switched.write.warmPerSec).toBe(20_000);
    expect(offer(switched, 15_000, 2, 2_000)).toBe(30_000);
    const warm = table({ ...onDemand, warm: { write: 10_000 } });
    expect(offer(warm, 9_000, 5, 0)).toBe(45_000);
    warm.change(onDemand, 6_000);
    expect(warm.write.warmPerSec).toBe(10_000);
  });

  it('throttles one hot partition however warm the table is', () => {
    const warm = table({ ...onDemand, warm: { read: 30_000, write: 10_000 } });
    expect(offer(warm, 3_000, 10, 0, () => evenly(7))).toBeLessThanOrEqual(11_000);
  });
});
