import { join } from 'node:path';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeLimitsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBServiceException,
  PutItemCommand,
  RequestLimitExceeded,
  ThrottlingException,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let client: DynamoDBClient;

const updateMs = 400;

beforeAll(async () => {
  const changes = {
    'dynamodb.update-table-sec': updateMs / 1000,
    'dynamodb.partition-max-write': 5,
    'dynamodb.partition-max-read': 60,
    'dynamodb.table-max-write': 4_100,
    'dynamodb.mode-switches': 1,
  };
  lab = await startTestLab({ quotas: Numbers.fromFolder(join(packageRoot(), 'config/quotas')).with(changes, 'test', '2026-11-24') });
  client = new DynamoDBClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  client?.destroy();
  await lab?.stop();
});

type Members = Partial<CreateTableCommandInput>;

async function create(TableName: string, members: Members): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ...members,
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 }, { TableName });
}

const units = (read: number, write: number) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

const put = (TableName: string, id: string, more: object = {}) => client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, ...more } }));

/** The first refusal (with `reason`) of writes that follow each other at once, and how many came before it. */
async function refusalOf(
  write: (i: number) => Promise<unknown>,
  most = 200,
  reason = '',
): Promise<{ passed: number; error: DynamoDBServiceException }> {
  for (let i = 0; i < most; i++) {
    const error = await write(i).then(
      () => undefined,
      (thrown) => thrown,
    );
    if (error && JSON.stringify(error).includes(reason)) return { passed: i, error };
  }
  throw new Error(`all of ${most} passed`);
}

const status = async (TableName: string) => (await client.send(new DescribeTableCommand({ TableName }))).Table;

describe('a partition', () => {
  it('limits a single key, whatever the table has, and other keys pass', async () => {
    await create('hot', { ProvisionedThroughput: units(1000, 1000) });
    const { passed, error } = await refusalOf(() => put('hot', 'one'));
    expect(passed).toBeGreaterThanOrEqual(5);
    expect(error).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      ThrottlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded', resource: expect.stringMatching(/:table\/hot$/) }],
    });
    const others = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => put('hot', `other-${i}`)));
    // A few share the hot key's partition.
    expect(others.filter((each) => each.status === 'fulfilled').length).toBeGreaterThan(15);
    await refusalOf(() => put('hot', 'one'));
    const requests = ['a', 'one', 'b'].map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
    const batch = await client.send(new BatchWriteItemCommand({ RequestItems: { hot: requests } }));
    expect(batch.UnprocessedItems).toEqual({ hot: [requests[1]] });
  });

  it('of an index with few keys throttles the writes of its table, and only those that reach it', async () => {
    await create('orders', {
      AttributeDefinitions: ['id', 'status'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      ProvisionedThroughput: units(1000, 1000),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-status',
          KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
          ProvisionedThroughput: units(1000, 1000),
        },
      ],
    });
    const { passed, error } = await refusalOf((i) => put('orders', `o${i}`, { status: { S: 'open' } }));
    expect(passed).toBeGreaterThanOrEqual(5);
    expect(error).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      ThrottlingReasons: [{ reason: 'IndexWriteKeyRangeThroughputExceeded', resource: expect.stringMatching(/:table\/orders\/index\/by-status$/) }],
    });
    // The refused item is not there; an item without the attribute, or with it unchanged, does not reach the index.
    expect((await status('orders'))?.ItemCount).toBe(passed);
    for (let i = 0; i < 10; i++) await put('orders', `plain-${i}`);
    for (let i = 0; i < 5; i++) await put('orders', `o${i}`, { status: { S: 'open' }, note: { S: 'not projected' } });
    const index = { TableName: 'orders', GlobalSecondaryIndexName: 'by-status' };
    expect(await sumOf('WriteThrottleEvents', index)).toBe(1);
    expect(await sumOf('WriteKeyRangeThroughputThrottleEvents', index)).toBe(1);
    expect(await sumOf('WriteThrottleEvents', { TableName: 'orders' })).toBeUndefined();
    expect(await sumOf('ThrottledRequests', { TableName: 'orders', Operation: 'PutItem' })).toBe(1);
  });
});

