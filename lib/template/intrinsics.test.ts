import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noValue, resolveIntrinsics, type Scope } from './intrinsics.ts';
import { Lines } from './lines.ts';

const refs: Record<string, unknown> = { Name: 'n', List: ['a', 'b', 'c'], 'AWS::Region': 'eu-west-1', 'AWS::NoValue': noValue };
const scope: Scope = {
  file: 't.yaml',
  lines: new Lines(),
  mappings: { Sizes: { small: { memory: 128 } } },
  ref: (name) => refs[name],
  attribute: (logicalId, attribute) => (logicalId === 'Table' ? `arn/${attribute}` : undefined),
  condition: (name) => name === 'Yes',
};
const resolve = (value: unknown): unknown => resolveIntrinsics(value, scope);

describe('resolveIntrinsics', () => {
  it.each<[unknown, unknown]>([
    [{ Ref: 'Name' }, 'n'],
    [{ 'Fn::GetAtt': ['Table', 'Stream.Arn'] }, 'arn/Stream.Arn'],
    [{ 'Fn::Sub': `a-\${Name}-\${Table.Arn}-\${!Name}-\${AWS::Region}` }, `a-n-arn/Arn-\${Name}-eu-west-1`],
    [{ 'Fn::Sub': [`\${x}/\${Name}`, { x: { Ref: 'AWS::Region' } }] }, 'eu-west-1/n'],
    [{ 'Fn::Join': ['-', ['x', { Ref: 'Name' }, 3]] }, 'x-n-3'],
    [{ 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b,c'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['.', 'a.b.c'] }] }, 'b'],
    [{ 'Fn::If': ['No', 1, { 'Fn::If': ['Yes', { a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] }, 3] }] }, { b: [1] }],
    [{ 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    [{ 'Fn::Base64': { 'Fn::Sub': `\${Name}!` } }, 'biE='],
    [{ 'Fn::And': [{ 'Fn::Equals': [1, '1'] }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }] }, true],
    [
      { Effect: 'Allow', Condition: { StringEquals: { a: 'b' } } },
      { Effect: 'Allow', Condition: { StringEquals: { a: 'b' } } },
    ],
  ])('resolves %j', (value, expected) => expect(resolve(value)).toEqual(expected));

  it.each([
    [{ Ref: 'Nothing' }, 'Ref Nothing has no value here'],
    [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select needs an index from 0 to 0, not 3'],
    [{ 'Fn::Join': ['', 'abc'] }, 'Fn::Join needs a list of values'],
    [{ 'Fn::Sub': `\${List}` }, `Fn::Sub: \${List} must come to text`],
    [{ 'Fn::FindInMap': ['Sizes', 'large', 'memory'] }, 'Mappings has no Sizes.large.memory'],
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue is not supported'],
  ])('refuses %j', (value, message) => expect(() => resolve(value)).toThrow(message));

  // An expression tree of Sub, Join and If, built together with the text that it must give.
  interface Expression {
    value: unknown;
    text: string;
  }
  const leaf = fc.oneof(
    fc.string().map((text): Expression => ({ value: text, text })),
    fc.constant<Expression>({ value: { Ref: 'Name' }, text: 'n' }),
  );
  const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc
        .tuple(tie('tree'), tie('tree'))
        .map(([a, b]) => ({ value: { 'Fn::Sub': [`<\${a}|\${!lit}|\${b}>`, { a: a.value, b: b.value }] }, text: `<${a.text}|\${lit}|${b.text}>` })),
      fc.tuple(fc.string(), fc.array(tie('tree'), { maxLength: 3 })).map(([delimiter, list]) => ({
        value: { 'Fn::Join': [delimiter, list.map(({ value }) => value)] },
        text: list.map(({ text }) => text).join(delimiter),
      })),
      fc
        .tuple(fc.boolean(), tie('tree'), tie('tree'))
        .map(([yes, a, b]) => ({ value: { 'Fn::If': [yes ? 'Yes' : 'No', a.value, b.value] }, text: yes ? a.text : b.text })),
    ),
  }));

  it('gives the text that nested Sub, Join and If spell, whatever the texts contain', () => {
    fc.assert(fc.property(tree, ({ value, text }) => void expect(resolve(value)).toBe(text)));
  });

  it('leaves data without functions as it is, and never changes its input', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== '__proto__' && key !== 'Ref' && !key.startsWith('Fn::')),
          fc.jsonValue(),
        ),
        (data) => {
          fc.pre(!JSON.stringify(data).includes('"Ref"') && !JSON.stringify(data).includes('"Fn::'));
          const before = structuredClone(data);
          expect(resolve(data)).toEqual(before);
          expect(data).toEqual(before);
        },
      ),
    );
  });
});
