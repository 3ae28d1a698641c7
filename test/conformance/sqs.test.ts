import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  BatchEntryIdsNotDistinct,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  type Message,
  OverLimit,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Numbers } from '../../lib/core/numbers.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let sqs: SQSClient;
let made = 0;

beforeAll(async () => {
  const quotas = Numbers.fromFolder('config/quotas').with({ 'sqs.in-flight-max': 20 }, 'test', '2026-11-24');
  lab = await startTestLab({ timeScale: 100, quotas });
  sqs = new SQSClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 });
});

afterAll(async () => {
  sqs?.destroy();
  await lab?.stop();
});

async function queue(Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `queue-${made++}`, Attributes }));
  return QueueUrl ?? '';
}

const send = (QueueUrl: string, MessageBody: string, more: object = {}) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

async function receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  return (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
}

async function attributes(QueueUrl: string, ...names: string[]): Promise<Record<string, string>> {
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names as never }))).Attributes ?? {};
}

describe('queues', () => {
  it('are created once, found by name, described, changed and deleted', async () => {
    const create = (VisibilityTimeout: string) =>
      sqs.send(new CreateQueueCommand({ QueueName: 'orders', Attributes: { VisibilityTimeout }, tags: { team: 'shop' } }));
    const { QueueUrl = '' } = await create('40');
    expect(QueueUrl).toBe(`${lab.endpoint}/000000000000/orders`);
    expect((await create('40')).QueueUrl).toBe(QueueUrl);
    await expect(create('41')).rejects.toMatchObject({
      name: 'QueueNameExists',
      message: 'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
    });
    expect(await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).toMatchObject({ QueueUrl });
    expect(await attributes(QueueUrl, 'All')).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:orders',
      VisibilityTimeout: '40',
      MessageRetentionPeriod: '345600',
      MaximumMessageSize: '1048576',
      DelaySeconds: '0',
      ApproximateNumberOfMessages: '0',
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '7' } }));
    expect(await attributes(QueueUrl, 'DelaySeconds', 'VisibilityTimeout')).toEqual({ DelaySeconds: '7', VisibilityTimeout: '40' });
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { stage: 'test' } }));
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['team'] }));
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ stage: 'test' });
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'ord' }))).QueueUrls).toEqual([QueueUrl]);
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(send(QueueUrl, 'late')).rejects.toBeInstanceOf(QueueDoesNotExist);
    await expect(create('40')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
  });

  it('refuse what AWS refuses, and FIFO by name', async () => {
    const create = (QueueName: string, Attributes = {}) => sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    await expect(create('no spaces')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(create('x', { VisibilityTimeout: '43201' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
      message: 'Invalid value for the parameter VisibilityTimeout.',
    });
    await expect(create('x', { Colour: 'red' })).rejects.toMatchObject({ name: 'InvalidAttributeName', message: 'Unknown Attribute Colour.' });
    await expect(create('x.fifo')).rejects.toMatchObject({ name: 'UnsupportedOperation', message: expect.stringContaining('FIFO') });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:nobody', maxReceiveCount: 2 });
    await expect(create('x', { RedrivePolicy })).rejects.toThrow('Reason: Dead letter target does not exist.');
    const missing = send(`${lab.endpoint}/000000000000/nobody`, 'x');
    await expect(missing).rejects.toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue', message: 'The specified queue does not exist.' });
  });

  it('are purged, once a minute', async () => {
    const url = await queue();
    await send(url, 'a');
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await receive(url)).toEqual([]);
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  });
});

