import { expect, it } from 'vitest';
import { type ScalingPolicy, TargetTracking } from './auto-scaling.ts';

const rules = { outMinutes: 2, inMinutes: 15, inMarginPercent: 20 };
const policy: ScalingPolicy = { minUnits: 100, maxUnits: 1_000, targetPercent: 70, outCooldownSec: 0, inCooldownSec: 0, scalesIn: true };

/** Capacity after each minute, when it follows at once. */
function follow(consumed: readonly number[], changes: Partial<ScalingPolicy> = {}, from = 100): number[] {
  const tracking = new TargetTracking(rules, { ...policy, ...changes });
  let units = from;
  return consumed.map((perSec, minute) => {
    units = tracking.minute(perSec, units, minute * 60_000) ?? units;
    return units;
  });
}

it('raises capacity after two minutes above the target, to where the target is met again, within the limits', () => {
  expect(follow([60, 90, 60, 90, 91, 91])).toEqual([100, 100, 100, 100, 130, 130]);
  expect(follow([5_000, 5_000])).toEqual([100, 1_000]);
});

it('lowers it after fifteen minutes well below, to what the busiest of them needs', () => {
  const quiet = new Array<number>(14).fill(50);
  expect(follow([...quiet, 140, 50], {}, 500).at(-1)).toBe(200);
  expect(follow([...quiet, 300, ...quiet], {}, 500).at(-1)).toBe(500);
  expect(follow([...quiet, 50, 50], { scalesIn: false }, 500).at(-1)).toBe(500);
});

it('rests for its cool-downs, and brings capacity within changed limits', () => {
  expect(follow([90, 90, 200, 200, 200, 200], { outCooldownSec: 240 })).toEqual([100, 129, 129, 129, 129, 286]);
  expect(follow([10], {}, 20)).toEqual([100]);
});
