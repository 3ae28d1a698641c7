import { describe, expect, it } from 'vitest';
import { type ProgressState, progressLineDue, redrawn, renderProgressBlock, renderProgressLine } from './progress.ts';

const state: ProgressState = {
  exercise: 'checkout/lambda-throttle',
  site: 'lab',
  stages: [
    { name: 'preflight', state: 'done' },
    { name: 'warm-up', state: 'done' },
    { name: 'baseline', state: 'done' },
    { name: 'fault', state: 'now' },
    { name: 'recovery', state: 'next' },
    { name: 'drain', state: 'next' },
    { name: 'collect', state: 'next' },
  ],
  elapsedSec: 187.4,
  stageRemainingSec: 72.3,
  totalRemainingSec: 260,
  traffic: {
    ratePerSec: 38.84,
    plannedRatePerSec: 40,
    p95Ms: 401.6,
    errorRate: 0.149,
    requests: 12_034,
    errors: 512,
    lastError: 'HTTP 503 on place-order',
    droppedArrivals: 3,
    recentP95Ms: [50, 52, null, 49, 390, 402],
  },
  fault: { name: 'lambda-throttle', resource: 'PlaceOrderFunction', state: 'running', probe: 'probe: 1,204 throttles' },
  warnings: ['the generator is short of CPU'],
};

describe('live progress', () => {
  it('is a block of lines on a terminal', () => {
    expect(renderProgressBlock(state, { columns: 90 })).toMatchInlineSnapshot(`
      "✓ preflight  ✓ warm-up  ✓ baseline  ▶ fault  · recovery  · drain  · collect
      03:07  fault, 1 min 13 s left, run 4 min 20 s left   checkout/lambda-throttle on lab
      rate 38.8/s of 40/s   p95 402 ms ▁▂ ▁██   errors 14.9 %
      12,034 requests, 512 errors, last: HTTP 503 on place-order, 3 starts dropped
      fault lambda-throttle on PlaceOrderFunction: running, probe: 1,204 throttles
      ! the generator is short of CPU
      "
    `);
  });

  it('is one line in a log', () => {
    expect(renderProgressLine(state)).toMatchInlineSnapshot(
      `"[03:07] fault, 1 min 13 s left | 38.8/s p95 402 ms errors 512 of 12,034 (now 14.9 %) | fault lambda-throttle: running, probe: 1,204 throttles | warning: the generator is short of CPU"`,
    );
  });

  it('says what it does not know yet', () => {
    const early: ProgressState = { exercise: 'e', site: 's', stages: [{ name: 'preflight', state: 'now' }], activity: 'building k6', elapsedSec: 3 };
    expect(renderProgressLine(early)).toMatchInlineSnapshot(`"[00:03] preflight (building k6), time left unknown"`);
    expect(renderProgressBlock({ ...early, traffic: { ratePerSec: 0, requests: 0, errors: 0 } })).toContain('p95 no data');
  });

  it('never gets wider than the terminal, nor is driven by names', () => {
    const hostile = { ...state, exercise: `x\u001b[2J${'y'.repeat(300)}`, warnings: ['\u001b]0;title\u0007'] };
    const lines = renderProgressBlock(hostile, { columns: 60 }).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(60);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('redraws in place and clears what a longer block left', () => {
    expect(redrawn('', 'a\nb\n')).toBe('\ra\u001b[K\nb\u001b[K\n\u001b[J');
    expect(redrawn('a\nb\n', 'c\n')).toBe('\u001b[2A\rc\u001b[K\n\u001b[J');
  });

  it('logs a line every ten seconds', () => {
    expect([progressLineDue(0, undefined), progressLineDue(9, 0), progressLineDue(10, 0)]).toEqual([true, false, true]);
  });
});
