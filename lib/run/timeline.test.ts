import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTimeline, tooShortToGrade } from './timeline.ts';

const minute = 60_000;

describe('planTimeline', () => {
  it('starts baseline and fault on whole minutes, after the warm-up', () => {
    const startMs = 10 * minute + 20_000;
    const timeline = planTimeline(startMs, { warmUpSec: 30, baselineMin: 1, recoveryMin: 1 }, 120);
    expect(timeline.phases).toEqual([
      { kind: 'warm-up', startMs, endMs: 11 * minute },
      { kind: 'baseline', startMs: 11 * minute, endMs: 12 * minute },
      { kind: 'fault', startMs: 12 * minute, endMs: 14 * minute + 30_000 },
      { kind: 'recovery', startMs: 14 * minute + 30_000, endMs: 16 * minute },
    ]);
    expect(timeline.endMs).toBe(16 * minute);
  });

  it('ends with the baseline where there is no fault', () => {
    const timeline = planTimeline(0, { warmUpSec: 0, baselineMin: 2, recoveryMin: 0 }, 0);
    expect(timeline.phases.map(({ kind }) => kind)).toEqual(['warm-up', 'baseline']);
    expect(timeline.endMs).toBe(2 * minute);
  });

  it('leaves no gap, and room for every graded minute that tooShortToGrade asks for', () => {
    const lengths = fc.record({ warmUpSec: fc.nat(600), baselineMin: fc.integer({ min: 1, max: 10 }), recoveryMin: fc.integer({ min: 1, max: 10 }) });
    fc.assert(
      fc.property(fc.nat(1e9), lengths, fc.integer({ min: 60, max: 1_800 }), fc.nat(29_000), (startMs, phases, faultSec, lateMs) => {
        const { phases: planned, endMs } = planTimeline(startMs, phases, faultSec);
        for (const [index, phase] of planned.slice(1).entries()) expect(phase.startMs).toBe(planned[index]?.endMs);
        if (tooShortToGrade(phases, faultSec, true)) return;
        const fault = planned.find(({ kind }) => kind === 'fault');
        const effect = { startMs: (fault?.startMs ?? 0) + lateMs, endMs: (fault?.startMs ?? 0) + lateMs + faultSec * 1_000 };
        expect(wholeMinutes(effect.startMs, effect.endMs)).toBeGreaterThanOrEqual(1);
        expect(wholeMinutes(effect.endMs, endMs)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe('tooShortToGrade', () => {
  it('asks for two whole minutes a phase, one where smoke is declared', () => {
    expect(tooShortToGrade({ warmUpSec: 0, baselineMin: 1, recoveryMin: 0 }, 0, false)).toMatch(/baseline lasts 1 min and needs 2/);
    expect(tooShortToGrade({ warmUpSec: 0, baselineMin: 1, recoveryMin: 0 }, 0, true)).toBeUndefined();
    expect(tooShortToGrade({ warmUpSec: 0, baselineMin: 2, recoveryMin: 2 }, 120, false)).toMatch(/fault lasts 120 s and needs 180 s/);
    expect(tooShortToGrade({ warmUpSec: 0, baselineMin: 1, recoveryMin: 0 }, 120, true)).toMatch(/recovery lasts 0 min and needs 1/);
  });
});

function wholeMinutes(startMs: number, endMs: number): number {
  return Math.floor(endMs / minute) - Math.ceil(startMs / minute);
}
