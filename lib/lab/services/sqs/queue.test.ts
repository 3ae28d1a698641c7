import { afterEach, beforeEach, expect, it } from 'vitest';
import { type VirtualLab, virtualLab } from '../../../../test/virtual-lab.ts';
import type { LabService, MetricSink } from '../../contract.ts';
import { createSqsService } from './service.ts';

let lab: VirtualLab;
let QueueUrl: string;
/** Points of each metric. */
let points: Map<string, number[]>;

beforeEach(async () => {
  points = new Map();
  const metrics: MetricSink = {
    series: (_namespace, metric) => ({ add: (value) => void points.set(metric, [...(points.get(metric) ?? []), value]) }),
  };
  const services: LabService[] = [];
  lab = virtualLab((context) => {
    services.push(createSqsService({ ...context, metrics }));
    return services;
  });
  services[0]?.start?.();
  const Attributes = { MessageRetentionPeriod: '60' };
  ({ QueueUrl } = await lab.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'q', Attributes }));
});

afterEach(() => lab.stop());

const sum = (metric: string): number => (points.get(metric) ?? []).reduce((total, each) => total + each, 0);

it('counts every deletion by a valid handle, whether there is anything to delete or not', async () => {
  await lab.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });
  const { Messages } = await lab.call<{ Messages: [{ ReceiptHandle: string }] }>('sqs', 'ReceiveMessage', { QueueUrl });
  const { ReceiptHandle } = Messages[0];
  for (let times = 0; times < 2; times++) await lab.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
  expect([sum('NumberOfMessagesSent'), sum('NumberOfMessagesDeleted')]).toEqual([1, 2]);
  await expect(lab.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: 'none' })).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  expect(sum('NumberOfMessagesDeleted')).toBe(2);
});

it('counts as used while it is only sent to, and lets go of what is past its retention', async () => {
  for (let hour = 0; hour < 8; hour++) {
    for (let i = 0; i < 10; i++) await lab.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });
    await lab.clock.advance(3_600_000);
  }
  const visible = points.get('ApproximateNumberOfMessagesVisible') ?? [];
  expect(visible).toHaveLength(8 * 60);
  expect([Math.max(...visible), visible.at(-1)]).toEqual([10, 0]);
});
