import { CreateTableCommand, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { collectMetrics } from '../../lib/collect/collect.ts';
import { readExcess } from '../../lib/collect/excess.ts';
import { latenessMs, readMetricCatalogue } from '../../lib/collect/metric-catalogue.ts';
import { collectResources } from '../../lib/collect/resources.ts';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import type { CollectedMetric } from '../../lib/record/types.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let clients: AwsClients;
const minuteMs = 60_000;
const timeScale = 60;

afterEach(async () => {
  clients?.destroy();
  await lab?.stop();
});

async function start(asAwsIs: boolean): Promise<void> {
  lab = await startTestLab({ timeScale, asAwsIs });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const { dynamodb } = clients;
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'shop-orders',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.1 }, { TableName: 'shop-orders' });
}

const stack = { resources: [{ logicalId: 'Orders', physicalId: 'shop-orders', type: 'AWS::DynamoDB::Table' }] };
const sum = (metric: CollectedMetric | undefined): number => metric?.points.reduce((total, { value }) => total + value, 0) ?? Number.NaN;

describe.each([
  ['at once', false, 0],
  ['late, as AWS is', true, latenessMs(readMetricCatalogue())],
] as const)('a run is collected where metrics show %s', (_name, asAwsIs, lateMs) => {
  it('to the call, with the configuration of its table', async () => {
    await start(asAwsIs);
    const { clock } = lab.context;
    const startMs = clock.now();
    for (let order = 0; order < 25; order++) {
      await clients.dynamodb.send(new PutItemCommand({ TableName: 'shop-orders', Item: { id: { S: String(order) } } }));
    }
    const endMs = clock.now();
    const resources = await collectResources(clients, stack);
    const configuration = { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } };
    expect(resources).toMatchObject([{ logicalId: 'Orders', configuration, stored: { items: 25, bytes: expect.any(Number) } }]);
    const warnings: unknown[] = [];
    const base = {
      cloudwatch: clients.cloudwatch,
      clock,
      startMs,
      endMs,
      settleMs: 5_000,
      lateMs,
      deadlineMs: endMs + 20 * minuteMs,
      onWarning: (each: unknown) => warnings.push(each),
    };
    const metrics = await collectMetrics({ ...base, resources });
    const find = (metric: string, statistic: string) => metrics.find((each) => each.metric === metric && each.statistic === statistic);
    expect(sum(find('ConsumedWriteCapacityUnits', 'Sum'))).toBe(25);
    expect(find('SuccessfulRequestLatency', 'SampleCount')).toMatchObject({
      dimensions: { TableName: 'shop-orders', Operation: 'PutItem' },
      complete: true,
    });
    expect(sum(find('SuccessfulRequestLatency', 'SampleCount'))).toBe(25);
    const throttles = find('WriteThrottleEvents', 'Sum');
    expect(throttles?.points).toEqual([]);
    expect(throttles?.witnessed?.length).toBeGreaterThan(0);
    const excess = await readExcess({ ...base, endMs: Math.ceil(endMs / minuteMs) * minuteMs });
    const puts = excess.filter(({ dimensions }) => dimensions['Operation'] === 'dynamodb.PutItem');
    expect(sum(puts.find(({ statistic }) => statistic === 'SampleCount'))).toBe(25);
    expect(puts.map(({ statistic }) => statistic)).toContain('p99');
    expect(excess.some(({ metric }) => metric === 'EventLoopUtilization')).toBe(true);
    expect(warnings).toEqual([]);
  });
});
