import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionEventInvokeConfigsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

let lab: RunningLab;
let lambda: LambdaClient;
let sqs: SQSClient;
let monitoring: CloudWatchClient;

beforeAll(async () => {
  lab = await startTestLab({ timeScale: 100, stacks: [{ file: join(packageRoot(), 'test/conformance/functions/async/template.yaml') }] });
  const settings = { region: 'us-east-1', endpoint: lab.endpoint, credentials, maxAttempts: 1 };
  lambda = new LambdaClient(settings);
  sqs = new SQSClient(settings);
  monitoring = new CloudWatchClient(settings);
});

afterAll(async () => {
  for (const client of [lambda, sqs, monitoring]) client?.destroy();
  await lab?.stop();
});

const invoke = (FunctionName: string, event: unknown) =>
  lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(event) }));

/** The next message of a queue, waited for up to `polls` times 20 s of lab time. */
async function next(queue: string, polls = 20): Promise<Message | undefined> {
  const QueueUrl = `${lab.endpoint}/000000000000/${queue}`;
  for (let i = 0; i < polls; i++) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] }));
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    if (Messages[0]) return Messages[0];
  }
  return undefined;
}

async function sum(MetricName: string, FunctionName: string): Promise<number> {
  const { Datapoints = [] } = await monitoring.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
      StartTime: new Date(lab.context.clock.now() - 86_400_000),
      EndTime: new Date(lab.context.clock.now() + 60_000),
      Period: 86_400 * 2,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
}

describe('an event', () => {
  it('is taken with 202, runs once, and is told of where success goes', async () => {
    const taken = await invoke('told', { order: 1 });
    expect(taken).toMatchObject({ StatusCode: 202, $metadata: { httpStatusCode: 202 } });
    expect(taken.Payload?.length ?? 0).toBe(0);
    const record = JSON.parse((await next('done'))?.Body ?? '');
    expect(record).toEqual({
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      requestContext: {
        requestId: taken.$metadata.requestId,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:told:$LATEST',
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: { order: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { done: { order: 1 } },
    });
    expect(lab.meter.total('told', 'lambda.request')).toBe(1);
  });

  it('is tried again a minute later when the function fails, then given up to destination and dead-letter queue', async () => {
    const atMs = lab.context.clock.now();
    const { $metadata } = await invoke('told', { fail: true });
    const record = JSON.parse((await next('lost'))?.Body ?? '');
    expect(lab.context.clock.now() - atMs).toBeGreaterThanOrEqual(60_000);
    expect(record).toMatchObject({
      requestContext: { requestId: $metadata.requestId, condition: 'RetriesExhausted', approximateInvokeCount: 2 },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorType: 'TypeError', errorMessage: 'as asked' },
    });
    expect(await next('letters')).toMatchObject({
      Body: '{"fail":true}',
      MessageAttributes: {
        RequestID: { StringValue: $metadata.requestId },
        ErrorCode: { StringValue: '200' },
        ErrorMessage: { StringValue: 'as asked' },
      },
    });
    await expect.poll(() => sum('AsyncEventsDropped', 'told')).toBe(1);
    expect([await sum('AsyncEventsReceived', 'told'), await sum('Errors', 'told')]).toEqual([2, 2]);
  });

  it('has two more tries by default, over three minutes', async () => {
    await invoke('plain', { fail: true });
    await expect.poll(() => sum('Errors', 'plain'), { timeout: 8000 }).toBe(3);
    await expect.poll(() => sum('AsyncEventsDropped', 'plain')).toBe(1);
    expect(await sum('AsyncEventAge', 'plain')).toBeGreaterThanOrEqual(240_000);
  });

  it('goes to its dead letters at once where nothing is allowed to run', async () => {
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'told', ReservedConcurrentExecutions: 0 }));
    await invoke('told', { order: 2 });
    const record = JSON.parse((await next('lost'))?.Body ?? '');
    expect(record).toMatchObject({ requestContext: { approximateInvokeCount: 0 }, requestPayload: { order: 2 } });
    expect(record).not.toHaveProperty('responseContext');
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'told' }));
  });

  it('waits for room with growing pauses, and a throttle costs it no try', async () => {
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'told', ReservedConcurrentExecutions: 1 }));
    // Half a second of the wall's is 50 s of the lab's: tries after 1, 3, 7, 15, 31 and 63 s.
    const busy = lambda.send(new InvokeCommand({ FunctionName: 'told', Payload: JSON.stringify({ ms: 500 }) }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = await sum('Throttles', 'told');
    await invoke('told', { order: 3 });
    await busy;
    const record = JSON.parse((await next('done'))?.Body ?? '');
    expect(record).toMatchObject({ requestContext: { condition: 'Success', approximateInvokeCount: 1 }, requestPayload: { order: 3 } });
    const throttles = (await sum('Throttles', 'told')) - before;
    expect(throttles).toBeGreaterThanOrEqual(4);
    expect(throttles).toBeLessThanOrEqual(7);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'told' }));
  });

  it('may be told of to a function; a destination that is not there is counted', async () => {
    const configure = (DestinationConfig: object) =>
      lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'plain', DestinationConfig }));
    await configure({ OnSuccess: { Destination: 'arn:aws:lambda:us-east-1:000000000000:function:told' } });
    await invoke('plain', { order: 4 });
    const told = JSON.parse((await next('done'))?.Body ?? '');
    expect(told.requestPayload).toMatchObject({ requestPayload: { order: 4 }, responsePayload: { done: { order: 4 } } });
    await configure({ OnSuccess: { Destination: 'arn:aws:sqs:us-east-1:000000000000:nobody' } });
    await invoke('plain', { order: 5 });
    await expect.poll(() => sum('DestinationDeliveryFailures', 'plain')).toBe(1);
    await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: 'plain' }));
  });

  it('is refused when it is too large or no JSON', async () => {
    await expect(invoke('plain', 'x'.repeat(1_048_576))).rejects.toMatchObject({ name: 'RequestTooLargeException' });
    const noJson = new InvokeCommand({ FunctionName: 'plain', InvocationType: 'Event', Payload: 'no json' });
    await expect(lambda.send(noJson)).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });
});

describe('the configuration of asynchronous invocation', () => {
  it('comes from SAM, dead-letter queue too', async () => {
    const arn = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
    expect(await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: 'told' }))).toMatchObject({
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:told:$LATEST',
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 600,
      DestinationConfig: { OnSuccess: { Destination: arn('done') }, OnFailure: { Destination: arn('lost') } },
    });
    const { DeadLetterConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'told' }));
    expect(DeadLetterConfig).toEqual({ TargetArn: arn('letters') });
  });

  it('is put anew, updated in part, listed and deleted', async () => {
    const FunctionName = 'plain';
    const put = (more: object) => lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...more }));
    await expect(put({ MaximumRetryAttempts: 3 })).rejects.toThrow('less than or equal to 2');
    await expect(put({ MaximumEventAgeInSeconds: 59 })).rejects.toThrow('greater than or equal to 60');
    await expect(put({ DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:t' } } })).rejects.toThrow(
      'SQS and Lambda only',
    );
    expect(await put({ MaximumEventAgeInSeconds: 60 })).toMatchObject({ MaximumEventAgeInSeconds: 60, LastModified: expect.any(Date) });
    const updated = await lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
    expect(updated).toMatchObject({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
    const listed = await lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }));
    expect(listed.FunctionEventInvokeConfigs?.length).toBe(1);
    await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
