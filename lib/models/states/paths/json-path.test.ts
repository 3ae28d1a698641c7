import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../types.ts';
import { isJsonPath, isResultPath } from './expression.ts';
import { parseJsonPath } from './json-path.ts';
import { compileResultPath } from './result-path.ts';
import { PathSyntaxError } from './scanner.ts';
import { compileSelect } from './select.ts';

const store = {
  book: [
    { title: 'A', price: 8, tags: ['x'] },
    { title: 'B', price: 12, isbn: '1' },
    { title: 'C', price: 20, isbn: '2', author: { name: 'N' } },
  ],
  'odd key': { "it's": 1 },
};

function select(path: string, from: Json = store): Json | undefined {
  return compileSelect(parseJsonPath(path))(from);
}

describe('JSONPath', () => {
  test.each<[string, Json | undefined]>([
    ['$', store],
    ['$.book[0].title', 'A'],
    ['$.book[-1].title', 'C'],
    ["$['odd key']['it\\'s']", 1],
    ['$.book[0,2].title', ['A', 'C']],
    ['$.book[1:].price', [12, 20]],
    ['$.book[:2].price', [8, 12]],
    ['$.book[*].isbn', ['1', '2']],
    ['$..price', [8, 12, 20]],
    ['$.book[?(@.price < 15)].title', ['A', 'B']],
    ['$.book[?(@.isbn && @.price > 12)].title', ['C']],
    ["$.book[?(@.title == 'A' || !@.isbn)].price", [8]],
    ["$.book[?(@.author.name =~ /n/i)]['title','price']", ['C', 20]],
    ['$.[?(@.a)]', []],
    ["$.book[?(@.title in ['A'])]", undefined],
    ['$.book.length()', 3],
    ['$..price.max()', 20],
    ['$.gone', undefined],
    ['$.book[9]', undefined],
    ['$.book[?(@.price > 99)]', []],
    ['$.constructor', undefined],
  ])('%s', (path, expected) => {
    if (path.includes(' in ')) expect(() => select(path)).toThrow(PathSyntaxError);
    else expect(select(path)).toEqual(expected);
  });

  test.each(['', 'a', '$.', '$[', '$.a[', '$.a]', "$['a", '$.a b', '$[?(@.a ==)]', '$[?(', '$.a.size()', '$[1:2:0]', '$.*.[0', '$...a'])(
    '%s is none',
    (path) => {
      expect(isJsonPath(path)).toBe(false);
    },
  );

  test('a reference path names one place of the input', () => {
    expect(['$', '$.a', '$.a[0].b', "$['a b']"].filter(isResultPath)).toHaveLength(4);
    expect(['$.*', '$..a', '$[0:1]', '$.a.length()', '$$.a', '$var', '$[?(@.a)]'].filter(isResultPath)).toEqual([]);
  });

  const key = fc.string({ minLength: 1, maxLength: 6 });
  const quoted = (name: string): string => `['${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;

  test('what is put at a reference path is found there, and nothing else changes', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.jsonValue(), fc.dictionary(key, fc.integer()), (names, result, input) => {
        const path = `$${names.map(quoted).join('')}`;
        const [first] = names as [string];
        const from = Object.fromEntries(Object.entries(input).filter(([name]) => name !== first && name !== '__proto__'));
        fc.pre(!names.includes('__proto__'));
        const merged = compileResultPath(path)(from, result as Json);
        expect(select(path, merged)).toEqual(result);
        for (const [name, value] of Object.entries(from)) expect(select(`$${quoted(name)}`, merged)).toBe(value);
      }),
    );
  });

  test('no text makes the parser do anything but parse or refuse', () => {
    const token = fc.constantFrom(
      '$',
      '.',
      '..',
      '[',
      ']',
      '*',
      "'",
      '"',
      '?(',
      ')',
      '@',
      '==',
      '&&',
      '!',
      ':',
      ',',
      '-1',
      '0',
      'a',
      ' ',
      '\\',
      '/x/',
      '()',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = `$${tokens.join('')}`;
        if (isJsonPath(text)) expect(() => select(text, { a: [{ a: 1 }, 'a', null] })).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