it('meets the account quota of a table on demand with RequestLimitExceeded', async () => {
  await create('quota', { BillingMode: 'PAY_PER_REQUEST', WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 9_000 } });
  const text = { S: 'x'.repeat(390_000) };
  const { error } = await refusalOf((i) => put('quota', `k${i}`, { text }));
  expect(error).toBeInstanceOf(RequestLimitExceeded);
  expect(error).toMatchObject({ ThrottlingReasons: [{ reason: 'TableWriteAccountLimitExceeded' }] });
  expect(await sumOf('WriteAccountLimitThrottleEvents', { TableName: 'quota' })).toBe(1);
});

describe('UpdateTable', () => {
  it('starves a table and restores it, each time UPDATING until the change is there', async () => {
    await create('starved', { ProvisionedThroughput: units(50, 50) });
    const update = (write: number) => client.send(new UpdateTableCommand({ TableName: 'starved', ProvisionedThroughput: units(50, write) }));
    const started = await update(1);
    expect(started.TableDescription).toMatchObject({ TableStatus: 'UPDATING', ProvisionedThroughput: units(50, 50) });
    await expect(update(2)).rejects.toMatchObject({ name: 'ResourceInUseException', message: expect.stringMatching(/being updated: starved/) });
    await put('starved', 'meanwhile');
    await active('starved');
    expect((await status('starved'))?.ProvisionedThroughput).toMatchObject({ ...units(50, 1), NumberOfDecreasesToday: 1 });
    await refusalOf((i) => put('starved', `a${i}`), 2_000, 'TableWriteProvisionedThroughputExceeded');
    await update(50);
    await active('starved');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await put('starved', 'restored');
  });

  it('changes the throughput of an index, whose lack throttled the table', async () => {
    await create('indexed', {
      AttributeDefinitions: ['id', 'status'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      ProvisionedThroughput: units(10, 10),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-status',
          KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: units(10, 1),
        },
      ],
    });
    const write = (i: number) => put('indexed', `i${i}`, { status: { S: `s${i}` } });
    const { error } = await refusalOf(write);
    expect(error).toMatchObject({ ThrottlingReasons: [{ reason: 'IndexWriteProvisionedThroughputExceeded' }] });
    const Update = { IndexName: 'by-status', ProvisionedThroughput: units(10, 1_000) };
    await client.send(new UpdateTableCommand({ TableName: 'indexed', GlobalSecondaryIndexUpdates: [{ Update }] }));
    await active('indexed');
    expect((await status('indexed'))?.GlobalSecondaryIndexes?.[0]).toMatchObject({
      IndexStatus: 'ACTIVE',
      ProvisionedThroughput: units(10, 1_000),
      WarmThroughput: { WriteUnitsPerSecond: 1_000 },
    });
    await refusalOf((i) => write(100 + i), 2_000, 'TableWriteProvisionedThroughputExceeded');
  });

  it('lowers throughput four times, then refuses until an hour has passed', async () => {
    await create('lowered', { ProvisionedThroughput: units(10, 10) });
    const update = (write: number) => client.send(new UpdateTableCommand({ TableName: 'lowered', ProvisionedThroughput: units(10, write) }));
    for (const write of [9, 8, 7, 6]) {
      await update(write);
      await active('lowered');
    }
    await expect(update(5)).rejects.toMatchObject({ name: 'LimitExceededException', message: expect.stringMatching(/Number of decreases today: 4/) });
    await update(20);
  });

  it('turns a table on demand, which keeps what it had as warm throughput, and raises that but never lowers it', async () => {
    await create('modes', { ProvisionedThroughput: units(10, 4_100) });
    await client.send(new UpdateTableCommand({ TableName: 'modes', BillingMode: 'PAY_PER_REQUEST' }));
    await active('modes');
    const table = await status('modes');
    expect(table).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_100, Status: 'ACTIVE' },
    });
    const warm = (WriteUnitsPerSecond: number) =>
      client.send(new UpdateTableCommand({ TableName: 'modes', WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond } }));
    await expect(warm(4_000)).rejects.toThrow(/WarmThroughput is lower/);
    expect((await warm(5_000)).TableDescription?.WarmThroughput?.Status).toBe('UPDATING');
    await active('modes');
    expect((await status('modes'))?.WarmThroughput?.WriteUnitsPerSecond).toBe(5_000);
    await client.send(new UpdateTableCommand({ TableName: 'modes', OnDemandThroughput: { MaxWriteRequestUnits: 1 } }));
    await active('modes');
    const { error } = await refusalOf((i) => put('modes', `m${i}`), 20);
    expect(error).toBeInstanceOf(ThrottlingException);
    await client.send(new UpdateTableCommand({ TableName: 'modes', BillingMode: 'PROVISIONED', ProvisionedThroughput: units(10, 10) }));
    await active('modes');
    await expect(client.send(new UpdateTableCommand({ TableName: 'modes', BillingMode: 'PAY_PER_REQUEST' }))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringMatching(/PayPerRequest mode are limited to 1 times in 1 day/),
    });
    expect((await status('modes'))?.BillingModeSummary?.BillingMode).toBe('PROVISIONED');
  });

  it('refuses what it cannot be, before anything changes', async () => {
    await create('refused', { ProvisionedThroughput: units(5, 5) });
    const update = (members: object) => client.send(new UpdateTableCommand({ TableName: 'refused', ...members }));
    await expect(update({ ProvisionedThroughput: units(5, 5) })).rejects.toThrow(/will not change/);
    await expect(update({ GlobalSecondaryIndexUpdates: [{ Update: { IndexName: 'nope', ProvisionedThroughput: units(1, 1) } }] })).rejects.toThrow(
      /does not have the specified index: nope/,
    );
    await expect(update({ WarmThroughput: 'warm' })).rejects.toMatchObject({ name: 'SerializationException' });
    await expect(create('cold', { BillingMode: 'PAY_PER_REQUEST', WarmThroughput: { WriteUnitsPerSecond: 10 } })).rejects.toThrow(/lower than/);
    expect((await status('refused'))?.TableStatus).toBe('ACTIVE');
  });

  it('refuses more than a table may have, as DescribeLimits tells it', async () => {
    expect(await client.send(new DescribeLimitsCommand({}))).toMatchObject({
      TableMaxWriteCapacityUnits: 4_100,
      AccountMaxWriteCapacityUnits: 80_000,
    });
    await expect(create('greedy', { ProvisionedThroughput: units(1, 4_101) })).rejects.toMatchObject({ name: 'LimitExceededException' });
    const index = { IndexName: 'i', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }], Projection: { ProjectionType: 'ALL' as const } };
    const together = { ProvisionedThroughput: units(1, 4_100), GlobalSecondaryIndexes: [{ ...index, ProvisionedThroughput: units(1, 1) }] };
    await expect(create('greedy', together)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});

/** The one series of that name and dimensions, summed; undefined where there is none. */
async function sumOf(MetricName: string, dimensions: Record<string, string>): Promise<number | undefined> {
  const cloudwatch = new CloudWatchClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 120_000),
      MetricDataQueries: [{ Id: 'q', MetricStat: { Metric: { Namespace: 'AWS/DynamoDB', MetricName, Dimensions }, Period: 60, Stat: 'Sum' } }],
    }),
  );
  cloudwatch.destroy();
  const values = MetricDataResults?.[0]?.Values ?? [];
  return values.length > 0 ? values.reduce((sum, each) => sum + each, 0) : undefined;
}

async function active(TableName: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await status(TableName))?.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${TableName} stays UPDATING`);
}
