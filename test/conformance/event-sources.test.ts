import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

interface Event {
  readonly Records: readonly Record<string, unknown>[];
}

let lab: RunningLab;
let lambda: LambdaClient;
let sqs: SQSClient;

beforeAll(async () => {
  lab = await startTestLab({ timeScale: 20, stacks: [{ file: join(packageRoot(), 'test/conformance/functions/queue/template.yaml') }] });
  const settings = { region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 };
  lambda = new LambdaClient(settings);
  sqs = new SQSClient(settings);
  // Cold starts take longer than messages stay hidden at this rate of the clock.
  for (const FunctionName of ['worker', 'packer', 'sleeper']) {
    await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Records: [] }) }));
  }
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url('results') }));
});

afterAll(async () => {
  lambda?.destroy();
  sqs?.destroy();
  await lab?.stop();
});

const url = (name: string): string => `${lab.endpoint}/000000000000/${name}`;
const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const send = (queue: string, body: string) => sqs.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody: body }));

/** Events that functions reported within `waitSec` of lab time, one long poll. */
async function reported(waitSec = 20): Promise<Event[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url('results'), MaxNumberOfMessages: 10, WaitTimeSeconds: waitSec }),
  );
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl: url('results'), ReceiptHandle }));
  return Messages.map(({ Body = '' }) => JSON.parse(Body));
}

/** Bodies in the order in which functions saw them, until `count` have come. */
async function seen(count: number): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (let polls = 0; bodies.length < count && polls < 20; polls++) {
    for (const { Records } of await reported()) bodies.push(...Records.map(({ body }) => body));
  }
  return bodies;
}

async function left(queue: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url(queue), AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

describe('a mapping', () => {
  it('hands over records as AWS writes them, and deletes what was processed', async () => {
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
    const { MessageId, MD5OfMessageBody } = await sqs.send(new SendMessageCommand({ QueueUrl: url('jobs'), MessageBody: 'good', MessageAttributes }));
    const [event] = await reported();
    expect(event).toEqual({
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: 'good',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: '000000000000',
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: { kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' } },
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          md5OfBody: MD5OfMessageBody,
          eventSource: 'aws:sqs',
          eventSourceARN: arn('jobs'),
          awsRegion: 'us-east-1',
        },
      ],
    });
    await expect.poll(() => left('jobs')).toBe(0);
  });

  it('leaves what failed to the visibility timeout, and to the dead-letter queue in the end', async () => {
    const atMs = lab.context.clock.now();
    await send('jobs', 'bad');
    expect(await seen(2)).toEqual(['bad', 'bad']);
    expect(lab.context.clock.now() - atMs).toBeGreaterThanOrEqual(30_000);
    await expect.poll(() => left('letters'), { timeout: 5000 }).toBe(1);
    expect(await left('jobs')).toBe(0);
  });

  it('collects a batch within its window, and retries only the messages that the function reports', async () => {
    const Entries = ['a', 'bad', 'c'].map((MessageBody, i) => ({ Id: String(i), MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url('parcels'), Entries }));
    await send('parcels', 'd');
    const first = await reported();
    const bodies = first.flatMap(({ Records }) => Records.map(({ body }) => body));
    expect(first.length).toBeLessThanOrEqual(2);
    expect([...bodies, ...(bodies.length < 4 ? await seen(4 - bodies.length) : [])].sort()).toEqual(['a', 'bad', 'c', 'd']);
    expect(await seen(1)).toEqual(['bad']);
    expect(await left('parcels')).toBe(1);
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url('parcels') }));
  });

  it('keeps a throttled batch until the visibility timeout, then lets it come again', async () => {
    const reserve = new PutFunctionConcurrencyCommand({ FunctionName: 'worker', ReservedConcurrentExecutions: 0 });
    await lambda.send(reserve);
    await send('jobs', 'patient');
    expect(await reported(20)).toEqual([]);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'worker' }));
    const [event] = await reported();
    expect(event?.Records[0]).toMatchObject({ body: 'patient' });
    await expect.poll(() => left('jobs')).toBe(0);
  });

  it('follows a load: more pollers while they are busy', async () => {
    for (let i = 0; i < 20; i++) {
      const Entries = Array.from({ length: 10 }, (_, j) => ({ Id: String(j), MessageBody: `${i}-${j}` }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: url('jobs'), Entries }));
    }
    expect(new Set(await seen(200)).size).toBe(200);
    await expect.poll(() => left('jobs')).toBe(0);
  });
});

