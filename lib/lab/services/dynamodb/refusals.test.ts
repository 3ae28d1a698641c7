import { expect, it } from 'vitest';
import { virtualTable } from '../../../../test/virtual-dynamodb.ts';
import type { CallContext, LabService, Operation } from '../../contract.ts';

const call: CallContext = { requestId: 'r', caller: { kind: 'http' }, arrivedMs: 0, modelledMs: 0 };

/** One call as the pipeline runs it: its output, or the name of its error. */
async function run(service: LabService, name: string, input: object): Promise<unknown> {
  const operation = service.operations[name] as unknown as Operation<object>;
  try {
    operation.admit?.(input, call);
    return await operation.act(input, call);
  } catch (thrown) {
    return (thrown as Error).name;
  }
}

const TableName = 'small';
const ProvisionedThroughput = { ReadCapacityUnits: 2, WriteCapacityUnits: 2 };

it('gives back what a request took that is refused for what it says', async () => {
  const { lab, service } = await virtualTable(TableName, { ProvisionedThroughput });
  const Key = { wrong: { S: 'a' } };
  const item = { id: { S: 'a' } };
  const refused: readonly [string, object][] = [
    ['PutItem', { TableName, Item: { ...item, text: { S: 'x'.repeat(400 * 1024) } } }],
    ['UpdateItem', { TableName, Key, UpdateExpression: 'SET a = :a' }],
    ['GetItem', { TableName, Key, ConsistentRead: true }],
    ['Query', { TableName, KeyConditionExpression: 'nobody = :a', ExpressionAttributeValues: { ':a': { S: 'a' } }, ConsistentRead: true }],
    ['BatchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item: item } }, { DeleteRequest: { Key: item } }] } }],
    ['BatchGetItem', { RequestItems: { [TableName]: { Keys: [item, item], ConsistentRead: true } } }],
  ];
  for (let times = 0; times < 3; times++)
    for (const [name, input] of refused) expect([name, await run(service, name, input)]).toEqual([name, 'ValidationException']);
  expect(await run(service, 'PutItem', { TableName, Item: item })).toBeTypeOf('object');
  expect(await run(service, 'GetItem', { TableName, Key: item, ConsistentRead: true })).toMatchObject({ Item: item });
  await lab.stop();
});

it('leaves no key of a batch out, neither those without capacity nor those that were too much for one response', async () => {
  const { lab, service } = await virtualTable(TableName, { ProvisionedThroughput });
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (const id of ids) await lab.call('dynamodb', 'PutItem', { TableName, Item: { id: { S: id }, payload: { S: 'x'.repeat(390 * 1024) } } });
  const request = { ProjectionExpression: 'id, payload', Keys: ids.map((id) => ({ id: { S: id } })) };
  const output = (await run(service, 'BatchGetItem', { RequestItems: { [TableName]: request } })) as {
    Responses: Record<string, { id: { S: string } }[]>;
    UnprocessedKeys: Record<string, typeof request>;
  };
  const left = output.UnprocessedKeys[TableName];
  // Two units admit four keys at half a unit each, of which one is too much.
  expect(output.Responses[TableName]).toHaveLength(3);
  expect(left?.Keys).toContainEqual({ id: { S: 'e' } });
  expect(left?.ProjectionExpression).toBe('id, payload');
  const all = [...(output.Responses[TableName] ?? []), ...(left?.Keys ?? [])].map(({ id }) => id.S);
  expect(all.sort()).toEqual(ids);
  await lab.stop();
});
