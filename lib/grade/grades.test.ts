import { describe, expect, test } from 'vitest';
import { gradesOf } from './grades.ts';
import type { Integrity, ObjectiveResult } from './types.ts';

const result = (sli: string, status: ObjectiveResult['status'], more: Partial<ObjectiveResult> = {}): ObjectiveResult => ({
  sli,
  displayName: '',
  phase: 'baseline',
  value: { state: 'no-data', unit: 'ms', reason: '' },
  pass: [],
  warning: [],
  weight: 1,
  keySli: false,
  status,
  score: status === 'pass' ? 1 : status === 'warning' ? 0.5 : 0,
  ...more,
});
const letters = (results: ObjectiveResult[], integrity?: Integrity) =>
  Object.fromEntries(gradesOf(results, integrity).map(({ category, letter }) => [category, letter]));
const invariant = { name: 'one-charge', holds: 'x', checked: 3, violations: 0, examples: [] } as const;
const drained = { waitedMs: 0, quiet: true };

describe('grades', () => {
  test.each([
    [10, 0, 0, 'A'],
    [9, 1, 0, 'B'],
    [9, 0, 1, 'B'],
    [3, 0, 1, 'C'],
    [2, 0, 1, 'D'],
    [1, 0, 1, 'E'],
    [1, 0, 2, 'F'],
    [0, 0, 1, 'F'],
  ])('%d met, %d in the warning range, %d failed: %s', (met, warned, failed, letter) => {
    const of = (count: number, status: ObjectiveResult['status']) => Array.from({ length: count }, () => result('latency_p95', status));
    expect(letters([...of(met, 'pass'), ...of(warned, 'warning'), ...of(failed, 'fail')])['latency']).toBe(letter);
  });

  test('a failed key objective is an F, whatever else is met', () => {
    const met = Array.from({ length: 99 }, () => result('error_rate', 'pass'));
    expect(gradesOf([...met, result('error_rate', 'fail', { keySli: true })], undefined)[1]).toMatchObject({
      letter: 'F',
      rule: 'F: the key objective error_rate failed',
    });
  });

  test('what is not known, or was not asked, is not graded', () => {
    expect(letters([result('latency_p95', 'pass'), result('latency_p99', 'no-data'), result('cost_per_thousand', 'info')])).toEqual({
      latency: undefined,
      throttling: undefined,
      cost: undefined,
      recovery: undefined,
      integrity: undefined,
    });
  });

  test('what is asked of the recovery phase is about recovery', () => {
    expect(letters([result('latency_p95', 'pass'), result('latency_p95', 'fail', { phase: 'recovery' })])).toMatchObject({
      latency: 'A',
      recovery: 'F',
    });
  });

  test('integrity is whole or it is not', () => {
    expect(letters([], { invariants: [{ ...invariant, state: 'holds' }], drained })['integrity']).toBe('A');
    expect(
      letters([], {
        invariants: [
          { ...invariant, state: 'holds' },
          { ...invariant, state: 'violated', violations: 1 },
        ],
        drained,
      })['integrity'],
    ).toBe('F');
    expect(letters([], { invariants: [{ ...invariant, state: 'no-data', reason: 'x' }], drained })['integrity']).toBeUndefined();
    expect(letters([], { invariants: [{ ...invariant, state: 'holds' }], drained: { ...drained, quiet: false } })['integrity']).toBeUndefined();
  });
});
