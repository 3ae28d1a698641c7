import { expect, it } from 'vitest';
import { timerMs } from './delay.ts';

it('rounds the rest below a millisecond up as often as it is large', () => {
  expect(timerMs(3, 0.999)).toBe(3);
  expect(timerMs(3.25, 0.74)).toBe(3);
  expect(timerMs(3.25, 0.75)).toBe(4);
  const mean = Array.from({ length: 1000 }, (_, i) => timerMs(1.3, (i + 0.5) / 1000)).reduce((sum, ms) => sum + ms, 0) / 1000;
  expect(mean).toBeCloseTo(1.3, 3);
});

it('waits for nothing when the work took longer than the delay', () => {
  expect(timerMs(0, 0.99)).toBe(0);
  expect(timerMs(-2, 0.99)).toBe(0);
});
