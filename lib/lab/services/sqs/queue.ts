import type { Cancel } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import { LinkedList, type Place } from '../../../models/sqs/linked-list.ts';
import type { MessageAttribute } from '../../../models/sqs/message-size.ts';
import { type Message, type QueueLimits, type Receipt, StandardQueue } from '../../../models/sqs/standard-queue.ts';
import type { LabContext } from '../../contract.ts';
import { QueueMetrics } from './queue-metrics.ts';
import type { QueueSettings, Redrive } from './queue-settings.ts';

/** What was sent. */
export interface Content {
  readonly id: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly attributesMd5: string | undefined;
  readonly bytes: number;
  readonly senderId: string;
  readonly traceHeader: string | undefined;
  /** Of the queue that it came from, in a dead-letter queue. */
  readonly sourceArn?: string;
}

export type QueueMessage = Message<Content>;

export interface Poll {
  readonly max: number;
  readonly visibilityMs: number;
  readonly waitMs: number;
}

/** A long poll that found nothing yet. */
interface Waiter extends Poll {
  readonly answer: (messages: readonly QueueMessage[]) => void;
  readonly fail: (error: AwsError) => void;
  cancel: Cancel;
}

interface QueueParts {
  readonly name: string;
  readonly settings: QueueSettings;
  readonly tags: Readonly<Record<string, string>>;
  readonly limits: QueueLimits;
  /** The dead-letter queue of a redrive policy, while it exists. */
  readonly deadLetters: (arn: string) => Queue | undefined;
}

