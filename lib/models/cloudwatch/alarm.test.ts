import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlarmRule, type AlarmState, evaluateAlarm, fewestSamples, type MissingData } from './alarm.ts';

const rule = (datapointsToAlarm: number, missingData: MissingData): AlarmRule => ({
  comparison: 'GreaterThanThreshold',
  threshold: 1,
  evaluationPeriods: 3,
  datapointsToAlarm,
  missingData,
});

/** AWS's notation: 0 within the threshold, X breaching, - missing; oldest first. */
const range = (row: string): (number | undefined)[] => row.split(' ').map((mark) => (mark === '-' ? undefined : mark === 'X' ? 2 : 0));

const settings: MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
type Outcome = AlarmState | 'retain';

/** The tables of the CloudWatch user guide, "How alarm state is evaluated when data is missing". */
const threeOfThree: [string, number, Outcome, Outcome, Outcome, Outcome][] = [
  ['0 - X - X', 0, 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 2, 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 3, 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
  ['0 X X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - - - X', 2, 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
  ['- - X - -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
  ['X - - - -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
];
const twoOfThree: [string, number, Outcome, Outcome, Outcome, Outcome][] = [
  ['0 - X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 1, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - X', 2, 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
  ['- - - X -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
];

describe('evaluateAlarm', () => {
  for (const [name, datapoints, table] of [
    ['3 of 3', 3, threeOfThree],
    ['2 of 3', 2, twoOfThree],
  ] as const) {
    it.each(table)(`${name}: %s fills %i`, (row, filled, ...states) => {
      const decisions = settings.map((setting) => evaluateAlarm(rule(datapoints, setting), range(row)));
      expect(decisions.map((decision) => decision.state)).toEqual(states);
      expect(new Set(decisions.map((decision) => decision.filled))).toEqual(new Set([filled]));
    });
  }

  it.each([
    ['GreaterThanThreshold', 1, 'OK'],
    ['GreaterThanOrEqualToThreshold', 1, 'ALARM'],
    ['LessThanThreshold', 1, 'OK'],
    ['LessThanOrEqualToThreshold', 1, 'ALARM'],
  ] as const)('%s of %d against 1 is %s', (comparison, value, state) => {
    expect(evaluateAlarm({ ...rule(1, 'missing'), evaluationPeriods: 1, comparison }, [value]).state).toBe(state);
  });

  it('never lets the setting for missing data decide when enough real points are there', () => {
    const points = fc.array(fc.option(fc.constantFrom(0, 2), { nil: undefined }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 3 }), (each, datapoints) => {
        const states = new Set(settings.map((setting) => evaluateAlarm(rule(datapoints, setting), each).state));
        fc.pre(each.filter((value) => value !== undefined).length >= 3);
        expect(states.size).toBe(1);
      }),
    );
  });
});

it('asks for 10 / (1 - p) samples', () => {
  expect(fewestSamples(99)).toBeCloseTo(1000);
  expect(fewestSamples(50)).toBe(20);
  expect(fewestSamples(10)).toBeCloseTo(100);
});
