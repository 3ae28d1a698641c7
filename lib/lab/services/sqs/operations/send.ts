import type {
  SendMessageBatchCommandInput,
  SendMessageBatchCommandOutput,
  SendMessageBatchRequestEntry,
  SendMessageBatchResultEntry,
  SendMessageCommandInput,
  SendMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../../../core/errors.ts';
import { isUsableText, type MessageAttribute, messageBytes } from '../../../../models/sqs/message-size.ts';
import type { LabContext, Operation } from '../../../contract.ts';
import { checkedEntries, eachEntry } from '../batch.ts';
import { md5OfAttributes, md5OfBody } from '../digests.ts';
import { invalidParameter, invalidValue, missingParameter, unsupported } from '../errors.ts';
import type { Content, Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';
import { carriedBytes } from '../usage.ts';

type Output<Of> = Omit<Of, '$metadata'> & { readonly [carriedBytes]?: number };
type Sendable = Omit<SendMessageBatchRequestEntry, 'Id'>;

export function sendMessage(context: LabContext, queues: Queues): Operation<SendMessageCommandInput, Output<SendMessageCommandOutput>> {
  const rules = sendRules(context);
  return {
    latencyKey: 'sqs.send-message',
    act(input) {
      const queue = queues.get(input.QueueUrl);
      const content = contentOf(context, rules, queue, input);
      queue.send(content, delayOf(rules, queue, input));
      return { MessageId: content.id, ...digests(content), [carriedBytes]: content.bytes };
    },
  };
}

export function sendMessageBatch(
  context: LabContext,
  queues: Queues,
): Operation<SendMessageBatchCommandInput, Output<SendMessageBatchCommandOutput>> {
  const rules = sendRules(context);
  return {
    latencyKey: 'sqs.send-message-batch',
    act({ QueueUrl, Entries }) {
      const queue = queues.get(QueueUrl);
      const entries = checkedEntries(Entries, rules.batchMax, 'SendMessageBatchRequestEntry');
      const bytes = entries.reduce((sum, { MessageBody = '', MessageAttributes }) => sum + messageBytes(MessageBody, MessageAttributes), 0);
      if (bytes > rules.maxBytes)
        throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${rules.maxBytes} bytes. You have sent ${bytes} bytes.`);
      const sent = eachEntry(entries, (entry): SendMessageBatchResultEntry => {
        const content = contentOf(context, rules, queue, entry);
        queue.send(content, delayOf(rules, queue, entry));
        return { Id: entry.Id, MessageId: content.id, ...digests(content) };
      });
      return { ...sent, Failed: sent.Failed, [carriedBytes]: bytes } as Output<SendMessageBatchCommandOutput>;
    },
  };
}

interface SendRules {
  readonly batchMax: number;
  readonly maxBytes: number;
  readonly maxDelaySec: number;
  readonly maxAttributes: number;
}

function sendRules({ quotas }: LabContext): SendRules {
  return {
    batchMax: quotas.number('sqs.batch-max'),
    maxBytes: quotas.number('sqs.message-max'),
    maxDelaySec: quotas.number('sqs.delay-max'),
    maxAttributes: quotas.number('sqs.message-attributes-max'),
  };
}

function contentOf({ rng, account }: LabContext, rules: SendRules, queue: Queue, input: Sendable): Content {
  const { MessageBody: body, MessageAttributes: attributes = {}, MessageSystemAttributes } = input;
  if (!body) throw missingParameter('MessageBody');
  if (input.MessageGroupId !== undefined) throw unsupported('MessageGroupId: FIFO and fair queues');
  if (input.MessageDeduplicationId !== undefined)
    throw invalidValue(input.MessageDeduplicationId, 'MessageDeduplicationId', 'The request include parameter that is not valid for this queue type');
  if (!isUsableText(body)) {
    const valid = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
    throw new AwsError('InvalidMessageContents', `Invalid characters found. Valid unicode characters are ${valid}`);
  }
  checkAttributes(attributes, rules.maxAttributes);
  const bytes = messageBytes(body, attributes);
  const { maxBytes } = queue.settings;
  if (bytes > maxBytes) throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`);
  return {
    id: rng.uuid(),
    body,
    bodyMd5: md5OfBody(body),
    attributes,
    attributesMd5: md5OfAttributes(attributes),
    bytes,
    senderId: account,
    traceHeader: MessageSystemAttributes?.['AWSTraceHeader']?.StringValue,
  };
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttribute>>, max: number): void {
  const entries = Object.entries(attributes);
  if (entries.length > max) throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${max}].`);
  for (const [name, { DataType = '', StringValue, BinaryValue }] of entries) {
    const [kind = ''] = DataType.split('.');
    if (!['String', 'Number', 'Binary'].includes(kind)) {
      const rule = 'the set of supported type prefixes is Binary, Number, and String';
      throw invalidParameter(`The message attribute '${name}' has an invalid message attribute type, ${rule}.`);
    }
    const value = kind === 'Binary' ? BinaryValue?.byteLength : StringValue?.length;
    if (!value) {
      throw invalidParameter(`The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${kind}'.`);
    }
  }
}

function delayOf({ maxDelaySec }: SendRules, { settings }: Queue, { DelaySeconds }: Sendable): number {
  if (DelaySeconds === undefined) return settings.delayMs;
  if (DelaySeconds >= 0 && DelaySeconds <= maxDelaySec) return DelaySeconds * 1000;
  throw invalidValue(DelaySeconds, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${maxDelaySec}.`);
}

function digests({ bodyMd5, attributesMd5 }: Content) {
  return { MD5OfMessageBody: bodyMd5, ...(attributesMd5 === undefined ? {} : { MD5OfMessageAttributes: attributesMd5 }) };
}