describe('messages', () => {
  it('arrive with body, attributes and digests that the SDK checks', async () => {
    const url = await queue();
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'order' },
      size: { DataType: 'Number.int', StringValue: '3' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
    };
    const sent = await send(url, 'grüße ☂', { MessageAttributes });
    const [message] = await receive(url, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: 'grüße ☂', MD5OfBody: sent.MD5OfMessageBody, MessageAttributes });
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SenderId: '000000000000' });
    expect(Number(message?.Attributes?.['ApproximateFirstReceiveTimestamp'])).toBeGreaterThanOrEqual(Number(message?.Attributes?.['SentTimestamp']));
    expect(await attributes(url, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible')).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
    expect((await attributes(url, 'ApproximateNumberOfMessagesNotVisible'))['ApproximateNumberOfMessagesNotVisible']).toBe('0');
  });

  it('give digests of attributes as AWS computes them', async () => {
    const url = await queue();
    const { MD5OfMessageAttributes } = await send(url, 'x', { MessageAttributes: { test: { DataType: 'String', StringValue: 'test' } } });
    // The digest of one string attribute, put together by hand: lengths, name, type, transport type 1, value.
    const { createHash } = await import('node:crypto');
    const bytes = Buffer.from('\0\0\0\x04test\0\0\0\x06String\x01\0\0\0\x04test', 'binary');
    expect(MD5OfMessageAttributes).toBe(createHash('md5').update(bytes).digest('hex'));
  });

  it('travel in batches, whose entries fail one by one', async () => {
    const url = await queue({ MaximumMessageSize: '1024' });
    const entry = (Id: string, MessageBody: string) => ({ Id, MessageBody });
    const batch = (Entries: { Id: string; MessageBody: string }[]) => sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const { Successful, Failed } = await batch([entry('a', '1'), entry('b', 'x'.repeat(1025)), entry('c', '3')]);
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(Failed).toEqual([expect.objectContaining({ Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' })]);
    await expect(batch([entry('a', '1'), entry('a', '2')])).rejects.toBeInstanceOf(BatchEntryIdsNotDistinct);
    await expect(batch(Array.from({ length: 11 }, (_, i) => entry(String(i), 'x')))).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    const large = 'x'.repeat(600_000);
    await expect(batch([entry('a', large), entry('b', large)])).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
    const messages = await receive(url);
    const gone = await sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: url, Entries: messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })) }),
    );
    expect([gone.Successful?.length, gone.Failed]).toEqual([2, undefined]);
  });

  it('come back when their time is over, at once when told so, and go to the dead-letter queue in the end', async () => {
    const letters = await queue();
    const arn = (await attributes(letters, 'QueueArn'))['QueueArn'];
    const url = await queue({ VisibilityTimeout: '2', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: '2' }) });
    expect((await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: letters }))).queueUrls).toEqual([url]);
    const { MessageId } = await send(url, 'poison', { DelaySeconds: 1 });
    const [first] = await receive(url, { WaitTimeSeconds: 20 });
    const change = (VisibilityTimeout: number) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout }));
    await change(0);
    const system = { MessageSystemAttributeNames: ['All' as const] };
    const [second] = await receive(url, system);
    expect([second?.MessageId, second?.Attributes?.['ApproximateReceiveCount']]).toEqual([MessageId, '2']);
    await expect(change(5)).rejects.toThrow('Message does not exist or is not available for visibility timeout change.');
    expect(await receive(url, { WaitTimeSeconds: 5 })).toEqual([]);
    const [dead] = await receive(letters, system);
    expect(dead).toMatchObject({ MessageId, Body: 'poison', Attributes: { DeadLetterQueueSourceArn: expect.stringMatching(/:queue-\d+$/) } });
    await expect(sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'nonsense' }))).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
  });

  it('are held to what AWS takes', async () => {
    const url = await queue();
    await expect(send(url, '')).rejects.toMatchObject({ name: 'MissingParameter' });
    await expect(send(url, 'bell \u0007')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    await expect(send(url, 'x'.repeat(1_048_577))).rejects.toThrow('Message must be shorter than 1048576 bytes.');
    await expect(send(url, 'x', { DelaySeconds: 901 })).rejects.toThrow('DelaySeconds must be >= 0 and <= 900.');
    await expect(send(url, 'x', { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } })).rejects.toThrow(
      'invalid message attribute type',
    );
    await expect(receive(url, { MaxNumberOfMessages: 11 })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    });
  });

  it('stop at the limit in flight: a short poll is refused, a long one finds nothing', async () => {
    const url = await queue();
    const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: 'x' }));
    for (let i = 0; i < 3; i++) await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect([(await receive(url)).length, (await receive(url)).length]).toEqual([10, 10]);
    await expect(receive(url)).rejects.toBeInstanceOf(OverLimit);
    expect(await receive(url, { WaitTimeSeconds: 1 })).toEqual([]);
  });
});

describe('a long poll', () => {
  it('ends with the message that comes, or empty when its time is over', async () => {
    const url = await queue();
    const waiting = [receive(url, { WaitTimeSeconds: 20 }), receive(url, { WaitTimeSeconds: 20 })];
    await new Promise((resolve) => setTimeout(resolve, 30));
    await send(url, 'now');
    const lengths = (await Promise.all(waiting)).map((messages) => messages.length);
    expect(lengths.sort()).toEqual([0, 1]);
  });
});

it('publishes AWS/SQS by the minute, and meters requests', async () => {
  const url = await queue({ VisibilityTimeout: '600' });
  await send(url, 'x'.repeat(70_000));
  await receive(url);
  await receive(url);
  const monitoring = new CloudWatchClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const QueueName = url.slice(url.lastIndexOf('/') + 1);
  const names = [
    'NumberOfMessagesSent',
    'NumberOfMessagesReceived',
    'NumberOfEmptyReceives',
    'SentMessageSize',
    'ApproximateNumberOfMessagesNotVisible',
  ];
  const read = async () => {
    const { MetricDataResults = [] } = await monitoring.send(
      new GetMetricDataCommand({
        StartTime: new Date(lab.context.clock.now() - 3_600_000),
        EndTime: new Date(lab.context.clock.now() + 60_000),
        MetricDataQueries: names.map((MetricName, i) => ({
          Id: `m${i}`,
          MetricStat: {
            Metric: { Namespace: 'AWS/SQS', MetricName, Dimensions: [{ Name: 'QueueName', Value: QueueName }] },
            Period: 3600 * 24,
            Stat: i < 4 ? 'Sum' : 'Maximum',
          },
        })),
      }),
    );
    return MetricDataResults.map(({ Values = [] }) => Values[0]);
  };
  await expect.poll(read, { timeout: 5000, interval: 100 }).toEqual([1, 1, 1, 70_000, 1]);
  monitoring.destroy();
  // The message fills a second chunk of 64 KB, sent and received; the empty receive is one request.
  expect(lab.meter.total(QueueName, 'sqs.request')).toBe(5);
});
