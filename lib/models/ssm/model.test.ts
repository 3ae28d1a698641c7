import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { branchTarget } from './branch.ts';
import { parseDocument } from './document.ts';
import { afterCancel, afterStep } from './flow.ts';
import { interpolate, referencesIn, UnresolvedReference } from './interpolate.ts';
import { parseJsonPath, selectJsonPath } from './json-path.ts';
import { checkParameterName, liesBelow } from './parameter-store.ts';
import { pascalCase } from './steps/api-call.ts';
import { convert } from './values.ts';

describe('JSONPath', () => {
  const value = { Items: [{ Name: 'a' }, { Name: 'b' }], 'odd key': 0, Nothing: null };

  test.each<[string, unknown]>([
    ['$', value],
    ['$.Items[1].Name', 'b'],
    ['$.Items[-1].Name', 'b'],
    ['$.Items[*].Name', ['a', 'b']],
    ["$['odd key']", 0],
    ['$.Missing', undefined],
    ['$.Nothing', undefined],
    ['$.Items.Name', undefined],
    ['$.Items[7]', undefined],
    ['$.Missing[*]', undefined],
    ['$.toString', undefined],
  ])('%s', (path, expected) => expect(selectJsonPath(value, path)).toEqual(expected));

  test.each(['$..Name', "$.Items[?(@.Name=='a')]", '$.Items[0:1]', 'Items', '$.Items[0'])('refuses %s', (path) => {
    expect(parseJsonPath(path)).toEqual(expect.stringContaining(path));
  });

  test('finds every member of any nested object by its own path', () => {
    const nested = fc.object({ maxDepth: 3, key: fc.stringMatching(/^[a-z]{1,6}$/), values: [fc.integer(), fc.string(), fc.boolean()] });
    const leaves = (each: unknown, path: string): [string, unknown][] =>
      typeof each === 'object' && each !== null
        ? Object.entries(each).flatMap(([key, child]) => leaves(child, Array.isArray(each) ? `${path}[${key}]` : `${path}.${key}`))
        : [[path, each]];
    fc.assert(
      fc.property(nested, (object) => {
        for (const [path, leaf] of leaves(object, '$')) expect(selectJsonPath(object, path)).toEqual(leaf ?? undefined);
      }),
    );
  });
});

describe('interpolation', () => {
  const bindings = new Map<string, unknown>([
    ['n', 3],
    ['read.list', ['a', 'b']],
    ['name', 'f'],
  ]);

  test('keeps the type of a lone reference and makes text of all others', () => {
    expect(interpolate({ N: '{{n}}', L: '{{ read.list }}', T: '/undo/{{ name }}/{{n}}', J: ['x{{ read.list }}'], B: true }, bindings)).toEqual({
      N: 3,
      L: ['a', 'b'],
      T: '/undo/f/3',
      J: ['x["a","b"]'],
      B: true,
    });
  });

  test('names what has no value', () => {
    expect(() => interpolate('a {{ read.n }}', bindings)).toThrow(new UnresolvedReference('read.n'));
    expect(referencesIn([{ a: '{{ x }} {{y.z}}' }, '{{ global:REGION }}'])).toEqual(['x', 'y.z', 'global:REGION']);
  });

  test('leaves text without references as it is', () => {
    const plain = fc.string().filter((text) => !text.includes('{{'));
    fc.assert(fc.property(plain, (text) => interpolate(text, bindings) === text));
  });
});

describe('branch', () => {
  const to = (choice: object, variable: unknown, Default?: string) =>
    branchTarget({ Choices: [{ NextStep: 'yes', Variable: 'v', ...choice }], ...(Default ? { Default } : {}) }, (value) =>
      value === 'v' ? variable : value,
    );

  test.each<[object, unknown, boolean]>([
    [{ NumericGreaterOrEquals: 0 }, 0, true],
    [{ NumericGreaterOrEquals: 0 }, '7', true],
    [{ NumericGreaterOrEquals: 0 }, 'absent', false],
    [{ NumericGreaterOrEquals: 0 }, '', false],
    [{ NumericEquals: '1' }, 1, true],
    [{ NumericLesser: 1 }, 1, false],
    [{ StringEquals: '1' }, 1, true],
    [{ EqualsIgnoreCase: 'ABC' }, 'abc', true],
    [{ StartsWith: 'ab' }, 'abc', true],
    [{ EndsWith: 'ab' }, 'abc', false],
    [{ Contains: 'b' }, 'abc', true],
    [{ BooleanEquals: true }, true, true],
    [{ StringEquals: '' }, undefined, false],
  ])('%j of %j is %s', (choice, variable, expected) => expect(to(choice, variable)).toBe(expected ? 'yes' : undefined));

  test('an output without a value takes Default; And, Or and Not combine', () => {
    expect(to({ NumericGreaterOrEquals: 0 }, undefined, 'storeAbsent')).toBe('storeAbsent');
    const compound = (all: object, value: unknown) =>
      branchTarget({ Choices: [{ NextStep: 'yes', ...all }] }, (each) => (each === 'v' ? value : each));
    const above = { Variable: 'v', NumericGreater: 1 };
    const below = { Variable: 'v', NumericLesser: 5 };
    expect([0, 3, 9].map((value) => compound({ And: [above, below] }, value))).toEqual([undefined, 'yes', undefined]);
    expect([0, 3, 9].map((value) => compound({ Or: [above, below] }, value))).toEqual(['yes', 'yes', 'yes']);
    expect([0, 3].map((value) => compound({ Not: above }, value))).toEqual(['yes', undefined]);
  });
});

