import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  IdempotentParameterMismatchException,
  type ProvisionedThroughput,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
/** Takes its time over transactions, so that other calls fall into one. */
let slow: RunningLab;
let client: DynamoDBClient;

const transactionMs = 3_000;

beforeAll(async () => {
  const latency = Numbers.fromFolder(join(packageRoot(), 'config/latency')).with(
    { 'dynamodb.transact-write-items': transactionMs },
    'test',
    '2026-11-24',
  );
  lab = await startTestLab();
  slow = await startTestLab({ delays: true, latency });
  client = clientOf(lab);
  await create(client, 'stock', undefined);
  await create(client, 'tiny', { ReadCapacityUnits: 1, WriteCapacityUnits: 1 });
});

afterAll(async () => {
  client?.destroy();
  await lab?.stop();
  await slow?.stop();
});

function clientOf({ endpoint }: RunningLab): DynamoDBClient {
  return new DynamoDBClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
}

async function create(at: DynamoDBClient, TableName: string, ProvisionedThroughput: ProvisionedThroughput | undefined): Promise<void> {
  await at.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: ['id', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-kind',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ...(ProvisionedThroughput ? { ProvisionedThroughput } : {}),
        },
      ],
      ...(ProvisionedThroughput ? { ProvisionedThroughput } : { BillingMode: 'PAY_PER_REQUEST' }),
    }),
  );
  await waitUntilTableExists({ client: at, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 }, { TableName });
}

beforeEach(async () => {
  for (const id of ['a', 'b']) await client.send(new PutItemCommand({ TableName: 'stock', Item: item(id, 5) }));
});

const key = (id: string) => ({ id: { S: id } });
const item = (id: string, n: number) => ({ ...key(id), n: { N: String(n) } });

const take = (id: string, by: number): TransactWriteItem => ({
  Update: {
    TableName: 'stock',
    Key: key(id),
    UpdateExpression: 'SET n = n - :by',
    ConditionExpression: 'n >= :by',
    ExpressionAttributeValues: { ':by': { N: String(by) } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

const transact = (TransactItems: TransactWriteItem[], members: Partial<TransactWriteItemsCommandInput> = {}) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ...members }));

const failed = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it passed'),
    (thrown) => thrown,
  );

const stock = async (id: string) => (await client.send(new GetItemCommand({ TableName: 'stock', Key: key(id), ConsistentRead: true }))).Item;

