import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

const template = `
Resources:
  Tiny:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: tiny
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      ProvisionedThroughput: { ReadCapacityUnits: 100, WriteCapacityUnits: 1 }
      TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
      Tags: [{ Key: team, Value: orders }]
Outputs:
  Arn: { Value: !GetAtt Tiny.Arn }
`;

let folder: string;
let lab: RunningLab;
let client: DynamoDBClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proofload-'));
  writeFileSync(join(folder, 'template.yaml'), template);
  lab = await startTestLab({ stacks: [{ file: join(folder, 'template.yaml'), stackName: 'tables' }] });
  client = new DynamoDBClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  client?.destroy();
  await lab?.stop();
  rmSync(folder, { recursive: true });
});

it('creates tables from a template, active before the lab is ready', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'tiny' }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', ProvisionedThroughput: { ReadCapacityUnits: 100, WriteCapacityUnits: 1 } });
  expect(Table?.CreationDateTime).toBeInstanceOf(Date);
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'tiny' }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
});

it('publishes what AWS/DynamoDB publishes, throttles by reason too', async () => {
  const put = () => client.send(new PutItemCommand({ TableName: 'tiny', Item: { id: { S: 'a' } } }));
  await put();
  await expect(put()).rejects.toThrow(/provisioned throughput/);
  await client.send(new GetItemCommand({ TableName: 'tiny', Key: { id: { S: 'a' } } }));
  await expect(client.send(new GetItemCommand({ TableName: 'tiny', Key: { other: { S: 'a' } } }))).rejects.toThrow(/key element/);
  const table = { TableName: 'tiny' };
  expect(
    await Promise.all([
      sumOf('ConsumedWriteCapacityUnits', table),
      sumOf('ConsumedReadCapacityUnits', table),
      sumOf('WriteThrottleEvents', table),
      sumOf('WriteProvisionedThroughputThrottleEvents', table),
      sumOf('ThrottledRequests', { ...table, Operation: 'PutItem' }),
      sumOf('SuccessfulRequestLatency', { ...table, Operation: 'GetItem' }, 'SampleCount'),
      sumOf('ReadThrottleEvents', table),
      sumOf('UserErrors', {}),
    ]),
  ).toEqual([1, 0.5, 1, 1, 1, 1, undefined, 1]);
});

it('answers calls of other services in the shapes of the SDK', async () => {
  const caller = { kind: 'service', service: 'ssm' } as const;
  const bytes = new Uint8Array([1, 2, 3]);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await lab.context.call('dynamodb', 'PutItem', { TableName: 'tiny', Item: { id: { S: 'call' }, bytes: { B: bytes } } }, caller);
  const read = await lab.context.call<{ Item: unknown }>('dynamodb', 'GetItem', { TableName: 'tiny', Key: { id: { S: 'call' } } }, caller);
  expect(read.Item).toEqual({ id: { S: 'call' }, bytes: { B: bytes } });
  const { Table } = await lab.context.call<{ Table: { CreationDateTime: Date } }>('dynamodb', 'DescribeTable', { TableName: 'tiny' }, caller);
  expect(Table.CreationDateTime).toBeInstanceOf(Date);
  await expect(lab.context.call('dynamodb', 'Nothing', {}, caller)).rejects.toThrow(/dynamodb.Nothing/);
});

async function sumOf(MetricName: string, dimensions: Record<string, string>, Stat = 'Sum'): Promise<number | undefined> {
  const cloudwatch = new CloudWatchClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 120_000),
      MetricDataQueries: [{ Id: 'q', MetricStat: { Metric: { Namespace: 'AWS/DynamoDB', MetricName, Dimensions }, Period: 60, Stat } }],
    }),
  );
  const values = MetricDataResults?.[0]?.Values ?? [];
  return values.length > 0 ? values.reduce((sum, each) => sum + each, 0) : undefined;
}
