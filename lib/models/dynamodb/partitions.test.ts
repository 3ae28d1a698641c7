import { describe, expect, it } from 'vitest';
import { keyPosition, nowhere, ringSize } from './key-position.ts';
import { type PartitionRules, Partitions } from './partitions.ts';

const rules: PartitionRules = {
  maxPerSec: { read: 3_000, write: 1_000 },
  keptSec: 1,
  maxBytes: 10 * 2 ** 30,
  heat: { delaySec: 300, pauseSec: 60 },
};

/** Writes a second that were admitted, when each position of `positions` in turn is offered, over `seconds`. */
function served(partitions: Partitions, positions: readonly number[], perSec: number, seconds: number, fromMs: number): number {
  let admitted = 0;
  for (let i = 0; i < perSec * seconds; i++) {
    const position = positions[i % positions.length] as number;
    if (!partitions.holds('write', position, 1, fromMs + (i * 1000) / perSec)) continue;
    partitions.charge('write', position, 1);
    admitted++;
  }
  return admitted / seconds;
}

describe('key positions', () => {
  it('spread keys evenly, and put equal keys together', () => {
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) {
      const part = Math.floor((keyPosition({ S: `order-${i}` }) / ringSize) * 16);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
    expect(keyPosition({ N: '1.0' })).toBe(keyPosition({ N: '1' }));
    expect(keyPosition(undefined)).toBe(nowhere);
  });

  it('keep an item collection together in the upper bits, its items apart in the lower', () => {
    const [a, b] = [keyPosition({ S: 'c' }, { N: '1' }), keyPosition({ S: 'c' }, { N: '2' })];
    expect(a).not.toBe(b);
    expect(Math.floor(a / 2 ** 21)).toBe(Math.floor(b / 2 ** 21));
    expect(a).toBeLessThan(ringSize);
  });
});

describe('heat', () => {
  const minute = 60_000;

  it('splits a partition after five minutes of throttling, so that its keys share twice as much', () => {
    const partitions = new Partitions(rules, 1, 0);
    const keys = Array.from({ length: 50 }, (_, i) => keyPosition({ S: `k${i}` }));
    expect(served(partitions, keys, 1_800, 60, 0)).toBeLessThan(1_020);
    for (let at = 1; at < 5; at++) served(partitions, keys, 1_800, 60, at * minute);
    expect(partitions.count).toBe(1);
    served(partitions, keys, 1_800, 60, 5 * minute);
    expect(partitions.count).toBe(2);
    expect(served(partitions, keys, 1_800, 60, 6 * minute)).toBeGreaterThan(1_750);
  });

  it('sets a single hot key apart, which then has 1,000 a second to itself and no more', () => {
    const partitions = new Partitions(rules, 1, 0);
    const hot = keyPosition({ S: 'hot' });
    const cold = Array.from({ length: 10 }, (_, i) => keyPosition({ S: `cold-${i}` }));
    const mix = [...cold, ...new Array<number>(20).fill(hot)];
    for (let at = 0; at < 40; at++) served(partitions, mix, 1_500, 60, at * minute);
    expect(partitions.count).toBe(3);
    expect(served(partitions, cold, 900, 10, 40 * minute)).toBe(900);
    for (let at = 42; at < 60; at++) expect(served(partitions, [hot], 1_500, 60, at * minute)).toBeLessThan(1_020);
    expect(partitions.count).toBe(3);
  });

  it('forgets what a pause ended', () => {
    const partitions = new Partitions(rules, 1, 0);
    const keys = [keyPosition({ S: 'a' }), keyPosition({ S: 'b' })];
    for (let at = 0; at < 20; at++) served(partitions, keys, 1_500, 10, at * 2 * minute);
    expect(partitions.count).toBe(1);
  });
});

it('grows by halves until no partition is wider than its part, and never shrinks', () => {
  const partitions = new Partitions(rules, 4, 0);
  partitions.grow(6);
  expect(partitions.count).toBe(8);
  partitions.grow(2);
  expect(partitions.count).toBe(8);
  const keys = Array.from({ length: 5_000 }, (_, i) => keyPosition({ S: `k${i}` }));
  expect(served(partitions, keys, 6_000, 10, 0)).toBe(6_000);
});
