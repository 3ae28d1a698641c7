import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProofloadError } from '../core/errors.ts';
import { planStack, type StackPlan } from './stack-plan.ts';
import { checkSupported } from './support.ts';
import { parseTemplate } from './template.ts';

const setting = {
  stackName: 'shop',
  stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1',
  account: '123456789012',
  region: 'eu-west-1',
  parameters: {},
};

function plan(text: string, parameters: Record<string, string> = {}): StackPlan {
  return planStack(parseTemplate('t.yaml', text), { ...setting, parameters });
}

function errorOf(task: () => unknown): ProofloadError {
  try {
    task();
  } catch (thrown) {
    if (thrown instanceof ProofloadError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('parseTemplate', () => {
  it('reads JSON and YAML alike', () => {
    const yaml = parseTemplate('t.yaml', `Resources:\n  T:\n    Type: AWS::X::Y\n    Properties: { Name: !Sub "a-\${AWS::Region}", Count: 3 }\n`);
    const json = parseTemplate('t.json', `{"Resources":{"T":{"Type":"AWS::X::Y","Properties":{"Name":{"Fn::Sub":"a-\${AWS::Region}"},"Count":3}}}}`);
    expect(json.resources['T']?.properties).toEqual(yaml.resources['T']?.properties);
  });

  it.each([
    ['no YAML', 'Resources:\n  A: [\n', 'bad-template', /^t\.yaml:\d: this is neither valid YAML nor JSON/],
    ['a key twice', 'Resources:\n  A: {Type: T}\n  A: {Type: T}\n', 'bad-template', /^t\.yaml:3: .*unique/],
    ['no resources', 'Description: nothing\n', 'bad-template', /^t\.yaml:1: Resources must hold/],
    [
      'an unknown tag',
      'Resources:\n  A:\n    Type: T\n    Properties:\n      V: !ImportValue shared\n',
      'unsupported-intrinsic',
      /^t\.yaml:5: !ImportValue is not supported/,
    ],
    [
      'an unknown function',
      'Resources:\n  A:\n    Type: T\n    Properties:\n      V:\n        Fn::Cidr: [a, 1, 2]\n',
      'unsupported-intrinsic',
      /^t\.yaml:6: Fn::Cidr is not supported/,
    ],
    ['a rule section', 'Rules: {}\nResources:\n  A: {Type: T}\n', 'unsupported-section', /^t\.yaml:1: section Rules/],
    [
      'another transform',
      'Transform: AWS::LanguageExtensions\nResources:\n  A: {Type: T}\n',
      'unsupported-transform',
      /^t\.yaml:1: transform AWS::LanguageExtensions/,
    ],
    [
      'a mention of nothing',
      'Resources:\n  A:\n    Type: T\n    Properties:\n      V: !GetAtt B.Arn\n',
      'unresolved-reference',
      /^t\.yaml:5: resource A mentions B/,
    ],
    [
      'a Sub of nothing',
      `Resources:\n  A:\n    Type: T\n    Properties:\n      V: !Sub "x-\${B}"\n`,
      'unresolved-reference',
      /^t\.yaml:5: resource A mentions B/,
    ],
    ['an unknown condition', 'Resources:\n  A:\n    Type: T\n    Condition: C\n', 'unresolved-reference', /^t\.yaml:2: resource A mentions C/],
    [
      'a condition on a resource',
      'Conditions:\n  C: !Equals [!Ref A, x]\nResources:\n  A: {Type: T}\n',
      'unresolved-reference',
      /^t\.yaml:2: condition C mentions A/,
    ],
    [
      'an unknown attribute',
      'Resources:\n  A:\n    Type: T\n    UpdatePolicy: {}\n',
      'unsupported-attribute',
      /^t\.yaml:4: resource A: UpdatePolicy/,
    ],
    [
      'a parameter type',
      'Parameters:\n  V:\n    Type: AWS::EC2::VPC::Id\nResources:\n  A: {Type: T}\n',
      'unsupported-parameter-type',
      /^t\.yaml:3: parameter V: type AWS::EC2::VPC::Id/,
    ],
  ])('refuses %s with file and line', (_, text, code, message) => {
    const error = errorOf(() => parseTemplate('t.yaml', text));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.exit).toBe('usage');
  });

  it('keeps the digits of numbers with leading zeros and does not take dates for dates', () => {
    const { resources } = parseTemplate('t.yaml', 'Resources:\n  A:\n    Type: T\n    Properties: {Account: 0123, Version: 2012-10-17}\n');
    expect(resources['A']?.properties).toEqual({ Account: '0123', Version: '2012-10-17' });
  });
});

describe('checkSupported', () => {
  const text = 'Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: b\n      Lifecycle: {}\n';
  it('refuses an unsupported type by name, with the supported ones as hint', () => {
    const error = errorOf(() => checkSupported(parseTemplate('t.yaml', text), [{ type: 'AWS::DynamoDB::Table', properties: [] }]));
    expect(error).toMatchObject({
      code: 'unsupported-resource',
      message: 't.yaml:2: resource A: type AWS::S3::Bucket is not supported',
      hint: 'supported are AWS::DynamoDB::Table',
    });
  });
  it('refuses an unsupported property by name', () => {
    const error = errorOf(() => checkSupported(parseTemplate('t.yaml', text), [{ type: 'AWS::S3::Bucket', properties: ['BucketName'] }]));
    expect(error).toMatchObject({
      code: 'unsupported-property',
      message: 't.yaml:6: resource A: property Lifecycle of AWS::S3::Bucket is not supported',
      hint: 'supported are BucketName',
    });
  });
});

describe('parameters', () => {
  const text = [
    'Parameters:',
    '  Name: {Type: String, Description: who it is}',
    '  Share: {Type: Number, Default: 5, MinValue: 1, MaxValue: 10}',
    '  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}',
    "  Code: {Type: String, Default: ab12, AllowedPattern: '[a-z]+[0-9]+', MaxLength: 6, ConstraintDescription: letters then digits}",
    '  List: {Type: CommaDelimitedList, Default: "a, b"}',
    'Resources:',
    '  A: {Type: T, Properties: {Name: !Ref Name, List: !Ref List, Share: !Ref Share}}',
  ].join('\n');

  it('gives defaults, lists and numbers as CloudFormation does', () => {
    const { resolve, resources } = plan(text, { Name: 'x' });
    expect(resolve(resources[0]?.properties, new Map())).toEqual({ Name: 'x', List: ['a', 'b'], Share: '5' });
  });

  it('names a missing one and how to give it', () => {
    const error = errorOf(() => plan(text));
    expect(error.code).toBe('missing-parameter');
    expect(error.message).toBe('t.yaml:2: parameter Name has no default and no value was given');
    expect(error.hint).toContain('--parameter-overrides Name=...');
    expect(error.hint).toContain('who it is');
  });

  it.each([
    [{ Name: 'x', Share: '11' }, 'parameter Share: value "11" is above the maximum of 10'],
    [{ Name: 'x', Share: 'many' }, 'parameter Share: value "many" is not a number'],
    [{ Name: 'x', Stage: 'test' }, 'parameter Stage: value "test" is not one of the allowed values [dev, prod]'],
    [{ Name: 'x', Code: '1a' }, 'parameter Code: value "1a" does not match the allowed pattern [a-z]+[0-9]+'],
    [{ Name: 'x', Code: 'abcdef1' }, 'parameter Code: value "abcdef1" is longer than 6 characters'],
    [{ Name: 'x', Nmae: 'y' }, 'parameter Nmae does not exist in the template'],
  ])('refuses %j', (given, message) => {
    expect(errorOf(() => plan(text, given as unknown as Record<string, string>)).message).toContain(message);
  });
});

describe('planStack', () => {
  it('orders resources after what they mention and depend on, else as in the file', () => {
    const { resources } = plan(
      [
        'Resources:',
        `  C: {Type: T, Properties: {V: !Sub "\${B.Arn}-x"}}`,
        '  B: {Type: T, Properties: {V: !Ref A}}',
        '  D: {Type: T, DependsOn: C}',
        '  A: {Type: T}',
        '  E: {Type: T}',
      ].join('\n'),
    );
    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('names a circle resource by resource', () => {
    const text =
      'Resources:\n  A: {Type: T, Properties: {V: !Ref B}}\n  B: {Type: T, Properties: {V: !GetAtt C.Arn}}\n  C: {Type: T, DependsOn: A}\n';
    const error = errorOf(() => plan(text));
    expect(error).toMatchObject({ code: 'circular-dependency', message: 't.yaml:2: resources depend on each other in a circle: A -> B -> C -> A' });
  });

  it('drops resources and outputs whose condition is false, and only follows the branch of Fn::If that is taken', () => {
    const text = [
      'Parameters: {Stage: {Type: String}}',
      'Conditions:',
      '  IsProd: !Equals [!Ref Stage, prod]',
      '  IsOther: !And [!Not [!Condition IsProd], !Or [!Equals [a, b], !Equals [a, a]]]',
      'Resources:',
      '  P: {Type: T, Condition: IsProd}',
      '  A: {Type: T, DependsOn: P, Properties: {V: !If [IsProd, !Ref P, !Ref AWS::NoValue], W: !If [IsOther, yes, no]}}',
      'Outputs:',
      '  O: {Condition: IsProd, Value: !Ref P}',
    ].join('\n');
    const dev = plan(text, { Stage: 'dev' });
    expect(dev.resources.map(({ logicalId }) => logicalId)).toEqual(['A']);
    expect(dev.outputs).toEqual([]);
    expect(dev.resolve(dev.resources[0]?.properties, new Map())).toEqual({ W: 'yes' });
    const prod = plan(text, { Stage: 'prod' });
    expect(prod.resources.map(({ logicalId }) => logicalId)).toEqual(['P', 'A']);
    expect(prod.resolve(prod.resources[1]?.properties, new Map([['P', { physicalId: 'p-1' }]]))).toEqual({ V: 'p-1', W: 'no' });
  });

  it('refuses an unguarded mention of a resource whose condition is false', () => {
    const text = 'Conditions: {Never: !Equals [a, b]}\nResources:\n  P: {Type: T, Condition: Never}\n  A: {Type: T, Properties: {V: !Ref P}}\n';
    expect(errorOf(() => plan(text)).message).toBe('t.yaml:4: resource A mentions P, whose condition is false');
  });

  it('puts every resource after all it mentions, whatever the order of the file; and names a circle that closes', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 });
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 10 });
    const textOf = (mentions: readonly (readonly [number, number])[], file: readonly number[]): string => {
      const lines = file.map((id) => {
        const refs = mentions.filter(([from]) => from === id).map(([, to], index) => `P${index}: !Ref R${to}`);
        return `  R${id}: {Type: T, Properties: {${refs.join(', ')}}}`;
      });
      return `Resources:\n${lines.join('\n')}\n`;
    };
    fc.assert(
      fc.property(edges, order, (pairs, file) => {
        const acyclic = pairs.filter(([from, to]) => from > to);
        const created = plan(textOf(acyclic, file)).resources.map(({ logicalId }) => Number(logicalId.slice(1)));
        expect([...created].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        for (const [from, to] of acyclic) expect(created.indexOf(to)).toBeLessThan(created.indexOf(from));
        const closing = acyclic.map(([from, to]) => [to, from] as const).slice(0, 1);
        if (closing.length > 0) expect(errorOf(() => plan(textOf([...acyclic, ...closing], file))).code).toBe('circular-dependency');
      }),
    );
  });
});
