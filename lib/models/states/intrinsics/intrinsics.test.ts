import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRng } from '../../../core/rng.ts';
import { StateFailure } from '../failure.ts';
import { PathSyntaxError } from '../paths/scanner.ts';
import type { Json } from '../types.ts';
import { compileIntrinsic } from './parse.ts';

function call(text: string, input: Json = {}): Json {
  return compileIntrinsic(text)({ input, variables: { v: 2 }, context: () => ({ Execution: { Name: 'e-1' } }), nowMs: 0, rng: seededRng('x') });
}

const list = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Inputs and results that AWS gave (docs/models/states.md). */
const known: readonly [string, Json, Json][] = [
  ["States.Format('fst={} and snd={}.', $.a, $.b)", { a: { Arg1: 1, Arg2: [] }, b: null }, 'fst={Arg1=1, Arg2=[]} and snd=null.'],
  ["States.Format('it\\'s \\{{}\\} \\\\', $.a)", { a: 1.1 }, "it's {1.1} \\"],
  ['States.StringToJson($.t)', { t: '{"a":[1]}' }, { a: [1] }],
  ['States.StringToJson($.t)', { t: ' ' }, null],
  ['States.JsonToString($.t)', { t: { a: [1] } }, '{"a":[1]}'],
  ["States.Array('x', 1, true, null, $.a)", { a: [] }, ['x', 1, true, null, []]],
  ['States.Array()', {}, []],
  ['States.ArrayPartition($.l, 4)', { l: list }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]],
  ['States.ArrayContains($.l, $.v)', { l: [{ '1': 2, '2': [] }], v: { '2': [], '1': 2 } }, true],
  ['States.ArrayContains($.l, null)', { l: [[1, 2, 3], 2] }, false],
  ['States.ArrayRange(1, 9, 2)', {}, [1, 3, 5, 7, 9]],
  ['States.ArrayRange(0, 10, 3)', {}, [0, 3, 6, 9]],
  ['States.ArrayGetItem($.l, 5)', { l: list }, 6],
  ['States.ArrayLength($.l)', { l: list }, 9],
  ['States.ArrayUnique($.l)', { l: [null, null, 1, 1.1, 1, 'a', 'a', [], [], { b: 1 }, { b: 1 }] }, [null, 1, 1.1, 'a', [], { b: 1 }]],
  ["States.Base64Encode('Data to encode')", {}, 'RGF0YSB0byBlbmNvZGU='],
  ["States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", {}, 'Data to encode'],
  ["States.Hash('input data', 'SHA-256')", {}, 'b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3'],
  ["States.Hash('input data', 'SHA-1')", {}, 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
  ['States.JsonMerge($.a, $.b, false)', { a: { a: { a1: 1 }, b: 2, d: 3 }, b: { a: { a3: 1 }, d: 4 } }, { a: { a3: 1 }, b: 2, d: 4 }],
  ['States.MathAdd(1.49, 1.5)', {}, 3],
  ['States.MathAdd(-1.5, 0)', {}, -1],
  ['States.MathAdd(-0.5, 0)', {}, 0],
  ["States.StringSplit('This.is+a,test=string', '.+,=')", {}, ['This', 'is', 'a', 'test', 'string']],
  ["States.StringSplit(',,,,', ',')", {}, []],
  ["States.ArrayGetItem(States.StringSplit($$.Execution.Name, '-'), States.MathAdd($v, -1))", {}, '1'],
];

describe('intrinsic functions', () => {
  test.each(known)('%s of %j is %j', (text, input, expected) => {
    expect(call(text, input)).toEqual(expected);
  });

  test('MathRandom stays in its range, a seed decides it, UUID is version 4', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 1000 }), fc.integer(), (from, width, seed) => {
        const value = call(`States.MathRandom(${from}, ${from + width}, ${seed})`) as number;
        expect(value).toBeGreaterThanOrEqual(from);
        expect(value).toBeLessThan(from + width);
        expect(call(`States.MathRandom(${from}, ${from + width}, ${seed})`)).toBe(value);
      }),
    );
    expect(call('States.UUID()')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test.each([
    ['States.ArrayGetItem($.l, 1)', 'Index 1 out of bounds for length 1'],
    ['States.ArrayLength($.gone)', `an argument could not be found in the input '{"l":[1],"s":"x"}'`],
    ['States.ArrayRange(0, 2000, 1)', 'the range has more than 1000 elements'],
    ["States.Format('{}')", 'there are more {} in the template than the 0 arguments'],
    ['States.StringToJson($.s)', 'the text is not valid JSON: x'],
    ["States.Hash('a', 'CRC')", 'the algorithm CRC is not one of MD5, SHA-1, SHA-256, SHA-384, SHA-512'],
    ['States.JsonMerge($, $, true)', 'only the shallow merge is supported: the third argument must be false'],
  ])('%s fails with States.IntrinsicFailure', (text, what) => {
    const failure = new StateFailure('States.IntrinsicFailure', `The function '${text}' had the following error: ${what}`);
    expect(() => call(text, { l: [1], s: 'x' })).toThrow(failure);
  });

  test.each([
    'States.Nope()',
    'States.UUID(1)',
    'States.MathAdd(1)',
    "States.Format('a",
    "States.Format('\\x')",
    'States.Array(1,)',
    'States.UUID() x',
    'States.Array(a)',
  ])('%s does not parse', (text) => {
    expect(() => compileIntrinsic(text)).toThrow(PathSyntaxError);
  });

  test('any text comes through a literal, and calls nest to a depth of ten', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const literal = `'${text.replace(/['{}\\]/g, '\\$&')}'`;
        expect(call(`States.Array(${literal})`)).toEqual([text]);
        expect(call(`States.Format(${literal})`)).toBe(text);
      }),
    );
    const nested = (depth: number): string => `${'States.Array('.repeat(depth)}1${')'.repeat(depth)}`;
    expect(call(nested(10))).toEqual([[[[[[[[[[1]]]]]]]]]]);
    expect(() => compileIntrinsic(nested(11))).toThrow(PathSyntaxError);
  });
});
