import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string; readonly attributes: Record<string, string> }[];
}

const client = new SQSClient({});

/** Reports each event to the queue of results; a message whose body begins with `bad` fails, alone where failures are reported one by one. */
export async function handler(event: SqsEvent): Promise<unknown> {
  await client.send(new SendMessageCommand({ QueueUrl: process.env['RESULTS'], MessageBody: JSON.stringify(event) }));
  const bad = event.Records.filter(({ body }) => body.startsWith('bad'));
  if (bad.length > 0 && process.env['REPORTS'] === undefined) throw new Error('a bad message');
  return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
