import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOneGroupMet, parseCriterion } from './criteria.ts';
import { validateObjectives } from './objectives.ts';
import { outcomeOf, scoreOf } from './score.ts';
import type { ObjectiveResult } from './types.ts';

const file = (objective: object, more: object = {}): unknown => ({
  spec_version: '1.0',
  objectives: [{ sli: 'latency_p95', ...objective }],
  ...more,
});
const read = (unknown: unknown) => validateObjectives(unknown, 'smoke.ts');

describe('the grammar', () => {
  test("Keptn's own example is read", () => {
    const slo = {
      spec_version: '1.0',
      filter: { mz_id: '4711' },
      comparison: { compare_with: 'single_result', include_result_with_score: 'pass', aggregate_function: 'avg' },
      objectives: [
        {
          sli: 'latency_p95',
          pass: [{ criteria: ['<=+10%', '<1000'] }, { criteria: ['= 0'] }],
          warning: [{ criteria: ['<=800'] }],
          weight: 2,
          key_sli: true,
        },
      ],
      total_score: { pass: '90%', warning: '75%' },
    };
    expect(read(slo)).toEqual({
      objectives: [
        {
          sli: 'latency_p95',
          displayName: 'latency_p95',
          pass: [
            [
              { text: '<=+10%', operator: '<=', bound: 10, relative: 'percent' },
              { text: '<1000', operator: '<', bound: 1000 },
            ],
            [{ text: '= 0', operator: '=', bound: 0 }],
          ],
          warning: [[{ text: '<=800', operator: '<=', bound: 800 }]],
          weight: 2,
          keySli: true,
          phase: undefined,
        },
      ],
      comparison: { results: 1, include: 'pass', aggregate: 'avg' },
      totalScore: { pass: 90, warning: 75 },
    });
  });

  test.each([
    ['<=10%', 'a share of what earlier runs had is written with its sign'],
    ['600', 'which is not a criterion'],
    ['<', 'which is not a criterion'],
    ['!=3', 'which is not a criterion'],
    ['<1e3', 'which is not a criterion'],
  ])('the criterion %s is refused', (criterion, why) => {
    expect(() => read(file({ pass: [{ criteria: [criterion] }] }))).toThrow(
      expect.objectContaining({ code: 'bad-objectives', exit: 'usage', message: expect.stringContaining(why) }),
    );
    expect(() => read(file({ pass: [{ criteria: [criterion] }] }))).toThrow('smoke.ts: objectives[0].pass[0].criteria[0] is');
  });

  test.each([
    [null, 'smoke.ts must be an object'],
    [{ objectives: [] }, 'spec_version is missing'],
    [{ spec_version: '2.0', objectives: [] }, 'spec_version is "2.0"'],
    [{ spec_version: '1.0', objectives: [] }, 'objectives must be a list of at least one objective'],
    [file({}, { totalscore: {} }), 'has a member totalscore, which is not known'],
    [file({ keysli: true }), 'objectives[0] has a member keysli'],
    [file({ sli: '' }), 'objectives[0].sli must name an indicator'],
    [file({ sli: 'latency_p96' }), 'there is no indicator latency_p96; did you mean latency_p9'],
    [file({ sli: 'request_rate:browse' }), 'request_rate takes nothing after a colon'],
    [file({ sli: 'latency_p95:' }), 'latency_p95 needs an operation after the colon'],
    [file({ phase: 'warm-up' }), 'objectives[0].phase is "warm-up"'],
    [file({ weight: -1 }), 'objectives[0].weight is -1'],
    [file({ key_sli: 'yes' }), 'objectives[0].key_sli is "yes"'],
    [file({ pass: ['<600'] }), 'objectives[0].pass[0] must be an object'],
    [file({ pass: [{ criteria: '<600' }] }), 'objectives[0].pass[0].criteria must be a list'],
    [file({}, { total_score: { pass: '110%' } }), 'total_score.pass is "110%"'],
    [file({}, { total_score: { pass: '50%' } }), 'total_score.warning (75 %) is above pass (50 %)'],
    [file({}, { comparison: { compare_with: 'best' } }), 'comparison.compare_with is "best"'],
  ])('%j is refused with its place', (unknown, message) => {
    expect(() => read(unknown)).toThrow(message as string);
  });

  test('whatever comes in, it is read or refused as a usage error', () => {
    fc.assert(
      fc.property(fc.anything(), (unknown) => {
        try {
          read(unknown);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProofloadError', exit: 'usage' });
        }
      }),
    );
  });
});

test('criteria: AND inside a list, OR between lists, bounds exact', () => {
  const groups = [['<10', '>5'], ['=20']].map((group) => group.map((text) => parseCriterion(text, 'x')));
  expect([5, 6, 10, 20, 21].map((value) => isOneGroupMet(groups, value, undefined))).toEqual([false, true, false, true, false]);
  expect(isOneGroupMet([], 1, undefined)).toBe(false);
});

test('criteria relative to earlier runs: by share and by difference, and met by rule where there is nothing to compare', () => {
  const met = (text: string, value: number, earlier: number | undefined): boolean => isOneGroupMet([[parseCriterion(text, 'x')]], value, earlier);
  expect([110, 110.1].map((value) => met('<=+10%', value, 100))).toEqual([true, false]);
  expect([95, 94.9].map((value) => met('>=-5%', value, 100))).toEqual([true, false]);
  expect([149, 150].map((value) => met('<+50', value, 100))).toEqual([true, false]);
  expect([met('<=+10%', 0, 0), met('<=+10%', 1, 0), met('<=+10%', 1e9, undefined)]).toEqual([true, false, true]);
});

test('a comparison has the defaults of the specification', () => {
  expect(read(file({})).comparison).toEqual({ results: 1, include: 'all', aggregate: 'avg' });
  const several = { compare_with: 'several_results', include_result_with_score: 'pass', aggregate_function: 'p90' };
  expect(read(file({}, { comparison: several })).comparison).toEqual({ results: 3, include: 'pass', aggregate: 'p90' });
  expect(read(file({}, { comparison: { ...several, number_of_comparison_results: 5 } })).comparison.results).toBe(5);
});

describe('the score', () => {
  const result = (status: ObjectiveResult['status'], weight = 1, keySli = false): ObjectiveResult => ({
    sli: 'error_rate',
    displayName: 'errors',
    phase: 'baseline',
    value: { state: 'no-data', unit: '%', reason: '' },
    pass: [],
    warning: [],
    weight,
    keySli,
    status,
    score: status === 'pass' ? weight : status === 'warning' ? weight / 2 : 0,
  });
  const total = { pass: 90, warning: 75 };

  test('a warning counts half, weights count, information does not', () => {
    expect(scoreOf([result('pass', 3), result('warning'), result('info', 9)])).toEqual({ achieved: 3.5, maximum: 4, percent: 87.5 });
    expect(scoreOf([])).toEqual({ achieved: 0, maximum: 0, percent: 0 });
  });

  test.each([
    [[result('pass'), result('pass')], 'pass'],
    [[result('pass', 9), result('fail')], 'pass'],
    [[result('pass', 3), result('fail')], 'warning'],
    [[result('pass'), result('fail')], 'fail'],
    [[result('pass', 99), result('fail', 1, true)], 'fail'],
    [[result('pass', 99), result('no-data')], 'no-data'],
    [[result('info'), result('info')], 'none'],
  ] as const)('case %#', (results, outcome) => {
    expect(outcomeOf(results, total)).toBe(outcome);
  });
});
