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
    { logicalId: 'Bucket', physicalId: 'b', type: 'AWS::S3::Bucket', configuration: {} },
    { logicalId: 'Worker', physicalId: 'w', type: 'AWS::Lambda::Function', configuration: { MemorySize: 128 } },
    { logicalId: 'Role', physicalId: 'r', type: 'AWS::IAM::Role', configuration: {} },
  ];
  const cost = costFigures(recordOf(resources), prices, 1);
  expect([cost.unpriced, cost.totalUsd.state]).toEqual([['Bucket (AWS::S3::Bucket)', 'Worker: AWS/Lambda Invocations was not collected'], 'no-data']);
  expect(costFigures(recordOf(resources), undefined, 1).totalUsd).toMatchObject({ state: 'no-data', reason: 'there is no price list for eu-west-9' });
});

/** One series of one resource with these points, a minute each. */
function series(namespace: string, metric: string, dimensions: Record<string, string>, resource: string, values: number[], statistic = 'Sum') {
  const points = values.map((value, minute) => ({ atMs: minute * 60_000, value }));
  const rest = { unit: 'Count', periodSec: 60, density: 'dense' as const, complete: true };
  return { namespace, metric, dimensions, statistic, resource, points, ...rest };
}

test('a REST API costs its requests, and its parts nothing', () => {
  const [api, stage] = ['RestApi', 'Stage'].map((type) => ({
    logicalId: type,
    physicalId: 'a1',
    type: `AWS::ApiGateway::${type}`,
    configuration: {},
  }));
  const count = series('AWS/ApiGateway', 'Count', { ApiName: 'shop' }, 'RestApi', [1_500_000, 500_000]);
  const cost = costFigures(recordOf([api!, stage!], [count]), prices, 0);
  expect(cost.items).toMatchObject([{ resource: 'RestApi', dimension: 'apigateway.rest-request', quantity: 2_000_000, usd: expect.closeTo(7, 9) }]);
  expect(cost.unpriced).toEqual([]);
});

test('Standard machines cost the transitions of the account, once; without them they are named', () => {
  const machine = (logicalId: string, type: string) => ({
    ...{ logicalId, physicalId: `arn:${logicalId}`, type: 'AWS::StepFunctions::StateMachine', configuration: { type } },
  });
  const transitions = series('AWS/States', 'ConsumedCapacity', { ServiceMetric: 'StateTransition' }, '', [10_000, 2_000]);
  const calls = series('AWS/States', 'ConsumedCapacity', { APIName: 'StartExecution' }, '', [1_000]);
  const one = costFigures(recordOf([machine('Saga', 'STANDARD')], [transitions, calls]), prices, 1_000);
  expect(one.items).toMatchObject([
    {
      resource: 'Saga',
      dimension: 'states.standard-transition',
      quantity: 12_000,
      usd: expect.closeTo(0.3, 9),
      source: expect.stringContaining('whole account'),
    },
  ]);
  const two = costFigures(recordOf([machine('Saga', 'STANDARD'), machine('Refunds', 'STANDARD')], [transitions]), prices, 1_000);
  expect(two.items.map(({ resource, quantity }) => [resource, quantity])).toEqual([['Standard state machines', 12_000]]);
  const none = costFigures(recordOf([machine('Saga', 'STANDARD')]), prices, 1_000);
  expect([none.items, none.unpriced]).toEqual([[], ['Saga: state transitions, which CloudWatch did not tell']]);
});

test("AWS's own example of Express: 64 MB for 10 s are 0.625 GB-s, and a request", () => {
  const tail = { logicalId: 'Tail', physicalId: 'arn:tail', type: 'AWS::StepFunctions::StateMachine', configuration: { type: 'EXPRESS' } };
  const own = { StateMachineArn: 'arn:tail' };
  const metrics = [
    series('AWS/States', 'ExecutionsStarted', own, 'Tail', [100, 0, 100]),
    series('AWS/States', 'ExpressExecutionBilledDuration', own, 'Tail', [1_000_000, 0, 1_000_000]),
    series('AWS/States', 'ExpressExecutionBilledMemory', own, 'Tail', [64, 640, 64], 'Average'),
  ];
  const cost = costFigures(recordOf([tail], metrics), prices, 1);
  expect(cost.items.map(({ dimension, quantity }) => [dimension, quantity])).toEqual([
    ['states.express-request', 200],
    ['states.express-gb-second', 125],
  ]);
  expect(cost.items[1]?.usd).toBeCloseTo((125 / 3600) * 0.06, 9);
});

test('a queue costs the least requests that can have carried its messages, and its empty receives', () => {
  const queue = { logicalId: 'Jobs', physicalId: 'http://x/1/jobs', type: 'AWS::SQS::Queue', configuration: {} };
  const metric = (name: string, values: number[]) => series('AWS/SQS', name, { QueueName: 'jobs' }, 'Jobs', values);
  const counts = (bytes: number) => [
    metric('NumberOfMessagesSent', [95]),
    metric('NumberOfMessagesReceived', [95]),
    metric('NumberOfMessagesDeleted', [91]),
    metric('NumberOfEmptyReceives', [7, 8]),
    metric('SentMessageSize', [bytes]),
  ];
  const quantityOf = (bytes: number) => costFigures(recordOf([queue], counts(bytes)), prices, 1).items.map(({ quantity }) => quantity);
  expect([quantityOf(95_000), quantityOf(20 * 65_536)]).toEqual([[10 + 10 + 10 + 15], [20 + 10 + 10 + 15]]);
  expect(costFigures(recordOf([queue], counts(1)), prices, 1).unpriced).toEqual(['Jobs: requests that carried fewer than ten messages']);
  expect(costFigures(recordOf([queue]), prices, 1).unpriced).toEqual(['Jobs: AWS/SQS metrics were not collected']);
});
