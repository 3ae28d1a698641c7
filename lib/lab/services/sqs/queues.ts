import type { Cancel } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import type { QueueLimits } from '../../../models/sqs/standard-queue.ts';
import type { LabContext } from '../../contract.ts';
import { invalidParameter, missingParameter, queueDoesNotExist, unsupported } from './errors.ts';
import { Queue } from './queue.ts';
import { type QueueAttributes, SettingsReader } from './queue-settings.ts';

const minuteMs = 60_000;

/** The queues of the account, by name, URL or ARN. */
export class Queues {
  readonly settings: SettingsReader;
  readonly #context: LabContext;
  readonly #limits: QueueLimits;
  readonly #byName = new Map<string, Queue>();
  readonly #deletedMs = new Map<string, number>();
  readonly #recreateMs: number;
  readonly #activeMs: number;
  #cancel: Cancel = () => undefined;

  constructor(context: LabContext) {
    const { quotas, asAwsIs } = context;
    this.#context = context;
    this.settings = new SettingsReader(quotas, (arn) => this.byArn(arn) !== undefined);
    this.#recreateMs = quotas.number('sqs.recreate-after') * 1000;
    this.#activeMs = quotas.number('sqs.metrics-active-period') * 1000;
    this.#limits = {
      inFlight: quotas.number('sqs.in-flight-max'),
      partitions: quotas.number('sqs.partitions'),
      shortPollShare: asAwsIs ? quotas.number('sqs.short-poll-share') : 1,
    };
  }

  /** Creates a queue, or finds the one that is there with the same attributes. */
  create(name: string | undefined, attributes: QueueAttributes, tags: Readonly<Record<string, string>>): Queue {
    checkName(name);
    const found = this.#byName.get(name);
    if (found) return same(found, attributes);
    const freeMs = (this.#deletedMs.get(name) ?? Number.NEGATIVE_INFINITY) + this.#recreateMs;
    if (this.#context.clock.now() < freeMs) {
      const seconds = this.#recreateMs / 1000;
      throw new AwsError(
        'QueueDeletedRecently',
        `You must wait ${seconds} seconds after deleting a queue before you can create another with the same name.`,
      );
    }
    const deadLetters = (arn: string): Queue | undefined => this.byArn(arn);
    const created = new Queue(this.#context, { name, settings: this.settings.read(attributes), tags, limits: this.#limits, deadLetters });
    this.#byName.set(name, created);
    return created;
  }

  remove(queue: Queue): void {
    this.#byName.delete(queue.name);
    this.#deletedMs.set(queue.name, this.#context.clock.now());
    queue.close(queueDoesNotExist());
  }

  /** The queue of a URL; its host does not matter, its account does. */
  get(url: string | undefined): Queue {
    if (url === undefined) throw missingParameter('QueueUrl');
    const slash = url.lastIndexOf('/');
    const found =
      url.lastIndexOf(`/${this.#context.account}`, slash) + this.#context.account.length + 1 === slash ? this.named(url.slice(slash + 1)) : undefined;
    if (!found) throw queueDoesNotExist();
    return found;
  }

  named(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  byArn(arn: string): Queue | undefined {
    const found = this.#byName.get(arn.slice(arn.lastIndexOf(':') + 1));
    return found?.arn === arn ? found : undefined;
  }

  list(prefix = ''): Queue[] {
    return [...this.#byName.values()].filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Begins to publish what the queues hold, on each minute of the clock. */
  start(): void {
    const { clock } = this.#context;
    this.#cancel = clock.schedule(minuteMs - (clock.now() % minuteMs), () => {
      for (const queue of this.#byName.values()) queue.sample(this.#activeMs);
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
    const stopping = new AwsError('ServiceUnavailable', 'The lab stops.', 503);
    for (const queue of this.#byName.values()) queue.close(stopping);
  }
}

function same(found: Queue, attributes: QueueAttributes): Queue {
  const different = Object.entries(attributes).find(([name, value]) => found.settings.attributes[name] !== value);
  if (!different) return found;
  throw new AwsError('QueueNameExists', `A queue already exists with the same name and a different value for attribute ${different[0]}`);
}

function checkName(name: string | undefined): asserts name is string {
  if (name === undefined) throw missingParameter('QueueName');
  if (name.endsWith('.fifo')) throw unsupported(`FIFO queues (${name})`);
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name))
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
}
