import { expect, it } from 'vitest';
import { fromOutput, toInput } from './sdk-shapes.ts';

it('gives members the case of the API, and bytes and text what they take', async () => {
  expect(await toInput('states', 'StartExecution', { StateMachineArn: 'a', Input: { x: [1] }, Name: null })).toEqual({
    stateMachineArn: 'a',
    input: '{"x":[1]}',
    name: undefined,
  });
  expect(await toInput('lambda', 'Invoke', { FunctionName: 'f', Payload: { a: 1 } })).toEqual({ FunctionName: 'f', Payload: Buffer.from('{"a":1}') });
});

it('gives outputs capital letters, but leaves the keys of maps alone', async () => {
  const output = { executionArn: 'a', startDate: new Date(0), $metadata: undefined };
  expect(await fromOutput('states', 'StartExecution', output)).toEqual({ ExecutionArn: 'a', StartDate: '1970-01-01T00:00:00.000Z' });
  const item = { Item: { id: { B: Buffer.from('xyz') }, lower: { M: { inner: { S: 's' } } } } };
  expect(await fromOutput('dynamodb', 'GetItem', item)).toEqual({ Item: { id: { B: 'eHl6' }, lower: { M: { inner: { S: 's' } } } } });
  expect(await toInput('dynamodb', 'PutItem', { Item: { id: { B: 'eHl6' } } })).toEqual({ Item: { id: { B: 'eHl6' } } });
  expect(await fromOutput('lambda', 'Invoke', { Payload: Buffer.from('{"a":1}'), StatusCode: 200 })).toEqual({ Payload: '{"a":1}', StatusCode: 200 });
});
