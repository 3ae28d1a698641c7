import type { Message } from '@aws-sdk/client-sqs';
import type { Cancel } from '../../../../core/clock.ts';
import { AwsError } from '../../../../core/errors.ts';
import { failedItems } from '../../../../models/lambda/batch-failures.ts';
import { PollerScaling } from '../../../../models/lambda/poller-scaling.ts';
import type { Caller, LabContext } from '../../../contract.ts';
import type { Dispatch } from '../dispatch.ts';
import type { InvokeOutput } from '../operations/invoke.ts';
import type { MappingSettings } from './mapping-settings.ts';
import { type Batch, QueueReader } from './queue-reader.ts';
import { type SqsEvent, sqsEvents } from './records.ts';

const lambda: Caller = { kind: 'service', service: 'lambda' };

/** What pollers work for. */
export interface PollerTask {
  readonly queueArn: string;
  readonly functionArn: string;
  readonly settings: MappingSettings;
}

/** Told of defects of the lab that a poller met; it goes on. */
export type OnDefect = (thrown: unknown) => void;

/**
 * The pollers of one mapping, from enabling to disabling. Each polls, invokes the function with what it got, waits for the answer, and deletes what was processed;
 * what was not comes back when its visibility timeout is over. One poller is one batch at a time, so their number is the function's concurrency.
 */
export class Pollers {
  readonly #context: LabContext;
  readonly #task: PollerTask;
  readonly #dispatch: Dispatch;
  readonly #onDefect: OnDefect;
  readonly #reader: QueueReader;
  readonly #scaling: PollerScaling;
  readonly #stepMs: number;
  readonly #retryMs: number;
  readonly #payloadMax: number;
  readonly #backoff: { readonly firstMs: number; readonly maxMs: number };
  readonly #ended = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  #cancelStep: Cancel = () => undefined;
  #stopping = false;
  #running = 0;
  /** Pollers that have a batch in hand. */
  #working = 0;
  /** Their time, in this step of the ramp, until `#countedMs`. */
  #workedMs = 0;
  #countedMs: number;