describe('TransactWriteItems', () => {
  it('does all of it, at twice the cost, and meters that', async () => {
    const before = lab.meter.total('stock', 'dynamodb.write-request-unit');
    const { ConsumedCapacity } = await transact(
      [
        take('a', 2),
        { Put: { TableName: 'stock', Item: { ...item('c', 1), kind: { S: 'new' }, text: { S: 'x'.repeat(1500) } } } },
        { Delete: { TableName: 'stock', Key: key('absent') } },
        { ConditionCheck: { TableName: 'stock', Key: key('b'), ConditionExpression: 'attribute_exists(id)' } },
      ],
      { ReturnConsumedCapacity: 'INDEXES' },
    );
    expect(ConsumedCapacity).toEqual([
      {
        TableName: 'stock',
        CapacityUnits: 14,
        WriteCapacityUnits: 14,
        Table: { CapacityUnits: 10, WriteCapacityUnits: 10 },
        GlobalSecondaryIndexes: { 'by-kind': { CapacityUnits: 4, WriteCapacityUnits: 4 } },
      },
    ]);
    expect(lab.meter.total('stock', 'dynamodb.write-request-unit') - before).toBe(14);
    expect(await stock('a')).toEqual(item('a', 3));
    expect(await stock('b')).toEqual(item('b', 5));
    expect((await stock('c'))?.['kind']).toEqual({ S: 'new' });
  });

  it('does nothing of it when one condition is not met, with the reasons in the order of the items', async () => {
    const error = await failed(transact([take('a', 2), take('b', 6), { Put: { TableName: 'stock', Item: item('d', 1) } }]));
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error.message).toBe('Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]');
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: item('b', 5) },
      { Code: 'None' },
    ]);
    expect([await stock('a'), await stock('d')]).toEqual([item('a', 5), undefined]);
  });

  it('refuses what is wrong as a whole, and cancels for what is wrong with the data', async () => {
    await expect(transact([take('a', 1), { Delete: { TableName: 'stock', Key: key('a') } }])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    await expect(transact(Array.from({ length: 101 }, (_, i) => take(`k${i}`, 1)))).rejects.toThrow(/less than or equal to 100/);
    await expect(transact([{ Delete: { TableName: 'nothing', Key: key('a') } }])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(transact([{ Put: { TableName: 'stock', Item: { ...key('big'), text: { S: 'x'.repeat(410_000) } } } }])).rejects.toThrow(
      'Item size has exceeded the maximum allowed size',
    );
    const error = await failed(transact([take('a', 1), { Delete: { TableName: 'stock', Key: { other: { S: 'x' } } } }]));
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ]);
  });

  it('cancels for a lack of capacity of one table, and writes nothing to another', async () => {
    const put = (id: string): TransactWriteItem => ({ Put: { TableName: 'tiny', Item: key(id) } });
    while (await client.send(new PutItemCommand({ TableName: 'tiny', Item: key('x') })).catch(() => undefined));
    const error = await failed(transact([take('a', 1), put('x')]));
    expect(error.CancellationReasons).toMatchObject([{ Code: 'None' }, { Code: 'ProvisionedThroughputExceeded' }]);
    expect(await stock('a')).toEqual(item('a', 5));
  });

  it('knows a request that was done by its token', async () => {
    const ClientRequestToken = 'order-1';
    await transact([take('a', 1)], { ClientRequestToken });
    const again = await transact([take('a', 1)], { ClientRequestToken, ReturnConsumedCapacity: 'TOTAL' });
    expect(again.ConsumedCapacity).toEqual([{ TableName: 'stock', CapacityUnits: 2, ReadCapacityUnits: 2 }]);
    expect(await stock('a')).toEqual(item('a', 4));
    expect(await failed(transact([take('a', 2)], { ClientRequestToken }))).toBeInstanceOf(IdempotentParameterMismatchException);
    const refusedToken = 'order-2';
    await failed(transact([take('a', 50)], { ClientRequestToken: refusedToken }));
    await transact([take('a', 1)], { ClientRequestToken: refusedToken });
  });
});

it('a transaction under way refuses single writes and other transactions of its items, and no others', async () => {
  const at = clientOf(slow);
  await create(at, 'stock', undefined);
  const put = (id: string) => at.send(new PutItemCommand({ TableName: 'stock', Item: item(id, 9) }));
  const write = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
    at.send(new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken ? { ClientRequestToken } : {}) }));
  await put('a');
  const underway = write([take('a', 1)], 'underway');
  let single: unknown;
  while (!single)
    single = await put('a').then(
      () => undefined,
      (thrown) => thrown,
    );
  expect(single).toBeInstanceOf(TransactionConflictException);
  expect(single).toMatchObject({ message: 'Transaction is ongoing for the item' });
  const conflict = [{ Code: 'None' }, { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }];
  expect((await failed(write([take('b', 1), take('a', 1)]))).CancellationReasons).toEqual(conflict);
  const reads = ['b', 'a'].map((id) => ({ Get: { TableName: 'stock', Key: key(id) } }));
  expect((await failed(at.send(new TransactGetItemsCommand({ TransactItems: reads })))).CancellationReasons).toEqual(conflict);
  expect(await failed(write([take('a', 1)], 'underway'))).toBeInstanceOf(TransactionInProgressException);
  await put('b');
  await underway;
  const { Item } = await at.send(new GetItemCommand({ TableName: 'stock', Key: key('a'), ConsistentRead: true }));
  expect(Item).toEqual(item('a', 8));
  await put('a');
  at.destroy();
}, 20_000);

it('TransactGetItems reads all at once, absent items too, at twice the cost of a strong read', async () => {
  const get = (id: string, more: object = {}) => ({ Get: { TableName: 'stock', Key: key(id), ...more } });
  const TransactItems = [get('a'), get('nobody'), get('b', { ProjectionExpression: 'n' })];
  const { Responses, ConsumedCapacity } = await client.send(new TransactGetItemsCommand({ TransactItems, ReturnConsumedCapacity: 'TOTAL' }));
  expect(Responses).toEqual([{ Item: item('a', 5) }, {}, { Item: { n: { N: '5' } } }]);
  expect(ConsumedCapacity).toEqual([{ TableName: 'stock', CapacityUnits: 6, ReadCapacityUnits: 6 }]);
});
