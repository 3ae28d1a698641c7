import { describe, expect, test } from 'vitest';
import { diagnose, InvalidDefinition, parseDefinition } from './parse.ts';
import type { Json, StateMachineType } from './types.ts';

type States = { readonly [name: string]: Json };

function refusal(definition: Json | string, type: StateMachineType = 'STANDARD'): string {
  try {
    parseDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition), type);
  } catch (error) {
    if (error instanceof InvalidDefinition) return error.message.slice("Invalid State Machine Definition: '".length, -1);
    throw error;
  }
  return 'accepted';
}

function of(states: States, rest: States = {}): Json {
  return { StartAt: Object.keys(states)[0] as string, States: states, ...rest };
}

const end = { Type: 'Succeed' };
const token = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
const send = { Resource: token, Parameters: { QueueUrl: 'q', MessageBody: 'm' } };
const schema = (message: string, at: string): string => `SCHEMA_VALIDATION_FAILED: ${message} at ${at}`;
const pass = (fields: States, rest: States = {}): Json => of({ S: { Type: 'Pass', ...fields, End: true } }, rest);
const jsonata = { QueryLanguage: 'JSONata' };
const retrier = (entry: States): Json => of({ S: { Type: 'Task', ...send, Retry: [entry, { ErrorEquals: ['States.ALL'] }], End: true } });

