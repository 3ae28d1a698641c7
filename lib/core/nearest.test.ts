import { expect, test } from 'vitest';
import { nearestName } from './nearest.ts';

test('the nearest name is the one with the fewest edits, unless nothing is like it', () => {
  const names = ['latency_p95', 'latency_p99', 'error_rate', 'throttles'];
  expect(nearestName('latency_p96', names)).toBe('latency_p95');
  expect(nearestName('errorrate', names)).toBe('error_rate');
  expect(nearestName('Throtles', names)).toBe('throttles');
  expect(nearestName('zzz', names)).toBeUndefined();
  expect(nearestName('a', [])).toBeUndefined();
});
