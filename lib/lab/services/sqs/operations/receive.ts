import type { Message as MessageShape, ReceiveMessageCommandInput, ReceiveMessageCommandOutput } from '@aws-sdk/client-sqs';
import { monotonicMs } from '../../../../core/clock.ts';
import type { MessageAttribute } from '../../../../models/sqs/message-size.ts';
import type { CallContext, LabContext, Operation } from '../../../contract.ts';
import { md5OfAttributes } from '../digests.ts';
import { invalidValue } from '../errors.ts';
import type { Poll, Queue, QueueMessage } from '../queue.ts';
import type { Queues } from '../queues.ts';
import { receiptHandle } from '../receipt-handles.ts';
import { carriedBytes } from '../usage.ts';

type Output = Omit<ReceiveMessageCommandOutput, '$metadata'> & { readonly [carriedBytes]?: number };

export function receiveMessage(context: LabContext, queues: Queues): Operation<ReceiveMessageCommandInput, Output> {
  const { quotas } = context;
  const limits = {
    max: quotas.number('sqs.batch-max'),
    waitSec: quotas.number('sqs.long-poll-max'),
    visibilitySec: quotas.number('sqs.visibility-max'),
  };
  return {
    latencyKey: 'sqs.receive-message',
    async act(input, call) {
      const queue = queues.get(input.QueueUrl);
      const messages = await waited(queue, pollOf(queue, input, limits), call);
      const bytes = messages.reduce((sum, { content }) => sum + content.bytes, 0);
      // AWS leaves the member out where there is no message.
      return messages.length === 0 ? {} : { Messages: messages.map((message) => shapeOf(queue, message, input)), [carriedBytes]: bytes };
    },
  };
}

/** Waiting for messages is what a long poll is meant to do, so it is no lateness of the lab's. */
async function waited(queue: Queue, poll: Poll, call: CallContext): Promise<readonly QueueMessage[]> {
  const answer = queue.receive(poll);
  if (!(answer instanceof Promise)) return answer;
  const sinceMs = monotonicMs();
  const messages = await answer;
  call.modelledMs += monotonicMs() - sinceMs;
  return messages;
}

interface PollLimits {
  readonly max: number;
  readonly waitSec: number;
  readonly visibilitySec: number;
}

function pollOf({ settings }: Queue, input: ReceiveMessageCommandInput, limits: PollLimits): Poll {
  const { MaxNumberOfMessages: max = 1, VisibilityTimeout, WaitTimeSeconds } = input;
  if (!(max >= 1 && max <= limits.max)) throw invalidValue(max, 'MaxNumberOfMessages', `Must be between 1 and ${limits.max}, if provided.`);
  checkRange(VisibilityTimeout, 'VisibilityTimeout', limits.visibilitySec);
  checkRange(WaitTimeSeconds, 'WaitTimeSeconds', limits.waitSec);
  return {
    max,
    visibilityMs: VisibilityTimeout === undefined ? settings.visibilityMs : VisibilityTimeout * 1000,
    waitMs: WaitTimeSeconds === undefined ? settings.waitMs : WaitTimeSeconds * 1000,
  };
}

function checkRange(value: number | undefined, parameter: string, max: number): void {
  if (value !== undefined && !(value >= 0 && value <= max)) throw invalidValue(value, parameter, `Must be >= 0 and <= ${max}, if provided.`);
}

function shapeOf(queue: Queue, message: QueueMessage, input: ReceiveMessageCommandInput): MessageShape {
  const { content, sequence, receives } = message;
  const system = systemAttributes(message, [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])]);
  const attributes = chosenAttributes(content.attributes, input.MessageAttributeNames ?? []);
  const all = Object.keys(attributes).length === Object.keys(content.attributes).length;
  const md5 = all ? content.attributesMd5 : md5OfAttributes(attributes);
  return {
    MessageId: content.id,
    ReceiptHandle: receiptHandle(queue.id, { sequence, receive: receives }),
    MD5OfBody: content.bodyMd5,
    Body: content.body,
    ...(Object.keys(system).length > 0 ? { Attributes: system } : {}),
    ...(md5 === undefined ? {} : { MD5OfMessageAttributes: md5, MessageAttributes: attributes as NonNullable<MessageShape['MessageAttributes']> }),
  };
}

function systemAttributes(message: QueueMessage, names: readonly string[]): Record<string, string> {
  if (names.length === 0) return {};
  const { content, sentMs, receives, firstReceivedMs = sentMs } = message;
  const all: Record<string, string | undefined> = {
    SenderId: content.senderId,
    SentTimestamp: String(Math.floor(sentMs)),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(Math.floor(firstReceivedMs)),
    AWSTraceHeader: content.traceHeader,
    DeadLetterQueueSourceArn: content.sourceArn,
  };
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && (names.includes('All') || names.includes(name))) chosen[name] = value;
  }
  return chosen;
}

/** `All`, `.*`, a name, or the beginning of names before `.*`. */
function chosenAttributes(attributes: Readonly<Record<string, MessageAttribute>>, wanted: readonly string[]): Record<string, MessageAttribute> {
  const matches = (name: string): boolean =>
    wanted.some((each) => each === 'All' || each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => matches(name)));
}
