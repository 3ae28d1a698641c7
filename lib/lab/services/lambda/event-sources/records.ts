import type { Message } from '@aws-sdk/client-sqs';

/** Messages that a function is handed together, and their event: JSON. */
export interface SqsEvent {
  readonly messages: readonly Message[];
  readonly event: string;
}

const frameBytes = Buffer.byteLength('{"Records":[]}');

/** The events of a batch of SQS messages, as Lambda hands them to a function: one, or several where one would be larger than `maxBytes`. */
export function sqsEvents(messages: readonly Message[], queueArn: string, region: string, maxBytes: number): SqsEvent[] {
  const parts: { messages: Message[]; records: string[] }[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const record = JSON.stringify(recordOf(message, queueArn, region));
    const recordBytes = Buffer.byteLength(record) + 1;
    if (bytes + recordBytes > maxBytes) {
      parts.push({ messages: [], records: [] });
      bytes = frameBytes;
    }
    bytes += recordBytes;
    parts.at(-1)?.messages.push(message);
    parts.at(-1)?.records.push(record);
  }
  return parts.map((part) => ({ messages: part.messages, event: `{"Records":[${part.records.join(',')}]}` }));
}

function recordOf(message: Message, queueArn: string, region: string): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: attributesOf(message),
    ...(message.MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function attributesOf({ MessageAttributes: attributes = {} }: Message): Record<string, unknown> {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
    const value = BinaryValue ? { binaryValue: Buffer.from(BinaryValue).toString('base64') } : { stringValue: StringValue };
    return [name, { ...value, stringListValues: [], binaryListValues: [], dataType: DataType }];
  });
  return Object.fromEntries(entries);
}