describe('flow', () => {
  const sleep = (name: string, more: object = {}) => ({ name, action: 'aws:sleep', inputs: { Duration: 'PT1S' }, ...more });
  const document = parseDocument(
    JSON.stringify({
      schemaVersion: '0.3',
      mainSteps: [
        sleep('apply', { onFailure: 'step:restore', onCancel: 'step:restore' }),
        sleep('optional', { onFailure: 'Continue' }),
        sleep('soft', { onFailure: 'step:restore', isCritical: false, nextStep: 'restore' }),
        sleep('never'),
        sleep('restore', { isEnd: true }),
      ],
    }),
    'JSON',
    { sleepMaxSec: 604_799 },
  );
  const step = (name: string) => document.steps.find((each) => each.name === name)!;
  const follows = (name: string, status: 'Success' | 'Failed' | 'TimedOut', spoiled?: 'Failed') =>
    afterStep(document, step(name), { status }, spoiled);

  test('goes to the next step, to nextStep, to the end', () => {
    expect(follows('apply', 'Success')).toEqual({ go: 'optional' });
    expect(follows('soft', 'Success')).toEqual({ go: 'restore' });
    expect(follows('restore', 'Success')).toEqual({ end: 'Success' });
    expect(follows('restore', 'Success', 'Failed')).toEqual({ end: 'Failed' });
  });

  test('a failed critical step spoils the automation even after its detour', () => {
    expect(follows('apply', 'TimedOut')).toEqual({ go: 'restore', spoils: 'TimedOut' });
    expect(follows('soft', 'Failed')).toEqual({ go: 'restore' });
    expect(follows('optional', 'Failed')).toEqual({ go: 'soft' });
    expect(follows('never', 'Failed')).toEqual({ end: 'Failed' });
  });

  test('onCancel leads to its step, or nowhere', () => {
    expect(afterCancel(step('apply'))).toBe('restore');
    expect(afterCancel(step('never'))).toBeUndefined();
  });
});

test('convert follows the declared type', () => {
  expect(convert('5', 'Integer')).toBe(5);
  expect(convert(5, 'String')).toBe('5');
  expect(convert({ a: 1 }, 'String')).toBe('{"a":1}');
  expect(convert(1.5, 'Integer')).toBeUndefined();
  expect(convert('true', 'Boolean')).toBe(true);
  expect(convert([1, 'a'], 'StringList')).toEqual(['1', 'a']);
  expect(convert('a', 'StringList')).toBeUndefined();
  expect(convert([{ a: 1 }], 'MapList')).toEqual([{ a: 1 }]);
});

test('pascalCase takes both spellings of an API', () => {
  expect(['put_function_concurrency', 'PutFunctionConcurrency', 'invoke'].map(pascalCase)).toEqual([
    'PutFunctionConcurrency',
    'PutFunctionConcurrency',
    'Invoke',
  ]);
});

test('parameter names and hierarchies', () => {
  const limits = { parameters: 1, valueBytes: 1, advancedValueBytes: 1, versions: 1, levels: 3, nameLength: 30 };
  expect(liesBelow('/proofload/undo/r1/f', '/proofload/undo/', true)).toBe(true);
  expect(liesBelow('/proofload/undo/r1/f', '/proofload/undo', false)).toBe(false);
  expect(liesBelow('/proofload/undo/r1', '/proofload/undo', false)).toBe(true);
  expect(liesBelow('/proofload/undoing', '/proofload/undo', true)).toBe(false);
  expect(liesBelow('plain', '/', true)).toBe(true);
  checkParameterName('/a/b/c', limits);
  for (const [name, error] of [
    ['/a/b/c/d', 'HierarchyLevelLimitExceededException'],
    ['a/b', 'ValidationException'],
    ['/a b', 'ValidationException'],
    ['ssm-x', 'ValidationException'],
    ['/aws/x', 'AccessDeniedException'],
  ] as const)
    expect(() => checkParameterName(name, limits), name).toThrow(expect.objectContaining({ name: error }));
});
