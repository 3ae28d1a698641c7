import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constant, type PhaseSpan, ramp, type Segment, segmentsOf, spike, steps } from './arrivals.ts';
import { intendedTimes, scheduleOf } from './schedule.ts';

const phases: PhaseSpan[] = [
  { kind: 'warm-up', durationSec: 30 },
  { kind: 'baseline', durationSec: 60 },
  { kind: 'fault', durationSec: 120 },
  { kind: 'recovery', durationSec: 60 },
];

describe('segments', () => {
  test('constant: one stretch over all phases', () => {
    expect(segmentsOf(constant({ ratePerSec: 20 }), phases)).toEqual([{ durationSec: 270, fromPerSec: 20, toPerSec: 20 }]);
  });
  test('a ramp over the warm-up, then held', () => {
    expect(segmentsOf(ramp({ fromPerSec: 1, toPerSec: 20, phase: 'warm-up' }), phases)).toEqual([
      { durationSec: 30, fromPerSec: 1, toPerSec: 20 },
      { durationSec: 240, fromPerSec: 20, toPerSec: 20 },
    ]);
  });
  test('steps: the last one holds', () => {
    const each = [
      { ratePerSec: 5, durationSec: 100 },
      { ratePerSec: 7.5, durationSec: 20 },
    ];
    expect(segmentsOf(steps(each), phases)).toEqual([
      { durationSec: 100, fromPerSec: 5, toPerSec: 5 },
      { durationSec: 20, fromPerSec: 7.5, toPerSec: 7.5 },
      { durationSec: 150, fromPerSec: 7.5, toPerSec: 7.5 },
    ]);
  });
  test('a spike in the fault phase, with ramps', () => {
    const arrivals = spike({ ratePerSec: 10, peakPerSec: 50, phase: 'fault', afterSec: 10, durationSec: 20, rampSec: 5 });
    expect(segmentsOf(arrivals, phases)).toEqual([
      { durationSec: 100, fromPerSec: 10, toPerSec: 10 },
      { durationSec: 5, fromPerSec: 10, toPerSec: 50 },
      { durationSec: 10, fromPerSec: 50, toPerSec: 50 },
      { durationSec: 5, fromPerSec: 50, toPerSec: 10 },
      { durationSec: 150, fromPerSec: 10, toPerSec: 10 },
    ]);
  });
  test.each([
    [() => segmentsOf(constant({ ratePerSec: -1 }), phases), /rate of -1/],
    [() => segmentsOf(ramp({ fromPerSec: 1, toPerSec: 2, phase: 'fault' }), phases.slice(0, 2)), /no phase fault/],
    [() => segmentsOf(spike({ ratePerSec: 1, peakPerSec: 2, phase: 'fault', durationSec: 130 }), phases), /10 s after its phase fault/],
    [() => steps([]), /at least one step/],
    [() => spike({ ratePerSec: 1, peakPerSec: 2, phase: 'fault', durationSec: 8, rampSec: 5 }), /too short/],
  ])('refuses what makes no sense (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('schedule', () => {
  test('known answers: 10 a second for 5 s, k6 starts the first after 0.1 s', () => {
    const schedule = scheduleOf([{ durationSec: 5, fromPerSec: 10, toPerSec: 10 }]);
    expect(schedule.count).toBe(50);
    expect([schedule.timeOf(1), schedule.timeOf(25), schedule.timeOf(50)]).toEqual([0.1, 2.5, 5]);
    expect([schedule.countUntil(0.05), schedule.countUntil(1), schedule.countUntil(9)]).toEqual([0, 10, 50]);
  });
  test('known answers: 0 to 10 a second over 10 s reaches k at sqrt(2k)', () => {
    const schedule = scheduleOf([{ durationSec: 10, fromPerSec: 0, toPerSec: 10 }]);
    expect(schedule.count).toBe(50);
    expect(schedule.timeOf(2)).toBeCloseTo(2, 9);
    expect(schedule.timeOf(18)).toBeCloseTo(6, 9);
    expect(schedule.peakPerSec).toBe(10);
  });
  test('no arrival in a silent stretch', () => {
    const silent: Segment[] = [
      { durationSec: 1, fromPerSec: 3, toPerSec: 3 },
      { durationSec: 10, fromPerSec: 0, toPerSec: 0 },
      { durationSec: 1, fromPerSec: 3, toPerSec: 3 },
    ];
    expect([...intendedTimes(scheduleOf(silent))].map((sec) => Number(sec.toFixed(6)))).toEqual([0.333333, 0.666667, 1, 11.333333, 11.666667, 12]);
  });
  test('the most within a stretch: a short spike does not count for the whole of a long flow', () => {
    const schedule = scheduleOf(segmentsOf(spike({ ratePerSec: 1, peakPerSec: 100, phase: 'fault', durationSec: 2 }), phases));
    expect(schedule.mostWithin(60)).toBeCloseTo(200 + 58, 6);
    expect(schedule.mostWithin(1)).toBeCloseTo(100, 6);
    expect(schedule.mostWithin(1000)).toBeCloseTo(268 + 200, 6);
  });

  const rate = fc.integer({ min: 0, max: 50_000 }).map((n) => n / 1000);
  const segment = fc.record({ durationSec: fc.integer({ min: 1, max: 20_000 }).map((n) => n / 1000), fromPerSec: rate, toPerSec: rate });
  const profile = fc.array(segment, { minLength: 1, maxLength: 8 });

  test('property: times ascend, lie within the profile, and their number is its area', () => {
    fc.assert(
      fc.property(profile, (segments) => {
        const schedule = scheduleOf(segments);
        const area = segments.reduce((sum, each) => sum + (each.durationSec * (each.fromPerSec + each.toPerSec)) / 2, 0);
        const times = [...intendedTimes(schedule)];
        expect(times.length).toBe(Math.floor(area + 1e-3));
        const wrong = times.filter((time, index) => {
          const ordered = time >= (times[index - 1] ?? 0) && time <= schedule.totalSec;
          const counted = schedule.countUntil(time + 1e-6) >= index + 1 && schedule.countUntil(time - 1e-4) <= index + 1;
          return !ordered || !counted;
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
  test('property: counts of adjoining windows add up, and no window holds more than mostWithin says', () => {
    fc.assert(
      fc.property(profile, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 30, noNaN: true }), (segments, share, sec) => {
        const schedule = scheduleOf(segments);
        const cut = share * schedule.totalSec;
        expect(schedule.countUntil(cut)).toBeLessThanOrEqual(schedule.count);
        expect(schedule.countUntil(cut) - schedule.countUntil(cut - sec)).toBeLessThanOrEqual(Math.ceil(schedule.mostWithin(sec) + 1e-3) + 1);
      }),
    );
  });
  test('property: segments of any arrivals cover the phases exactly', () => {
    const spans = fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(spans, rate, rate, (lengths, from, to) => {
        const own = phases.map((phase, index) => ({ ...phase, durationSec: lengths[index]! / 1000 }));
        const totalSec = own.reduce((sum, phase) => sum + phase.durationSec, 0);
        const all = [
          constant({ ratePerSec: from }),
          ramp({ fromPerSec: from, toPerSec: to, phase: 'baseline' }),
          ramp({ fromPerSec: from, toPerSec: to }),
          ramp({ fromPerSec: from, toPerSec: to, overSec: 17 }),
          steps([
            { ratePerSec: from, durationSec: 11 },
            { ratePerSec: to, durationSec: 1 },
          ]),
          spike({ ratePerSec: from, peakPerSec: to, phase: 'fault', durationSec: own[2]!.durationSec }),
        ];
        for (const arrivals of all) expect(scheduleOf(segmentsOf(arrivals, own)).totalSec).toBeCloseTo(totalSec, 6);
      }),
    );
  });
});