describe('the API of mappings', () => {
  const state = async (UUID: string | undefined) => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;

  it('creates, enables, disables and deletes them, through the states that AWS shows', async () => {
    const create = new CreateEventSourceMappingCommand({ FunctionName: 'sleeper', EventSourceArn: arn('idle'), Enabled: false, BatchSize: 3 });
    const made = await lambda.send(create);
    expect(made).toMatchObject({
      $metadata: { httpStatusCode: 202 },
      State: 'Creating',
      BatchSize: 3,
      EventSourceArn: arn('idle'),
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:sleeper',
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
    });
    expect(made.LastModified).toBeInstanceOf(Date);
    await expect(lambda.send(create)).rejects.toMatchObject({ name: 'ResourceConflictException' });
    const update = (more: object) => lambda.send(new UpdateEventSourceMappingCommand({ UUID: made.UUID, ...more }));
    await expect(update({ Enabled: true })).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await expect.poll(() => state(made.UUID)).toBe('Disabled');
    await send('idle', 'wake up');
    expect(await reported(10)).toEqual([]);
    expect(await update({ Enabled: true })).toMatchObject({ State: 'Enabling' });
    expect((await reported())[0]?.Records[0]).toMatchObject({ body: 'wake up' });
    expect(await state(made.UUID)).toBe('Enabled');
    expect(await update({ Enabled: false })).toMatchObject({ State: 'Disabling' });
    await expect.poll(() => state(made.UUID), { timeout: 3000 }).toBe('Disabled');
    await send('idle', 'asleep');
    expect(await reported(10)).toEqual([]);
    expect(await update({ Enabled: true })).toMatchObject({ State: 'Enabling' });
    expect((await reported())[0]?.Records[0]).toMatchObject({ body: 'asleep' });
    const listed = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'sleeper' }));
    expect(listed.EventSourceMappings?.map(({ UUID }) => UUID)).toEqual([made.UUID]);
    expect(await lambda.send(new DeleteEventSourceMappingCommand({ UUID: made.UUID }))).toMatchObject({ State: 'Deleting' });
    await expect.poll(() => state(made.UUID).catch((error: Error) => error.name), { timeout: 3000 }).toBe('ResourceNotFoundException');
  });

  it('refuses what AWS refuses, and by name what the lab lacks', async () => {
    const create = (more: object) =>
      lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'sleeper', EventSourceArn: arn('letters'), ...more }));
    await expect(create({ BatchSize: 11 })).rejects.toThrow(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
    await expect(create({ EventSourceArn: arn('nobody') })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(create({ FunctionName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(create({ ScalingConfig: { MaximumConcurrency: 1 } })).rejects.toThrow('greater than or equal to 2');
    await expect(create({ FilterCriteria: { Filters: [] } })).rejects.toThrow('The lab does not support FilterCriteria.');
    await expect(create({ EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' })).rejects.toThrow('for SQS only');
  });

  it('wants a visibility timeout no shorter than the function may run', async () => {
    const create = new CreateEventSourceMappingCommand({ FunctionName: 'slow', EventSourceArn: arn('letters') });
    await expect(lambda.send(create)).rejects.toThrow('Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds');
  });
});

it('a stack updates its mappings and queues in place', async () => {
  const client = new CloudFormationClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
  const mapping = async () => (await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'worker' }))).EventSourceMappings?.[0];
  const before = await mapping();
  await send('idle', 'kept');
  const Parameters = [
    { ParameterKey: 'Batch', ParameterValue: '3' },
    { ParameterKey: 'Hidden', ParameterValue: '90' },
  ];
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  const [{ StackName } = {}] = Stacks;
  await client.send(
    new UpdateStackCommand({ StackName, UsePreviousTemplate: true, Parameters, Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'] }),
  );
  expect((await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await mapping()).toMatchObject({ UUID: before?.UUID, BatchSize: 3, State: 'Enabled' });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url('idle'), AttributeNames: ['VisibilityTimeout'] }));
  expect([Attributes?.['VisibilityTimeout'], await left('idle')]).toEqual(['90', 1]);
  await send('jobs', 'after the update');
  expect((await reported())[0]?.Records[0]).toMatchObject({ body: 'after the update' });
  client.destroy();
});
