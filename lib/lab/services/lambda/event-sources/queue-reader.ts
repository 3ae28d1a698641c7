import type { Message, ReceiveMessageCommandInput, ReceiveMessageCommandOutput } from '@aws-sdk/client-sqs';
import type { Caller, LabContext } from '../../../contract.ts';
import type { MappingSettings } from './mapping-settings.ts';

const lambda: Caller = { kind: 'service', service: 'lambda' };

/** Messages that were received together, or within one batching window. */
export interface Batch {
  readonly messages: readonly Message[];
  /** When the first of them was received, in lab time: its visibility timeout counts from there. */
  readonly receivedMs: number;
}

/** Reads one queue for a mapping, with the calls that anyone would make. */
export class QueueReader {
  readonly #context: LabContext;
  readonly #url: string;
  readonly #pollSec: number;
  readonly #perReceive: number;
  readonly #payloadMax: number;

  constructor(context: LabContext, queueArn: string) {
    const { quotas } = context;
    const [account, name] = queueArn.split(':').slice(4);
    this.#context = context;
    this.#url = `${context.endpoint()}/${account}/${name}`;
    this.#pollSec = quotas.number('lambda.event-source-poll');
    this.#perReceive = quotas.number('sqs.batch-max');
    this.#payloadMax = quotas.number('lambda.payload-max');
  }

  /** The next batch: what one long poll brings, or, with a batching window, what comes until that is over or the batch is full. */
  async next({ batchSize, windowSec }: MappingSettings): Promise<Batch | undefined> {
    const { clock } = this.#context;
    const messages = await this.#receive(batchSize, this.#pollSec);
    if (messages.length === 0) return undefined;
    const receivedMs = clock.now();
    const untilMs = receivedMs + windowSec * 1000;
    let bytes = bodyBytes(messages);
    // Half of what an event may hold: records are larger than the bodies that they carry.
    while (messages.length < batchSize && bytes < this.#payloadMax / 2) {
      const leftSec = (untilMs - clock.now()) / 1000;
      if (leftSec <= 0) break;
      const more = await this.#receive(batchSize - messages.length, Math.min(leftSec, this.#pollSec));
      bytes += bodyBytes(more);
      messages.push(...more);
    }
    return { messages, receivedMs };
  }

  /** Deletes messages that were processed. */
  async delete(messages: readonly Message[]): Promise<void> {
    for (let at = 0; at < messages.length; at += this.#perReceive) {
      const Entries = messages.slice(at, at + this.#perReceive).map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#context.call('sqs', 'DeleteMessageBatch', { QueueUrl: this.#url, Entries }, lambda);
    }
  }

  async visibilitySec(): Promise<number> {
    const input = { QueueUrl: this.#url, AttributeNames: ['VisibilityTimeout'] };
    const { Attributes } = await this.#context.call<{ Attributes: { VisibilityTimeout: string } }>('sqs', 'GetQueueAttributes', input, lambda);
    return Number(Attributes.VisibilityTimeout);
  }

  async #receive(most: number, waitSec: number): Promise<Message[]> {
    const input: ReceiveMessageCommandInput = {
      QueueUrl: this.#url,
      MaxNumberOfMessages: Math.min(most, this.#perReceive),
      WaitTimeSeconds: waitSec,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    const { Messages } = await this.#context.call<ReceiveMessageCommandOutput>('sqs', 'ReceiveMessage', input, lambda);
    return Messages ?? [];
  }
}

function bodyBytes(messages: readonly Message[]): number {
  return messages.reduce((sum, { Body = '' }) => sum + Body.length, 0);
}