describe("refusals in AWS's words", () => {
  test.each<[string, Json | string, string]>([
    ['nothing at all', '', 'MISSING_DESCRIPTION: Definition must not be empty at null'],
    ['an array', [], schema('Definition must be a valid JSON object', 'null')],
    ['no states', {}, schema('These fields are required: [States, StartAt]', '/')],
    ['no start', { States: { S: end } }, schema('These fields are required: [StartAt]', '/')],
    [
      'unknown fields',
      of({ S: { ...end, Foo: 1 } }, { startAt: 'S' }),
      `${schema("Field 'startAt' is not supported", '/')}, ${schema("Field 'Foo' is not supported", '/States/S')}`,
    ],
    [
      'an unknown type',
      of({ S: { Type: 'Job' } }),
      schema("The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]", '/States/S/Type'),
    ],
    ['a field of another type of state', of({ S: { ...end, TimeoutSeconds: 1 } }), schema("Field 'TimeoutSeconds' is not supported", '/States/S')],
    [
      'neither Next nor End',
      of({ S: { Type: 'Pass' } }),
      schema('This object should have only one of the following fields: [Next, End]', '/States/S'),
    ],
    ['both Next and End', pass({ Next: 'S' }), schema('There should only be one of the following fields: [Next, End]', '/States/S')],
    ['no resource', of({ S: { Type: 'Task', End: true } }), schema('These fields are required: [Resource]', '/States/S')],
    [
      'a resource that is no ARN',
      of({ S: { Type: 'Task', Resource: 'work', End: true } }),
      schema('Value is not a valid resource ARN', '/States/S/Resource'),
    ],
    [
      'an integration without parameters',
      of({ S: { Type: 'Task', Resource: token, End: true } }),
      schema(`Parameters field is required for resource ARN: ${token}`, '/States/S'),
    ],
    [
      'an integration without a field that it needs',
      of({ S: { Type: 'Task', Resource: token, Parameters: { 'QueueUrl.$': '$.q' }, End: true } }),
      schema("The field 'MessageBody' is required but was missing", '/States/S/Parameters'),
    ],
    [
      'an expression that is not closed',
      pass({ Output: { v: '{% 1' } }, jsonata),
      schema('JSONata string must start with {% and end with %}', '/States/S/Output/v'),
    ],
    ['empty branches', of({ S: { Type: 'Parallel', Branches: [], End: true } }), schema('Value cannot be empty', '/States/S/Branches')],
    ['a number out of range', of({ S: { Type: 'Wait', Seconds: -1, End: true } }), schema('Minimum value is 0', '/States/S/Seconds')],
    ['a number as text', of({ S: { Type: 'Wait', Seconds: '1', End: true } }), schema('Expected value of type Integer', '/States/S/Seconds')],
    [
      'a date without offset',
      of({ S: { Type: 'Wait', Timestamp: '2026-01-01', End: true } }),
      schema('String does not match RFC3339 timestamp', '/States/S/Timestamp'),
    ],
    [
      'two forms of Wait',
      of({ S: { Type: 'Wait', Seconds: 1, SecondsPath: '$.s', End: true } }),
      schema('There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]', '/States/S'),
    ],
    ['a path that does not parse', pass({ InputPath: '$[' }), schema('Value must be a valid JSONPath.', '/States/S/InputPath')],
    [
      'an intrinsic call that does not parse',
      pass({ Parameters: { 'parsed.$': "States.StringToJson('\\x')" } }),
      schema("The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic function call", '/States/S/Parameters'),
    ],
    [
      'States.ALL that is not last',
      retrier({ ErrorEquals: ['States.ALL'] }),
      schema('States.ALL must appear alone and at end of list', '/States/S/Retry[0]/ErrorEquals'),
    ],
    ['a retry without errors', retrier({ MaxAttempts: 1 }), schema('These fields are required: [ErrorEquals]', '/States/S/Retry[0]')],
    ['a backoff below 1', retrier({ ErrorEquals: ['E'], BackoffRate: 0.5 }), schema('Minimum value is 1', '/States/S/Retry[0]/BackoffRate')],
    [
      'a jitter of another name',
      retrier({ ErrorEquals: ['E'], JitterStrategy: 'HALF' }),
      schema('Value should be one of the following: [NONE, FULL]', '/States/S/Retry[0]/JitterStrategy'),
    ],
    ['no choices', of({ S: { Type: 'Choice', Choices: [], Default: 'E' }, E: end }), schema('Value cannot be empty', '/States/S/Choices')],
    [
      'a rule without a test',
      of({ S: { Type: 'Choice', Choices: [{ Next: 'E' }] }, E: end }),
      schema('The object must have only one of the following fields, [And, Or, Not, Variable, Condition]', '/States/S/Choices[0]'),
    ],
    [
      'a nested Next',
      of({ S: { Type: 'Choice', Choices: [{ Not: { Variable: '$.a', IsNull: true, Next: 'E' }, Next: 'E' }] }, E: end }),
      schema("Field 'Next' is not supported", '/States/S/Choices[0]/Not'),
    ],
    [
      'JSONata fields in JSONPath',
      pass({ Output: 1 }),
      schema("The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage", '/States/S'),
    ],
    [
      'JSONPath fields in JSONata',
      pass({ InputPath: '$' }, jsonata),
      schema("The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage", '/States/S'),
    ],
    [
      'a JSONPath state in a JSONata machine',
      pass({ QueryLanguage: 'JSONPath' }, jsonata),
      schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", '/States/S'),
    ],
    [
      'an expression that does not parse',
      pass({ Output: { v: '{% 1 + %}' } }, jsonata),
      'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/S/Output/v',
    ],
    [
      'an expression without a source',
      pass({ Output: '{% phone.number %}' }, jsonata),
      "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/S/Output",
    ],
  ])('%s', (_, definition, expected) => {
    expect(refusal(definition)).toBe(expected);
  });

  test.each<[string, States, string]>([
    ['a whole one', {}, 'accepted'],
    ['an ItemReader', { ItemReader: {} }, schema("Field 'ItemReader' works with Amazon S3, which is not supported here", '/States/S/ItemReader')],
    [
      'a ResultWriter',
      { ResultWriter: {} },
      schema("Field 'ResultWriter' works with Amazon S3, which is not supported here", '/States/S/ResultWriter'),
    ],
    ['batches without a size', { ItemBatcher: { BatchInput: {} } }, 'This object should have at least one of the following fields'],
    ['batches of nothing', { ItemBatcher: { MaxItemsPerBatch: 0 } }, schema('Minimum value is 1', '/States/S/ItemBatcher/MaxItemsPerBatch')],
    ['a label with a colon', { Label: 'a:b' }, 'Label must have 1 to 40 characters'],
    ['a percentage above 100', { ToleratedFailurePercentage: 101 }, schema('Maximum value is 100', '/States/S/ToleratedFailurePercentage')],
    [
      'two thresholds of one kind',
      { ToleratedFailureCount: 1, ToleratedFailureCountPath: '$.n' },
      'There should only be one of the following fields',
    ],
    [
      'an inline Map with a label',
      { ItemProcessor: of({ I: end }), Label: 'a' },
      schema("Field 'Label' is only supported in DISTRIBUTED mode", '/States/S'),
    ],
  ])('a Distributed Map: %s', (_, fields, expected) => {
    const ItemProcessor = { ...(of({ I: end }) as States), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
    expect(refusal(of({ S: { Type: 'Map', ItemProcessor, End: true, ...fields } }))).toContain(expected);
  });

  test('what only Standard has is refused in children of Express, and a Distributed Map in a machine of Express', () => {
    const map = (ExecutionType: string): Json => {
      const ItemProcessor = {
        ...(of({ I: { Type: 'Task', ...send, End: true } }) as States),
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
      };
      return of({ S: { Type: 'Map', ItemProcessor, End: true } });
    };
    expect(refusal(map('STANDARD'))).toBe('accepted');
    expect(refusal(map('EXPRESS'))).toContain("Express state machine does not support '.waitForTaskToken' service integration");
    expect(refusal(map('STANDARD'), 'EXPRESS')).toContain('Express state machine does not support DISTRIBUTED mode');
  });

  test.each<[string, Json, string]>([
    [
      'a missing target and what nothing leads to',
      of({ pass1: { Type: 'Pass', Next: 'pass3' }, pass2: { Type: 'Pass', End: true } }),
      `MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next, MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2`,
    ],
    ['a loop', of({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }), 'MISSING_END_STATE: Workflow has no terminal state at null'],
    [
      'a rule, a default and a catcher that lead nowhere',
      of({
        C: {
          Type: 'Choice',
          Choices: [
            { Variable: '$.a', IsNull: true, Next: 'X' },
            { Variable: '$.a', IsNull: false, Next: 'T' },
          ],
          Default: 'Y',
        },
        T: { Type: 'Task', ...send, Catch: [{ ErrorEquals: ['E'], Next: 'Z' }], End: true },
      }),
      [
        "Missing 'Next' target: Y at /States/C/Default",
        "Missing 'Next' target: X at /States/C/Choices[0]/Next",
        "Missing 'Next' target: Z at /States/T/Catch[0]/Next",
      ]
        .map((each) => `MISSING_TRANSITION_TARGET: ${each}`)
        .join(', '),
    ],
    [
      'a branch that leads out of itself',
      of({ P: { Type: 'Parallel', Branches: [of({ A: { Type: 'Pass', Next: 'E' } })], Next: 'E' }, E: end }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: E at /States/P/Branches[0]/States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null",
    ],
    [
      'a name used twice',
      of({ A: { Type: 'Parallel', Branches: [of({ A: end })], End: true } }),
      'DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A',
    ],
  ])('%s', (_, definition, expected) => {
    expect(refusal(definition)).toBe(expected);
  });

  test.each([
    [token, "Express state machine does not support '.waitForTaskToken' service integration "],
    ['arn:aws:states:::states:startExecution.sync:2', "Express state machine does not support '.sync' service integration"],
    ['arn:aws:states:us-east-1:123456789012:activity:a', 'Express state machine does not support Activity ARN'],
  ])('Express has no %s', (resource, message) => {
    const task = { Type: 'Task', Parameters: { QueueUrl: 'q', MessageBody: 'm', StateMachineArn: 'a' } };
    const definition = of({ S: { ...task, Resource: resource, End: true } });
    expect(refusal(definition)).toBe('accepted');
    expect(refusal(definition, 'EXPRESS')).toBe(schema(message, '/States/S/Resource'));
  });

  test('warnings do not refuse', () => {
    const definition = JSON.stringify(
      of({ S: { Type: 'Pass', Parameters: { id: '$.id' }, Next: 'T' }, T: { Type: 'Pass', Result: '$.x', End: true } }),
    );
    expect(diagnose(definition, 'STANDARD').map(({ severity, code, location }) => `${severity} ${code} ${location}`)).toEqual([
      'WARNING NO_DOLLAR /States/S/Parameters',
      'WARNING PASS_RESULT_IS_STATIC /States/T/Result',
    ]);
    expect(refusal(definition)).toBe('accepted');
  });

  test('text that is no JSON is shown with its place', () => {
    const place = '[Source: (String)"not a definition"; line: 1, column: 4]';
    const message = "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    expect(diagnose('not a definition', 'STANDARD')).toEqual([
      { severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION', message: `${message}\n at ${place}`, location: place },
    ]);
  });
});
