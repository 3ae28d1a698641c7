import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  ThrottlingException,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let client: DynamoDBClient;

beforeAll(async () => {
  lab = await startTestLab();
  client = new DynamoDBClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
        { AttributeName: 'status', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        { IndexName: 'by-status', KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 }, { TableName: 'orders' });
});

afterAll(async () => {
  client?.destroy();
  await lab?.stop();
});

const key = (customer: string, at: number) => ({ customer: { S: customer }, at: { N: String(at) } });

async function createProvisioned(TableName: string, units: number): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: units, WriteCapacityUnits: units },
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 }, { TableName });
}

describe('items', () => {
  it('come back with every type that was written', async () => {
    const Item = {
      ...key('types', 1),
      bytes: { B: new Uint8Array([0, 255, 7]) },
      list: { L: [{ BOOL: true }, { NULL: true }] },
      map: { M: { n: { N: '-12.50' } } },
      set: { SS: ['a', 'b'] },
    };
    await client.send(new PutItemCommand({ TableName: 'orders', Item }));
    const read = await client.send(new GetItemCommand({ TableName: 'orders', Key: key('types', 1), ConsistentRead: true }));
    expect(read.Item).toEqual({ ...Item, map: { M: { n: { N: '-12.5' } } } });
  });

  it('are updated by expressions and returned as asked', async () => {
    await client.send(new PutItemCommand({ TableName: 'orders', Item: { ...key('update', 1), stock: { N: '5' } } }));
    const updated = await client.send(
      new UpdateItemCommand({
        TableName: 'orders',
        Key: key('update', 1),
        UpdateExpression: 'SET stock = stock - :n, #s = :s',
        ConditionExpression: 'stock >= :n',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':n': { N: '2' }, ':s': { S: 'reserved' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(updated.Attributes).toEqual({ ...key('update', 1), stock: { N: '3' }, status: { S: 'reserved' } });
  });

  it('refuse a write whose condition is not met, with the item where it is asked for', async () => {
    await client.send(new PutItemCommand({ TableName: 'orders', Item: key('condition', 1) }));
    const put = new PutItemCommand({
      TableName: 'orders',
      Item: { ...key('condition', 1), second: { BOOL: true } },
      ConditionExpression: 'attribute_not_exists(customer)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const error = await client.send(put).catch((thrown) => thrown);
    expect(error.name).toBe('ConditionalCheckFailedException');
    expect(error.message).toBe('The conditional request failed');
    expect(error.Item).toEqual(key('condition', 1));
    expect(error.$metadata.httpStatusCode).toBe(400);
  });

  it('are billed for a condition that is not met, by the item that is there, and for no other refusal', async () => {
    const metered = () => lab.meter.total('orders', 'dynamodb.write-request-unit');
    const Item = { ...key('billed', 1), text: { S: 'x'.repeat(1500) } };
    await client.send(new PutItemCommand({ TableName: 'orders', Item }));
    const before = metered();
    const update = { TableName: 'orders', Key: key('billed', 1), ExpressionAttributeValues: { ':by': { N: '1' } } };
    const refused = (input: object) => client.send(new UpdateItemCommand({ ...update, ...input })).catch((thrown) => thrown.name);
    const condition = { UpdateExpression: 'SET n = :by', ConditionExpression: 'n = :by' };
    expect(await refused(condition)).toBe('ConditionalCheckFailedException');
    expect(metered() - before).toBe(2);
    expect(await refused({ ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toBe('ConditionalCheckFailedException');
    expect(metered() - before).toBe(4);
    expect(await refused({ ...condition, Key: key('billed', 2) })).toBe('ConditionalCheckFailedException');
    expect(metered() - before).toBe(5);
    expect(await refused({ UpdateExpression: 'ADD #t :by', ExpressionAttributeNames: { '#t': 'text' } })).toBe('ValidationException');
    expect(metered() - before).toBe(5);
  });

  it('are queried in order of the sort key, in pages, and through an index', async () => {
    for (const at of [10, 9, 100, -1]) {
      await client.send(new PutItemCommand({ TableName: 'orders', Item: { ...key('query', at), status: { S: 'open' }, at2: { N: '1' } } }));
    }
    const query = (members: object) =>
      client.send(
        new QueryCommand({
          TableName: 'orders',
          KeyConditionExpression: 'customer = :c',
          ExpressionAttributeValues: { ':c': { S: 'query' } },
          ...members,
        }),
      );
    const times = (page: { Items?: Record<string, { N?: string }>[] }) => page.Items?.map(({ at }) => Number(at?.N));
    expect(times((await query({})) as never)).toEqual([-1, 9, 10, 100]);
    const first = await query({ Limit: 3, ScanIndexForward: false });
    expect(times(first as never)).toEqual([100, 10, 9]);
    expect(times((await query({ ExclusiveStartKey: first.LastEvaluatedKey, ScanIndexForward: false })) as never)).toEqual([-1]);
    const ranged = await query({
      KeyConditionExpression: 'customer = :c AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':c': { S: 'query' }, ':from': { N: '9' }, ':to': { N: '10' } },
    });
    expect(times(ranged as never)).toEqual([9, 10]);
    const indexed = await client.send(
      new QueryCommand({
        TableName: 'orders',
        IndexName: 'by-status',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':s': { S: 'open' } },
      }),
    );
    expect(indexed.Count).toBe(4);
    expect(Object.keys(indexed.Items?.[0] ?? {}).sort()).toEqual(['at', 'customer', 'status']);
  });

  it('are written, read, deleted and scanned in batches', async () => {
    await createProvisioned('batch', 1000);
    const ids = Array.from({ length: 25 }, (_, i) => `item-${String(i).padStart(2, '0')}`);
    const puts = ids.map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
    const written = await client.send(new BatchWriteItemCommand({ RequestItems: { batch: puts } }));
    expect(written.UnprocessedItems).toEqual({});
    const keys = ids.slice(0, 3).map((id) => ({ id: { S: id } }));
    const read = await client.send(new BatchGetItemCommand({ RequestItems: { batch: { Keys: keys } } }));
    expect(read.Responses?.['batch']).toHaveLength(3);
    await client.send(new DeleteItemCommand({ TableName: 'batch', Key: { id: { S: 'item-00' } } }));
    const found: string[] = [];
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const page = await client.send(new ScanCommand({ TableName: 'batch', Limit: 10, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) }));
      found.push(...(page.Items ?? []).map(({ id }) => id?.S ?? ''));
      ExclusiveStartKey = page.LastEvaluatedKey as never;
    } while (ExclusiveStartKey);
    expect(found.sort()).toEqual(ids.slice(1));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'batch' }));
    expect(Table?.ItemCount).toBe(24);
  });
});

describe('capacity', () => {
  it('is reported as AWS rounds it', async () => {
    const text = (kb: number) => ({ S: 'x'.repeat(kb * 1024 - 100) });
    const put = (kb: number) =>
      client.send(new PutItemCommand({ TableName: 'orders', Item: { ...key('units', kb), text: text(kb) }, ReturnConsumedCapacity: 'TOTAL' }));
    expect((await put(3)).ConsumedCapacity).toEqual({ TableName: 'orders', CapacityUnits: 3 });
    await put(9);
    const get = (ConsistentRead: boolean, at: number) =>
      client.send(new GetItemCommand({ TableName: 'orders', Key: key('units', at), ConsistentRead, ReturnConsumedCapacity: 'TOTAL' }));
    expect((await get(true, 9)).ConsumedCapacity?.CapacityUnits).toBe(3);
    expect((await get(false, 9)).ConsumedCapacity?.CapacityUnits).toBe(1.5);
    expect((await get(false, 404)).ConsumedCapacity?.CapacityUnits).toBe(0.5);
    const query = await client.send(
      new QueryCommand({
        TableName: 'orders',
        KeyConditionExpression: 'customer = :c',
        ExpressionAttributeValues: { ':c': { S: 'units' } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(query.ConsumedCapacity?.CapacityUnits).toBe(1.5);
    expect(lab.meter.total('orders', 'dynamodb.write-request-unit')).toBeGreaterThanOrEqual(12);
  });

  it('counts the entries that a write changes in a global index', async () => {
    const write = (status: string) =>
      client.send(
        new PutItemCommand({ TableName: 'orders', Item: { ...key('index', 1), status: { S: status } }, ReturnConsumedCapacity: 'INDEXES' }),
      );
    const units = async (status: string) => {
      const { ConsumedCapacity } = await write(status);
      return [ConsumedCapacity?.Table?.CapacityUnits, ConsumedCapacity?.GlobalSecondaryIndexes?.['by-status']?.CapacityUnits];
    };
    expect(await units('new')).toEqual([1, 1]);
    expect(await units('new')).toEqual([1, undefined]);
    expect(await units('paid')).toEqual([1, 2]);
  });

  it('is told for the table and each index, by every operation that is asked for it', async () => {
    const ReturnConsumedCapacity = 'INDEXES';
    const item = { ...key('everywhere', 1), status: { S: 'everywhere' } };
    const TableName = 'orders';
    const indexed = (own: number, index: number) => ({
      TableName,
      CapacityUnits: own + index,
      Table: { CapacityUnits: own },
      GlobalSecondaryIndexes: { 'by-status': { CapacityUnits: index } },
    });
    const plain = (own: number) => ({ TableName, CapacityUnits: own, Table: { CapacityUnits: own } });
    const consumed = async (command: object) => ((await client.send(command as never)) as { ConsumedCapacity?: unknown }).ConsumedCapacity;
    expect(await consumed(new PutItemCommand({ TableName, Item: item, ReturnConsumedCapacity }))).toEqual(indexed(1, 1));
    const query = { TableName, ExpressionAttributeValues: { ':k': { S: 'everywhere' } }, ReturnConsumedCapacity } as const;
    expect(await consumed(new QueryCommand({ ...query, KeyConditionExpression: 'customer = :k' }))).toEqual(plain(0.5));
    const byStatus = { IndexName: 'by-status', KeyConditionExpression: '#s = :k', ExpressionAttributeNames: { '#s': 'status' } };
    expect(await consumed(new QueryCommand({ ...query, ...byStatus }))).toEqual(indexed(0, 0.5));
    expect(await consumed(new ScanCommand({ TableName, IndexName: 'by-status', Limit: 1, ReturnConsumedCapacity }))).toEqual(indexed(0, 0.5));
    const gets = { orders: { Keys: [key('everywhere', 1), key('everywhere', 2)], ConsistentRead: true } };
    expect(await consumed(new BatchGetItemCommand({ RequestItems: gets, ReturnConsumedCapacity }))).toEqual([plain(2)]);
    const writes = { orders: [{ DeleteRequest: { Key: key('everywhere', 1) } }, { PutRequest: { Item: key('everywhere', 2) } }] };
    expect(await consumed(new BatchWriteItemCommand({ RequestItems: writes, ReturnConsumedCapacity }))).toEqual([indexed(2, 1)]);
    expect(await consumed(new DeleteItemCommand({ TableName, Key: key('everywhere', 3), ReturnConsumedCapacity: 'TOTAL' }))).toEqual({
      TableName,
      CapacityUnits: 1,
    });
  });

  it('runs out: a table of one unit refuses with AWS error and reason', async () => {
    await createProvisioned('tiny', 1);
    const put = (id: string) => client.send(new PutItemCommand({ TableName: 'tiny', Item: { id: { S: id } } }));
    await put('a');
    const error = await put('b').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ProvisionedThroughputExceededException);
    expect(error.ThrottlingReasons).toEqual([
      { reason: 'TableWriteProvisionedThroughputExceeded', resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/tiny' },
    ]);
    const batch = await client
      .send(new BatchWriteItemCommand({ RequestItems: { tiny: [{ PutRequest: { Item: { id: { S: 'c' } } } }] } }))
      .catch((thrown) => thrown);
    expect(batch.name).toBe('ProvisionedThroughputExceededException');
  });

  it('of a maximum on demand is refused with a ThrottlingException', async () => {
    await client.send(
      new CreateTableCommand({
        TableName: 'capped',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: 1 },
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 }, { TableName: 'capped' });
    const put = () => client.send(new PutItemCommand({ TableName: 'capped', Item: { id: { S: 'a' } } }));
    await put();
    const error = await put().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ThrottlingException);
    expect(error.throttlingReasons?.[0]?.reason).toBe('TableWriteMaxOnDemandThroughputExceeded');
  });
});

describe('refusals', () => {
  it.each([
    ['no such table', new GetItemCommand({ TableName: 'nothing', Key: { id: { S: 'a' } } }), 'ResourceNotFoundException', /not found/],
    ['a key that does not fit', new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'a' } } }), 'ValidationException', /key element/],
    [
      'an item without its key',
      new PutItemCommand({ TableName: 'orders', Item: { customer: { S: 'a' } } }),
      'ValidationException',
      /^One or more parameter values were invalid: Missing the key at in the item$/,
    ],
    [
      'a key of another type',
      new PutItemCommand({ TableName: 'orders', Item: { customer: { S: 'a' }, at: { S: '1' } } }),
      'ValidationException',
      /^One or more parameter values were invalid: Type mismatch for key at expected: N actual: S$/,
    ],
    [
      'an item over 400 KB',
      new PutItemCommand({ TableName: 'orders', Item: { customer: { S: 'a' }, at: { N: '1' }, text: { S: 'x'.repeat(409_600) } } }),
      'ValidationException',
      /^Item size has exceeded the maximum allowed size$/,
    ],
    [
      'an item that an update makes larger than 400 KB',
      new UpdateItemCommand({
        TableName: 'orders',
        Key: { customer: { S: 'a' }, at: { N: '1' } },
        UpdateExpression: 'SET #t = :t',
        ExpressionAttributeNames: { '#t': 'text' },
        ExpressionAttributeValues: { ':t': { S: 'x'.repeat(409_600) } },
      }),
      'ValidationException',
      /^Item size to update has exceeded the maximum allowed size$/,
    ],
    [
      'a strong read of a global index',
      new QueryCommand({
        TableName: 'orders',
        IndexName: 'by-status',
        ConsistentRead: true,
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':s': { S: 'open' } },
      }),
      'ValidationException',
      /Consistent reads are not supported on global secondary indexes/,
    ],
    ['a table twice', new CreateTableCommand({ ...minimal('orders') }), 'ResourceInUseException', /Table already exists: orders/],
    ['a stream', new CreateTableCommand({ ...minimal('streams'), StreamSpecification: { StreamEnabled: true } }), 'ValidationException', /stream/],
    [
      'an index added later',
      new UpdateTableCommand({ TableName: 'orders', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-status' } }] }),
      'ValidationException',
      /Delete an index/,
    ],
  ])('%s', async (_name, command, errorName, message) => {
    const error = await client.send(command as never).catch((thrown: Error) => thrown);
    expect((error as unknown as Error).name).toBe(errorName);
    expect((error as unknown as Error).message).toMatch(message);
  });
});

it('keeps settings that do nothing, and lists tables', async () => {
  await createProvisioned('settings', 1);
  await client.send(new UpdateTimeToLiveCommand({ TableName: 'settings', TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }));
  const { TableNames } = await client.send(new ListTablesCommand({}));
  expect(TableNames).toContain('settings');
});

function minimal(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
}
