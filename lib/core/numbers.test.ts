import { expect, test } from 'vitest';
import { type NumberEntry, Numbers } from './numbers.ts';

const entry = (status: NumberEntry['status']): NumberEntry => ({ value: 1, unit: 'calls', source: 'a source', date: '2026-01-01', status });

test.each([
  ['documented', 'documented'],
  ['measured', 'documented'],
  ['assumed', 'assumed'],
] as const)('an override of a number that is %s is %s', (known, expected) => {
  const numbers = new Numbers([['a.number', entry(known)]]).with({ 'a.number': 2 }, 'site.yaml', '2026-02-02');
  expect(numbers.entry('a.number')).toEqual({ value: 2, unit: 'calls', source: 'site.yaml', date: '2026-02-02', status: expected });
});

test('an override of a number that is not there is refused', () => {
  expect(() => new Numbers([]).with({ 'a.number': 2 }, 'site.yaml', '2026-02-02')).toThrow(/site\.yaml sets a\.number/);
});
