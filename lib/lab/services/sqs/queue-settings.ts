import { AwsError } from '../../../core/errors.ts';
import type { Numbers } from '../../../core/numbers.ts';
import { invalidValue, unsupported } from './errors.ts';

/** Attributes of a queue as SetQueueAttributes has them: text by name. */
export type QueueAttributes = Readonly<Record<string, string>>;

export interface Redrive {
  readonly deadLetterArn: string;
  readonly maxReceives: number;
}

/** What the attributes mean for the queue. */
export interface QueueSettings {
  readonly attributes: QueueAttributes;
  readonly delayMs: number;
  readonly maxBytes: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly visibilityMs: number;
  readonly redrive: Redrive | undefined;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly byDefault: number;
}

/** Kept and returned; the lab checks no permissions and encrypts nothing. */
const inert = ['Policy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];
const ofFifo = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** Checks attributes and says what they mean. */
export class SettingsReader {
  readonly #ranges: Readonly<Record<string, Range>>;
  readonly #maxReceives: number;
  readonly #exists: (arn: string) => boolean;

  /** `exists`: whether there is a queue of that ARN. */
  constructor(quotas: Numbers, exists: (arn: string) => boolean) {
    const of = (key: string): number => quotas.number(`sqs.${key}`);
    this.#ranges = {
      DelaySeconds: { min: 0, max: of('delay-max'), byDefault: 0 },
      MaximumMessageSize: { min: of('message-max-min'), max: of('message-max'), byDefault: of('message-max') },
      MessageRetentionPeriod: { min: of('retention-min'), max: of('retention-max'), byDefault: of('retention-default') },
      ReceiveMessageWaitTimeSeconds: { min: 0, max: of('long-poll-max'), byDefault: 0 },
      VisibilityTimeout: { min: 0, max: of('visibility-max'), byDefault: of('visibility-default') },
    };
    this.#maxReceives = of('max-receive-count-max');
    this.#exists = exists;
  }

  /** `before` (default: AWS's defaults) with `changes`; an empty policy removes it. Throws AWS's errors. */
  read(changes: QueueAttributes, before?: QueueSettings): QueueSettings {
    const defaults = Object.entries(this.#ranges).map(([name, { byDefault }]) => [name, String(byDefault)]);
    const attributes: Record<string, string> = { ...(before?.attributes ?? { ...Object.fromEntries(defaults), SqsManagedSseEnabled: 'true' }) };
    for (const [name, value] of Object.entries(changes)) {
      this.#check(name, value);
      if (value === '') delete attributes[name];
      else attributes[name] = value;
    }
    const number = (name: string): number => Number(attributes[name]);
    return {
      attributes,
      delayMs: number('DelaySeconds') * 1000,
      maxBytes: number('MaximumMessageSize'),
      retentionMs: number('MessageRetentionPeriod') * 1000,
      waitMs: number('ReceiveMessageWaitTimeSeconds') * 1000,
      visibilityMs: number('VisibilityTimeout') * 1000,
      redrive: this.#redrive(attributes['RedrivePolicy']),
    };
  }

  #check(name: string, value: string): void {
    const range = this.#ranges[name];
    if (ofFifo.includes(name) && value !== 'false') throw unsupported(`FIFO queues (attribute ${name})`);
    if (!range && name !== 'RedrivePolicy' && !inert.includes(name) && !ofFifo.includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    const number = Number(value);
    if (range && !(value.trim() !== '' && Number.isInteger(number) && number >= range.min && number <= range.max)) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }

  #redrive(text: string | undefined): Redrive | undefined {
    if (text === undefined) return undefined;
    const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
    const policy = parsed(text);
    if (!policy) throw refuse('Redrive policy is not a valid JSON map.');
    const { deadLetterTargetArn, maxReceiveCount } = policy;
    if (typeof deadLetterTargetArn !== 'string') throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
    if (maxReceiveCount === undefined) throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
    const maxReceives = Number(maxReceiveCount);
    if (!(Number.isInteger(maxReceives) && maxReceives >= 1 && maxReceives <= this.#maxReceives))
      throw refuse(`Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to ${this.#maxReceives} both inclusive.`);
    if (!this.#exists(deadLetterTargetArn)) throw refuse('Dead letter target does not exist.');
    return { deadLetterArn: deadLetterTargetArn, maxReceives };
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
