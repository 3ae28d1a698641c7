import { describe, expect, it } from 'vitest';
import { clockTime, dateTimeText, durationText, isoTime } from './time-format.ts';

describe('time for people and machines', () => {
  it('writes an instant in UTC', () => {
    expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(dateTimeText(1_700_000_000_000)).toBe('2023-11-14 22:13:20 UTC');
    expect(clockTime(1_700_000_000_000)).toBe('22:13:20');
  });

  it.each([
    [0, '0 ms'],
    [850.4, '850 ms'],
    [1500, '1.5 s'],
    [14_200, '14 s'],
    [59_700, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [3_780_000, '1 h 3 min'],
    [-90_000, '-1 min 30 s'],
  ])('writes %d ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));
});
