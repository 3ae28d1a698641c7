import { expect, it } from 'vitest';
import { virtualTable } from '../../../../test/virtual-dynamodb.ts';
import type { CallContext, Operation, ResourceHandler } from '../../contract.ts';

const call: CallContext = { requestId: 'r', caller: { kind: 'http' }, arrivedMs: 0, modelledMs: 0 };

const scaledTo = { ServiceNamespace: 'dynamodb', ResourceId: 'table/scaled', ScalableDimension: 'dynamodb:table:WriteCapacityUnits' };

async function setUp() {
  const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
  const { lab, service } = await virtualTable('scaled', { ProvisionedThroughput });
  service.start?.();
  const handler = (type: string) => service.resources?.find((each) => each.type === `AWS::ApplicationAutoScaling::${type}`) as ResourceHandler;
  const create = (type: string, properties: object) =>
    handler(type).create({ stackName: 's', logicalId: 'l', templateFolder: '', properties: properties as Record<string, unknown> });
  const put = service.operations['PutItem'] as unknown as Operation<object>;
  /** Writes of one unit, evenly over a minute; how many were throttled. */
  const minute = async (perSec: number): Promise<number> => {
    let throttled = 0;
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < perSec; i++) {
        const input = { TableName: 'scaled', Item: { id: { S: `${second}-${i}` } } };
        try {
          put.admit?.(input, call);
          await put.act(input, call);
        } catch {
          throttled++;
        }
      }
      await lab.clock.advance(1_000);
    }
    return throttled;
  };
  return { lab, create, minute };
}

it('follows a load after two minutes, too late for a spike that outlasts the burst', async () => {
  const { lab, create, minute } = await setUp();
  const target = await create('ScalableTarget', { ...scaledTo, MinCapacity: 5, MaxCapacity: 100 });
  expect(target.physicalId).toBe('table/scaled|dynamodb:table:WriteCapacityUnits|dynamodb');
  await create('ScalingPolicy', {
    PolicyName: 'p',
    PolicyType: 'TargetTrackingScaling',
    ScalingTargetId: target.physicalId,
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: 'DynamoDBWriteCapacityUtilization' },
    },
  });
  const writeUnits = async (): Promise<number> => {
    const { Table } = await lab.call<{ Table: { ProvisionedThroughput: { WriteCapacityUnits: number } } }>('dynamodb', 'DescribeTable', {
      TableName: 'scaled',
    });
    return Table.ProvisionedThroughput.WriteCapacityUnits;
  };
  // The first minute rides on what the table saved while it idled, the second does not.
  await lab.clock.advance(300_000);
  expect(await minute(25)).toBeLessThan(2);
  expect(await minute(25)).toBeGreaterThan(500);
  expect(await writeUnits()).toBe(5);
  await minute(25);
  expect(await writeUnits()).toBeGreaterThan(12);
  for (let i = 0; i < 6; i++) await minute(25);
  expect(await writeUnits()).toBeGreaterThanOrEqual(35);
  expect(await minute(25)).toBe(0);
  await lab.stop();
}, 30_000);

it('refuses what it cannot scale', async () => {
  const { lab, create } = await setUp();
  const target = (members: object) => () => create('ScalableTarget', { ...scaledTo, MinCapacity: 1, MaxCapacity: 2, ...members });
  expect(target({ ServiceNamespace: 'lambda' })).toThrow(/DynamoDB only, not lambda/);
  expect(target({ ResourceId: 'table/scaled/index/i' })).toThrow(/Unsupported resource ID/);
  expect(target({ MinCapacity: 3 })).toThrow(/MaxCapacity/);
  expect(() => create('ScalingPolicy', { PolicyName: 'p', PolicyType: 'StepScaling', ...scaledTo })).toThrow(/not StepScaling/);
  await lab.stop();
});
