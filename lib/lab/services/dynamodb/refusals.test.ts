import { expect, it } from 'vitest';
import { virtualTable } from '../../../../test/virtual-dynamodb.ts';
import type { CallContext, LabService, MetricSink, Operation } from '../../contract.ts';

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
    ['TransactWriteItems', { TransactItems: [{ Put: { TableName, Item: item } }], ClientRequestToken: 'x'.repeat(37) }],
    ['TransactGetItems', { TransactItems: [{ Get: { TableName, Key: item } }], ReturnConsumedCapacity: 'ALL' }],
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

it('answers a batch in the order of its keys, so that a run can be repeated', async () => {
  const { lab, service } = await virtualTable(TableName, { BillingMode: 'PAY_PER_REQUEST' });
  const ids = Array.from({ length: 30 }, (_, i) => `k${(i * 7) % 30}`);
  for (const id of ids) await lab.call('dynamodb', 'PutItem', { TableName, Item: { id: { S: id }, n: { N: id.slice(1) } } });
  const batch = async (more: object): Promise<unknown> => {
    const RequestItems = { [TableName]: { Keys: ids.map((id) => ({ id: { S: id } })), ...more } };
    return ((await run(service, 'BatchGetItem', { RequestItems })) as { Responses: Record<string, unknown> }).Responses[TableName];
  };
  expect(await batch({})).toEqual(ids.map((id) => ({ id: { S: id }, n: { N: id.slice(1) } })));
  expect(await batch({ ProjectionExpression: 'n' })).toEqual(await batch({ ProjectionExpression: 'n' }));
  await lab.stop();
});

/** A table of ten units with an index of two for each of `attributes`, and the sums of its metrics by name and index. */
async function indexedTable(attributes: readonly string[]) {
  const sums = new Map<string, number>();
  const metrics: MetricSink = {
    series: (_namespace, metric, dimensions) => {
      const key = `${metric} ${dimensions['GlobalSecondaryIndexName'] ?? 'table'}`;
      return { add: (value) => void sums.set(key, (sums.get(key) ?? 0) + value) };
    },
  };
  const throughput = (units: number) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units });
  const members = {
    AttributeDefinitions: ['id', ...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    ProvisionedThroughput: throughput(10),
    GlobalSecondaryIndexes: attributes.map((AttributeName) => ({
      IndexName: `by-${AttributeName}`,
      KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
      ProvisionedThroughput: throughput(2),
    })),
  };
  return { sums, ...(await virtualTable(TableName, members, (context) => ({ ...context, metrics }))) };
}

it('counts a throttle event of each index that holds up a write', async () => {
  const { lab, service, sums } = await indexedTable(['state', 'city']);
  const put = (id: string) => run(service, 'PutItem', { TableName, Item: { id: { S: id }, state: { S: id }, city: { S: id } } });
  for (const id of ['a', 'b']) expect(await put(id)).toBeTypeOf('object');
  expect(await put('c')).toBe('ProvisionedThroughputExceededException');
  expect(['table', 'by-state', 'by-city'].map((part) => sums.get(`WriteThrottleEvents ${part}`))).toEqual([undefined, 1, 1]);
  await lab.stop();
});

it('counts of an index what a cancelled transaction took of it, and not what it was refused', async () => {
  const { lab, service, sums: consumed } = await indexedTable(['state']);
  const put = (id: string) => ({ Put: { TableName, Item: { id: { S: id }, state: { S: id } } } });
  expect(await run(service, 'TransactWriteItems', { TransactItems: [put('a'), put('b')] })).toBe('TransactionCanceledException');
  expect([consumed.get('ConsumedWriteCapacityUnits by-state'), consumed.get('ConsumedWriteCapacityUnits table')]).toEqual([2, 4]);
  expect(consumed.get('WriteProvisionedThroughputThrottleEvents by-state')).toBe(1);
  await lab.stop();
});
