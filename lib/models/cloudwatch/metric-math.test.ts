import { describe, expect, it } from 'vitest';
import { ExpressionError, namesIn, parseExpression, usesAllMetrics } from './expression.ts';
import { evaluateExpression } from './metric-math.ts';

const scope = {
  series: (id: string): ReadonlyMap<number, number> => {
    const known: Record<string, [number, number][]> = {
      m1: [
        [0, 10],
        [60, 20],
      ],
      m2: [
        [0, 4],
        [120, 5],
      ],
      zero: [[0, 0]],
      some: [
        [0, 0],
        [60, 5],
      ],
    };
    return new Map(known[id] ?? []);
  },
  metricIds: ['m1', 'm2'],
  periodStarts: [0, 60, 120],
};
const evaluate = (text: string): [number, number][] => [...evaluateExpression(parseExpression(text), scope)];

describe('metric math', () => {
  it.each<[string, [number, number][]]>([
    ['m1/m2', [[0, 2.5]]],
    ['100*(m1-m2)/m1', [[0, 60]]],
    [
      '2+m1*2^2',
      [
        [0, 42],
        [60, 82],
      ],
    ],
    [
      '-m1 + 1',
      [
        [0, -9],
        [60, -19],
      ],
    ],
    ['m1/zero', []],
    [
      'SUM([m1, m2])',
      [
        [0, 14],
        [60, 20],
        [120, 5],
      ],
    ],
    [
      'SUM(METRICS())',
      [
        [0, 14],
        [60, 20],
        [120, 5],
      ],
    ],
    [
      'AVG(METRICS("2"))',
      [
        [0, 4],
        [120, 5],
      ],
    ],
    [
      'FILL(m2, 0)',
      [
        [0, 4],
        [60, 0],
        [120, 5],
      ],
    ],
    [
      'FILL(m2, REPEAT)',
      [
        [0, 4],
        [60, 4],
        [120, 5],
      ],
    ],
    [
      'm1 + FILL(m2, 0)',
      [
        [0, 14],
        [60, 20],
      ],
    ],
    [
      'IF(m1 > 15, m1, 0)',
      [
        [0, 0],
        [60, 20],
      ],
    ],
    [
      'IF(some > 0, m1/some, -1)',
      [
        [0, -1],
        [60, 4],
      ],
    ],
    ['m1 == m2', [[0, 0]]],
    [
      'm1 - MIN(m1)',
      [
        [0, 0],
        [60, 10],
      ],
    ],
  ])('%s', (text, points) => expect(evaluate(text)).toEqual(points));

  it.each(['1 + 2', 'METRICS()', 'RATE(m1)', 'FILL(m1, LINEAR)', 'm1 +', 'm1 $ m2', '(m1', 'SUM(m1, m2)', 'm1 m2'])('refuses %s', (text) => {
    expect(() => evaluate(text)).toThrow(ExpressionError);
  });

  it('says what an expression rests on', () => {
    expect(namesIn(parseExpression('SUM([m1, a]) / FILL(m2, 0)'))).toEqual(['m1', 'a', 'm2']);
    expect(usesAllMetrics(parseExpression('1 + SUM(METRICS())'))).toBe(true);
    expect(usesAllMetrics(parseExpression('m1 + 1'))).toBe(false);
  });
});