/** One queue: the model with its long polls, its dead-letter queue and its metrics. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  /** Of this incarnation: handles of a deleted queue of the same name do not fit. */
  readonly id: string;
  readonly createdMs: number;
  tags: Record<string, string>;
  modifiedMs: number;
  purgedMs = Number.NEGATIVE_INFINITY;
  settings: QueueSettings;
  readonly #context: LabContext;
  readonly #rng: LabContext['rng'];
  readonly #model: StandardQueue<Content>;
  readonly #metrics: QueueMetrics;
  readonly #deadLetters: QueueParts['deadLetters'];
  readonly #waiters = new LinkedList<Waiter>();
  #usedMs: number;
  #closed: AwsError | undefined;
  #wake: Cancel | undefined;
  #wakeMs: number | undefined;

  constructor(context: LabContext, { name, settings, tags, limits, deadLetters }: QueueParts) {
    this.#context = context;
    this.#rng = context.rng.fork(`sqs/${name}`);
    this.name = name;
    this.arn = context.arn('sqs', name);
    this.id = context.rng.hex(16);
    this.createdMs = context.clock.now();
    this.modifiedMs = this.createdMs;
    this.#usedMs = this.createdMs;
    this.settings = settings;
    this.tags = { ...tags };
    this.#model = new StandardQueue(limits);
    this.#metrics = new QueueMetrics(context.metrics, name);
    this.#deadLetters = deadLetters;
  }

  get url(): string {
    return `${this.#context.endpoint()}/${this.#context.account}/${this.name}`;
  }

  send(content: Content, delayMs: number): void {
    this.#model.send(content, delayMs, this.#touch(), this.#rng);
    this.#metrics.sent(content.bytes);
    this.#serve();
  }

  /** What there is, at once; else, in a long poll, what comes within its time. */
  receive(poll: Poll): readonly QueueMessage[] | Promise<readonly QueueMessage[]> {
    if (this.#closed) throw this.#closed;
    const { messages, overLimit } = this.#take(poll);
    if (messages.length === 0 && poll.waitMs > 0) return this.#wait(poll);
    if (overLimit) throw new AwsError('OverLimit', `Too many messages in flight for queue ${this.name}.`, 403);
    this.#metrics.received(messages.length);
    return messages;
  }

  /** AWS counts every deletion by a valid handle, those that find nothing to delete as well. */
  delete(receipt: Receipt): void {
    this.#touch();
    this.#model.delete(receipt);
    this.#metrics.deleted();
  }

  /** The message in flight by that receipt, for `changeVisibility`. */
  inFlight(receipt: Receipt): QueueMessage | undefined {
    this.#touch();
    return this.#model.inFlight(receipt);
  }

  /** Whether a message may stay hidden for so long: `maxMs` from its first receive on, at most. */
  mayHide({ firstReceivedMs }: QueueMessage, visibilityMs: number, maxMs: number): boolean {
    const nowMs = this.#now();
    return nowMs + visibilityMs - (firstReceivedMs ?? nowMs) <= maxMs;
  }

  changeVisibility(message: QueueMessage, visibilityMs: number): void {
    this.#model.changeVisibility(message, visibilityMs, this.#now());
    this.#serve();
  }

  purge(): void {
    this.#model.purge();
    this.purgedMs = this.#now();
  }

  counts() {
    this.#touch();
    return this.#model.counts;
  }

  /** Once a minute: the points that AWS has of a queue in use. */
  sample(activeMs: number): void {
    const nowMs = this.#now();
    if (nowMs - this.#usedMs > activeMs) return;
    this.#model.expire(this.settings.retentionMs, nowMs);
    const { counts, oldestMs = nowMs } = this.#model;
    this.#metrics.sample(counts, (nowMs - oldestMs) / 1000);
  }

  /** Ends every long poll, and refuses those that come, with `error`: the queue is deleted, or the lab stops. */
  close(error: AwsError): void {
    this.#closed = error;
    this.#wake?.();
    for (let waiter = this.#waiters.first; waiter; waiter = this.#waiters.first) {
      waiter.cancel();
      waiter.fail(error);
    }
  }

  #now(): number {
    return this.#context.clock.now();
  }

  #touch(): number {
    const nowMs = this.#now();
    this.#usedMs = nowMs;
    this.#model.expire(this.settings.retentionMs, nowMs);
    return nowMs;
  }

  #take({ max, visibilityMs, waitMs }: Poll) {
    const nowMs = this.#touch();
    const redrive = this.#redrive();
    const limit = redrive ? { maxReceives: redrive.maxReceives } : {};
    const taken = this.#model.receive({ max, visibilityMs, long: waitMs > 0, ...limit }, nowMs, this.#rng);
    for (const dead of taken.dead) redrive?.queue.takeIn(dead, this.arn);
    return taken;
  }

  #redrive(): (Redrive & { queue: Queue }) | undefined {
    const { redrive } = this.settings;
    const queue = redrive && this.#deadLetters(redrive.deadLetterArn);
    return redrive && queue ? { ...redrive, queue } : undefined;
  }

  /** Takes in what another queue gave up; AWS does not count that as sent. */
  takeIn({ content, ...moved }: QueueMessage, sourceArn: string): void {
    this.#model.send({ ...content, sourceArn }, 0, this.#touch(), this.#rng, moved);
    this.#serve();
  }

  #wait(poll: Poll): Promise<readonly QueueMessage[]> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiters.remove(place);
        waiter.cancel();
      };
      const answer = (messages: readonly QueueMessage[]): void => {
        settle();
        this.#metrics.received(messages.length);
        resolve(messages);
      };
      const fail = (error: AwsError): void => {
        settle();
        reject(error);
      };
      const waiter: Waiter = { ...poll, answer, fail, cancel: () => undefined };
      const place: Place<Waiter> = this.#waiters.add(waiter);
      waiter.cancel = this.#context.clock.schedule(poll.waitMs, () => answer([]));
      this.#armWake();
    });
  }

  /** Gives what is visible to the long polls that wait, the longest first. */
  #serve(): void {
    for (let waiter = this.#waiters.first; waiter; waiter = this.#waiters.first) {
      const { messages } = this.#take(waiter);
      if (messages.length === 0) break;
      waiter.answer(messages);
    }
    this.#armWake();
  }

  /** Wakes when the next hidden message shows, while a long poll waits for it. */
  #armWake(): void {
    const dueMs = this.#waiters.first ? this.#model.nextDueMs : undefined;
    if (dueMs === this.#wakeMs) return;
    this.#wake?.();
    this.#wakeMs = dueMs;
    this.#wake = dueMs === undefined ? undefined : this.#context.clock.schedule(Math.max(0, dueMs - this.#now()), () => this.#woken());
  }

  #woken(): void {
    this.#wakeMs = undefined;
    this.#serve();
  }
}
