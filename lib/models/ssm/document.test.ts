import { describe, expect, test } from 'vitest';
import { parseDocument } from './document.ts';
import { parameterValues } from './parameters.ts';

const limits = { sleepMaxSec: 604_799 };
const document = (mainSteps: unknown[], more: object = {}) => JSON.stringify({ schemaVersion: '0.3', mainSteps, ...more });
const parse = (mainSteps: unknown[], more?: object) => parseDocument(document(mainSteps, more), 'JSON', limits);
const read = { name: 'read', action: 'aws:executeAwsApi', inputs: { Service: 'lambda', Api: 'GetFunctionConcurrency', FunctionName: 'f' } };
const pause = { name: 'pause', action: 'aws:sleep', inputs: { Duration: 'PT2M' } };

describe('parseDocument', () => {
  test('reads YAML with every property of a step', () => {
    const parsed = parseDocument(
      `
schemaVersion: '0.3'
description: throttles
assumeRole: '{{ Role }}'
parameters:
  Role: { type: String, default: '' }
mainSteps:
  - name: pause
    action: aws:sleep
    onFailure: step:restore
    onCancel: step:restore
    maxAttempts: 2
    timeoutSeconds: 30
    isCritical: false
    nextStep: restore
    inputs: { Duration: PT2M }
  - name: restore
    action: aws:executeAwsApi
    isEnd: true
    inputs: { Service: lambda, Api: delete_function_concurrency, FunctionName: f }
    outputs:
      - { Name: n, Selector: $.ReservedConcurrentExecutions, Type: Integer }
outputs: [restore.n]
`,
      'YAML',
      limits,
    );
    expect(parsed.steps[0]).toEqual({
      name: 'pause',
      action: 'aws:sleep',
      inputs: { Duration: 'PT2M' },
      outputs: [],
      onFailure: { kind: 'step', step: 'restore' },
      onCancel: { kind: 'step', step: 'restore' },
      isEnd: false,
      isCritical: false,
      nextStep: 'restore',
      maxAttempts: 2,
      timeoutSec: 30,
    });
    expect(parsed.steps[1]).toMatchObject({ isEnd: true, onFailure: { kind: 'abort' }, onCancel: { kind: 'abort' }, isCritical: undefined });
  });

  test.each<[string, string, string]>([
    ['text that is no document', 'schemaVersion: [', 'InvalidDocumentContent'],
    ['a command document', JSON.stringify({ schemaVersion: '2.2', mainSteps: [pause] }), 'InvalidDocumentSchemaVersion'],
    ['no step', document([]), 'InvalidDocumentContent'],
  ])('refuses %s', (_, text, name) => {
    expect(() => parseDocument(text, 'YAML', limits)).toThrow(expect.objectContaining({ name }));
  });

  test.each<[string, unknown[], string]>([
    ['an action that the lab lacks, by name', [{ name: 'run', action: 'aws:runCommand', inputs: {} }], 'aws:runCommand; the lab supports aws:assert'],
    ['a jump to nowhere', [{ ...pause, onFailure: 'step:restore' }], 'goes to restore, which is no step'],
    [
      'a branch to nowhere',
      [{ name: 'b', action: 'aws:branch', inputs: { Choices: [{ NextStep: 'x', Variable: '1', StringEquals: '1' }] } }],
      'goes to x',
    ],
    [
      'an operator that does not exist',
      [{ name: 'b', action: 'aws:branch', inputs: { Choices: [{ NextStep: 'b', Variable: '1', NumericLess: 1 }] } }],
      'no operator NumericLess',
    ],
    ['a reference to nothing', [{ ...read, inputs: { ...read.inputs, FunctionName: '{{ Function }}' } }], '{{ Function }}, which is no parameter'],
    ['an output that no step declares', [read, { ...pause, inputs: { Duration: '{{ read.n }}' } }], '{{ read.n }}'],
    [
      'a JSONPath filter',
      [{ ...read, outputs: [{ Name: 'n', Selector: "$.Tags[?(@.Key=='a')]", Type: 'String' }] }],
      'which the lab does not support',
    ],
    ['two steps of a name', [pause, pause], 'Two steps are named pause'],
    ['a sleep above a week', [{ ...pause, inputs: { Duration: 'P8D' } }], 'above 604799 seconds'],
    ['onCancel: Continue', [{ ...pause, onCancel: 'Continue' }], 'onCancel is Abort or step:name'],
    ['a member that the lab ignores otherwise', [{ ...pause, onTimeout: 'x' }], 'has onTimeout, which is not supported'],
  ])('refuses %s', (_, steps, message) => {
    expect(() => parse(steps)).toThrow(message);
    expect(() => parse(steps)).toThrow(expect.objectContaining({ name: 'InvalidDocumentContent' }));
  });
});

describe('parameterValues', () => {
  const parsed = parse([pause], {
    parameters: {
      FunctionName: { type: 'String', allowedPattern: '^[a-z-]+$' },
      Reserved: { type: 'Integer', default: 1, allowedValues: [0, 1, 2] },
      Names: { type: 'StringList', default: [] },
    },
  });

  test('converts what is given and fills in defaults', () => {
    expect(Object.fromEntries(parameterValues(parsed, { FunctionName: ['place-order'], Reserved: ['2'] }))).toEqual({
      FunctionName: 'place-order',
      Reserved: 2,
      Names: [],
    });
  });

  test.each<[string, Record<string, string[]>, string]>([
    ['a missing one', {}, 'FunctionName is required'],
    ['an unknown one', { FunctionName: ['f'], Other: ['x'] }, 'Other is not defined'],
    ['a wrong type', { FunctionName: ['f'], Reserved: ['x'] }, 'must be of type Integer'],
    ['a value outside the list', { FunctionName: ['f'], Reserved: ['3'] }, 'must be one of 0, 1, 2'],
    ['a value outside the pattern', { FunctionName: ['F'] }, 'must match'],
    ['two values', { FunctionName: ['f', 'g'] }, 'takes one value, not 2'],
  ])('refuses %s', (_, given, message) => {
    expect(() => parameterValues(parsed, given)).toThrow(message);
    expect(() => parameterValues(parsed, given)).toThrow(expect.objectContaining({ name: 'InvalidAutomationExecutionParametersException' }));
  });
});