  constructor(context: LabContext, dispatch: Dispatch, task: PollerTask, onDefect: OnDefect) {
    const { quotas } = context;
    this.#context = context;
    this.#task = task;
    this.#dispatch = dispatch;
    this.#onDefect = onDefect;
    this.#reader = new QueueReader(context, task.queueArn);
    const stepSec = quotas.number('lambda.event-source-ramp-step');
    this.#countedMs = context.clock.now();
    this.#stepMs = stepSec * 1000;
    this.#retryMs = quotas.number('lambda.event-source-retry') * 1000;
    this.#payloadMax = quotas.number('lambda.payload-max');
    const { first = 1, max = 60 } = quotas.table('lambda.event-source-backoff');
    this.#backoff = { firstMs: first * 1000, maxMs: max * 1000 };
    this.#scaling = new PollerScaling({
      initial: quotas.number('lambda.event-source-pollers'),
      idle: quotas.number('lambda.event-source-pollers-idle'),
      max: task.settings.maxConcurrency ?? quotas.number('lambda.event-source-pollers-max'),
      busyShare: quotas.number('lambda.event-source-busy'),
      perStep: (quotas.number('lambda.event-source-ramp') / 60) * stepSec,
    });
  }

  start(): void {
    this.#fill();
    this.#scheduleStep();
  }

  /** Begins no further poll; resolves when each poller has ended its poll and what that still brought. */
  drain(): Promise<void> {
    this.#stopping = true;
    this.#cancelStep();
    if (this.#running === 0) this.#ended.resolve();
    return this.#ended.promise;
  }

  /** Ends at once, with the lab. */
  abort(): void {
    void this.drain();
    this.#abort.abort(new Error('the lab stops'));
  }

  #scheduleStep(): void {
    this.#cancelStep = this.#context.clock.schedule(this.#stepMs, () => {
      this.#count(0);
      this.#scaling.step(this.#workedMs / (this.#stepMs * this.#scaling.wanted));
      this.#workedMs = 0;
      this.#fill();
      this.#scheduleStep();
    });
  }

  /** Adds up the time at work until now, when `change` more pollers begin to work. */
  #count(change: number): void {
    const nowMs = this.#context.clock.now();
    this.#workedMs += this.#working * (nowMs - this.#countedMs);
    this.#countedMs = nowMs;
    this.#working += change;
  }

  #fill(): void {
    while (!this.#stopping && this.#running < this.#scaling.wanted) {
      this.#running++;
      void this.#poll();
    }
  }

  async #poll(): Promise<void> {
    while (!this.#stopping && this.#running <= this.#scaling.wanted) {
      const batch = await this.#next();
      if (batch) await this.#work(batch);
    }
    this.#running--;
    if (this.#stopping && this.#running === 0) this.#ended.resolve();
  }

  async #next(): Promise<Batch | undefined> {
    try {
      const batch = await this.#reader.next(this.#task.settings);
      if (!batch) this.#scaling.foundNothing();
      return batch;
    } catch (thrown) {
      this.#report(thrown);
      // The queue is not there, or its limit in flight is reached: later perhaps.
      await this.#sleep(this.#retryMs);
      return undefined;
    }
  }

  /** A batch that is too large for one event is worked off in several, one after the other. */
  async #work({ messages, receivedMs }: Batch): Promise<void> {
    this.#count(1);
    try {
      for (const part of sqsEvents(messages, this.#task.queueArn, this.#context.region, this.#payloadMax)) {
        const done = await this.#process(part, receivedMs);
        if (done.length < part.messages.length) this.#scaling.failed();
        await this.#reader.delete(done);
      }
    } catch (thrown) {
      this.#report(thrown);
      this.#scaling.failed();
    } finally {
      this.#count(-1);
    }
  }

  /** Invokes the function; returns the messages that were processed. */
  async #process({ messages, event }: SqsEvent, receivedMs: number): Promise<readonly Message[]> {
    const { settings } = this.#task;
    await this.#dispatch.wait();
    const output = await this.#invoke(event, receivedMs);
    if (!output || output.FunctionError !== undefined) return [];
    if (!settings.reportsFailures) return messages;
    const ids = new Set(messages.map(({ MessageId = '' }) => MessageId));
    const failed = failedItems(Buffer.from(output.Payload ?? []).toString(), ids);
    return failed === 'all' ? [] : messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
  }

  /** Invokes, and again with growing pauses while Lambda has no room, until the messages would be visible anyway. */
  async #invoke(event: string, receivedMs: number): Promise<InvokeOutput | undefined> {
    const { clock } = this.#context;
    let untilMs: number | undefined;
    for (let pauseMs = this.#backoff.firstMs; ; pauseMs = Math.min(2 * pauseMs, this.#backoff.maxMs)) {
      try {
        const input = { FunctionName: this.#task.functionArn, Payload: Buffer.from(event) };
        return await this.#context.call<InvokeOutput>('lambda', 'Invoke', input, lambda);
      } catch (thrown) {
        if (!(thrown instanceof AwsError && (thrown.statusCode === 429 || thrown.statusCode >= 500))) throw thrown;
        this.#scaling.failed();
        untilMs ??= receivedMs + (await this.#reader.visibilitySec()) * 1000;
        if (clock.now() + pauseMs >= untilMs) return undefined;
        await this.#sleep(pauseMs);
        if (this.#abort.signal.aborted) return undefined;
      }
    }
  }

  /** Refusals of AWS are part of a poller's life; anything else is not, except at the lab's end. */
  #report(thrown: unknown): void {
    if (!(thrown instanceof AwsError) && !this.#abort.signal.aborted) this.#onDefect(thrown);
  }

  async #sleep(delayMs: number): Promise<void> {
    try {
      await this.#context.clock.sleep(delayMs, this.#abort.signal);
    } catch {
      this.#stopping = true;
    }
  }
}
