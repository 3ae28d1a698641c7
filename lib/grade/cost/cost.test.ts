import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Numbers } from '../../core/numbers.ts';
import { packageRoot } from '../../core/package-root.ts';
import type { RunRecord } from '../../record/reader.ts';
import type { CollectedMetric, Manifest, ResourceConfiguration } from '../../record/types.ts';
import { costFigures } from './cost.ts';

const prices = Numbers.fromFile(join(packageRoot(), 'config', 'prices', 'us-east-1.yaml'));

/** A run of one hour of these resources, with these metrics. */
function recordOf(resources: ResourceConfiguration[], metrics: CollectedMetric[] = []): RunRecord {
  const manifest = { businessTransaction: { name: 'order', operation: 'place-order' }, site: { region: 'eu-west-9' } } as Manifest;
  return { manifest, resources, metrics, journal: [], phases: () => [{ kind: 'baseline', startMs: 0, endMs: 3_600_000 }] } as unknown as RunRecord;
}

test('a provisioned table and its indexes cost their capacity for as long as the run lasted, used or not', () => {
  const capacity = (reads: number, writes: number) => ({ ProvisionedThroughput: { ReadCapacityUnits: reads, WriteCapacityUnits: writes } });
  const table = {
    logicalId: 'Orders',
    physicalId: 'o',
    type: 'AWS::DynamoDB::Table',
    configuration: { ...capacity(100, 50), GlobalSecondaryIndexes: [capacity(20, 50)] },
  };
  const cost = costFigures(recordOf([table]), prices, 10);
  expect(cost.items.map(({ quantity, usd }) => [quantity, Number(usd.toFixed(6))])).toEqual([
    [120, 0.0156],
    [100, 0.065],
  ]);
});

test('an HTTP API that moved more than its requests would at 512 KB each is billed by the bytes', () => {
  const metric = (name: string, value: number): CollectedMetric => ({
    ...{ namespace: 'AWS/ApiGateway', metric: name, dimensions: { ApiId: 'a1' }, statistic: 'Sum', unit: 'Count', periodSec: 60, resource: 'Api' },
    ...{ points: [{ atMs: 0, value }], density: 'dense', complete: true },
  });
  const api = { logicalId: 'Api', physicalId: 'a1', type: 'AWS::ApiGatewayV2::Api', configuration: {} };
  const cost = costFigures(recordOf([api], [metric('Count', 2), metric('DataProcessed', 20 * 1024 * 1024)]), prices, 0);
  expect(cost.items[0]).toMatchObject({ quantity: 40, usd: expect.closeTo(0.00004, 12) });
  expect(cost.perThousandUsd).toMatchObject({ state: 'no-data', reason: 'not one order went through' });
});

test('what has no price, and what was not metered, is named; without a price list there is no cost', () => {
  const resources = [
    { logicalId: 'Queue', physicalId: 'q', type: 'AWS::SQS::Queue', configuration: {} },
    { logicalId: 'Worker', physicalId: 'w', type: 'AWS::Lambda::Function', configuration: { MemorySize: 128 } },
    { logicalId: 'Role', physicalId: 'r', type: 'AWS::IAM::Role', configuration: {} },
  ];
  const cost = costFigures(recordOf(resources), prices, 1);
  expect([cost.unpriced, cost.totalUsd.state]).toEqual([['Queue (AWS::SQS::Queue)', 'Worker: AWS/Lambda Invocations was not collected'], 'no-data']);
  expect(costFigures(recordOf(resources), undefined, 1).totalUsd).toMatchObject({ state: 'no-data', reason: 'there is no price list for eu-west-9' });
});
