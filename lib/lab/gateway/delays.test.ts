import { expect, it } from 'vitest';
import { Lead } from './delays.ts';

/** The mean lateness of the last 100 of `count` answers that come `workMs` after waking, in turn half a millisecond early and late. */
function meanLateMs(lead: Lead, count: number, workMs: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const lateMs = workMs - lead.ms + (i % 2 === 0 ? 0.5 : -0.5);
    lead.learn(lateMs);
    if (i >= count - 100) sum += lateMs;
  }
  return sum / 100;
}

it('wakes early by what waking and answering took, whatever that becomes', () => {
  const lead = new Lead();
  expect(meanLateMs(lead, 500, 0.7)).toBeCloseTo(0, 1);
  expect(meanLateMs(lead, 500, 0.2)).toBeCloseTo(0, 1);
});

it('takes a pause for one late answer, and never wakes more than 2 ms early', () => {
  const lead = new Lead();
  lead.learn(500);
  expect(lead.ms).toBeCloseTo(0.02, 9);
  expect(meanLateMs(lead, 500, 9)).toBeCloseTo(7, 6);
  expect(lead.ms).toBe(2);
});
