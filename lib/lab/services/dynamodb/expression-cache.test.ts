import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { type Parser, rememberExpressions } from './expression-cache.ts';

const require = createRequire(import.meta.url);

/** A parser of dynalite's, as it is and as it remembers. */
function parsers(name: 'condition' | 'projection' | 'update') {
  const { parse } = require(`dynalite/db/${name}Parser`) as Parser;
  let parsed = 0;
  const remembering: Parser = {
    parse: (...given) => {
      parsed++;
      return parse(...given);
    },
  };
  rememberExpressions(remembering);
  const run = (parser: Parser, text: string, attrNames?: Record<string, string>, attrVals?: Record<string, object>, isKeyCondition = false) => {
    const marks = (keys: object = {}) => Object.fromEntries(Object.keys(keys).map((key) => [key, true as const]));
    const context = { attrNames, attrVals, unusedAttrNames: marks(attrNames), unusedAttrVals: marks(attrVals), isKeyCondition };
    const result = parser.parse(text, { context: { ...context, isReserved: () => false, compare: () => false } as typeof context });
    return { result, unusedNames: Object.keys(context.unusedAttrNames), unusedValues: Object.keys(context.unusedAttrVals) };
  };
  return { plain: { parse }, remembering, run, parsedTimes: () => parsed };
}

const expressions = [
  ['update', 'SET #s = :a, stock = stock - :n, m.#s[2] = list_append(if_not_exists(m.l, :l), :l) REMOVE gone ADD holds :o DELETE tags :o'],
  ['condition', '(#s = :a OR attribute_not_exists(m.#s)) AND NOT contains(holds, :a) AND size(x) > :n AND b IN (:a, :n)'],
  ['condition', '#s = :a AND n BETWEEN :n AND :n'],
  ['projection', '#s, m.l[3], x'],
] as const;
const valuesOf = (text: string, n: string) => ({
  ':a': { S: text },
  ':n': { N: n },
  ':l': { L: [{ S: text }] },
  ':o': { SS: [text] },
  ':free': { S: 'x' },
});

it.each(expressions)('gives of %s `%s` what the parser gives, with the values of each call', (name, text) => {
  const { plain, remembering, run, parsedTimes } = parsers(name);
  const names = { '#s': 'status', '#free': 'nobody' };
  for (const values of [valuesOf('one', '1'), valuesOf('two', '2'), valuesOf('three', '3')]) {
    expect(run(remembering, text, names, values)).toEqual(run(plain, text, names, values));
  }
  expect(parsedTimes()).toBe(text.includes('BETWEEN') ? 3 : 1);
});

it('hands out trees of which none is seen by another call', () => {
  const { remembering, run } = parsers('update');
  const first = run(remembering, 'SET a = a + :n', undefined, { ':n': { N: '1' } }).result as { sections: { val: unknown }[] };
  (first.sections[0] as { val: unknown }).val = 'resolved';
  const second = run(remembering, 'SET a = a + :n', undefined, { ':n': { N: '2' } }).result as { sections: { val: unknown }[] };
  expect(second.sections[0]?.val).toMatchObject({ type: 'add', args: [['a'], { N: '2' }] });
});

it('tells names and types of values apart, and refuses what the parser refuses', () => {
  const { plain, remembering, run } = parsers('update');
  const cases = [
    [{ '#a': 'x' }, { ':v': { N: '1' } }],
    [{ '#a': 'y' }, { ':v': { N: '1' } }],
    [{ '#a': 'x' }, { ':v': { S: 'text' } }],
    [{ '#a': 'x' }, { ':v': { S: 'text' } }],
    [{}, { ':v': { N: '1' } }],
  ] as const;
  for (const [names, values] of cases)
    expect(run(remembering, 'ADD #a :v', { ...names }, values)).toEqual(run(plain, 'ADD #a :v', { ...names }, values));
});
