import { monotonicMs } from '../../../../core/clock.ts';
import { AwsError } from '../../../../core/errors.ts';
import { type AsyncEvent, type AsyncOutcome, type AsyncRules, afterError, afterThrottle } from '../../../../models/lambda/async-invocation.ts';
import type { LabContext } from '../../../contract.ts';
import { Dispatch } from '../dispatch.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoker.ts';
import type { LambdaFunction } from '../lambda-function.ts';
import type { InvocationReport } from '../report.ts';
import { invocationUsage } from '../usage.ts';
import { AsyncMetrics } from './async-metrics.ts';
import { Deliveries } from './deliveries.ts';
import type { EventInvokeConfigs } from './event-invoke-configs.ts';

/** One event on its way through a function's queue. */
interface Queued {
  readonly found: LambdaFunction;
  readonly requestId: string;
  readonly payload: string;
  event: AsyncEvent;
  invokeCount: number;
  report: InvocationReport | undefined;
}

/** The queues of events that functions are invoked with asynchronously: tries, waits and ends as the model says. */
export class AsyncInvocations {
  readonly #context: LabContext;
  readonly #functions: Functions;
  readonly #invoker: Invoker;
  readonly #configs: EventInvokeConfigs;
  readonly #metrics: AsyncMetrics;
  readonly #deliveries: Deliveries;
  readonly #dispatch: Dispatch;
  readonly #rules: AsyncRules;
  readonly #onDefect: (thrown: unknown) => void;
  readonly #abort = new AbortController();

  constructor(context: LabContext, functions: Functions, invoker: Invoker, configs: EventInvokeConfigs, onDefect: (thrown: unknown) => void) {
    this.#context = context;
    this.#functions = functions;
    this.#invoker = invoker;
    this.#configs = configs;
    this.#onDefect = onDefect;
    this.#metrics = new AsyncMetrics(context.metrics);
    this.#deliveries = new Deliveries(context, configs, this.#metrics);
    this.#dispatch = new Dispatch(context, 'lambda.async-dispatch');
    this.#rules = rulesOf(context);
  }

  /** Takes an event in; what comes of it, nobody waits for. */
  accept(found: LambdaFunction, payload: string, requestId: string): void {
    this.#metrics.add('AsyncEventsReceived', found.name, 1);
    const event = { receivedMs: this.#context.clock.now(), errors: 0, throttles: 0 };
    this.#run({ found, requestId, payload, event, invokeCount: 0, report: undefined }).catch((thrown: unknown) => {
      if (!this.#abort.signal.aborted) this.#onDefect(thrown);
    });
  }

  stop(): void {
    this.#abort.abort(new Error('the lab stops'));
  }

  async #run(queued: Queued): Promise<void> {
    const { clock } = this.#context;
    await this.#dispatch.wait();
    for (;;) {
      if (queued.found.deleted || this.#abort.signal.aborted) return;
      const outcome = await this.#try(queued);
      if (outcome === undefined) return this.#end(queued, 'Success');
      if (outcome.kind === 'give-up') return this.#end(queued, outcome.why);
      queued.event = outcome.event;
      if (!(await this.#waited(outcome.atMs - clock.now()))) return;
    }
  }

  /** One try: what to do next, or nothing more when the function succeeded. */
  async #try(queued: Queued): Promise<AsyncOutcome | undefined> {
    const { found, requestId, payload, event } = queued;
    const { clock } = this.#context;
    // What nothing could ever run goes to its dead letters at once.
    if (this.#functions.admission.pool.reservedOf(found.name) === 0) return { kind: 'give-up', why: 'RetriesExhausted' };
    const limits = this.#configs.limits(found);
    this.#metrics.add('AsyncEventAge', found.name, clock.now() - event.receivedMs);
    try {
      const call = { requestId, caller: { kind: 'service', service: 'lambda' }, arrivedMs: monotonicMs(), modelledMs: 0 } as const;
      const report = await this.#invoker.invoke(found, payload, { ...call });
      queued.report = report;
      queued.invokeCount++;
      this.#context.meter(invocationUsage(found, report));
      return report.failed ? afterError(this.#rules, limits, event, clock.now()) : undefined;
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      return afterThrottle(this.#rules, limits, event, clock.now());
    }
  }

  async #end(queued: Queued, condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded'): Promise<void> {
    if (condition !== 'Success') this.#metrics.add('AsyncEventsDropped', queued.found.name, 1);
    await this.#deliveries.deliver({ ...queued, condition });
  }

  /** False when the lab stops first. */
  async #waited(delayMs: number): Promise<boolean> {
    try {
      await this.#context.clock.sleep(Math.max(0, delayMs), this.#abort.signal);
      return true;
    } catch {
      return false;
    }
  }
}

function rulesOf({ quotas }: LabContext): AsyncRules {
  const { first = 1, max = 300 } = quotas.table('lambda.async-throttle-backoff');
  const waits = Object.entries(quotas.table('lambda.async-retry-waits')).sort(([a], [b]) => Number(a) - Number(b));
  return { retryWaitsMs: waits.map(([, sec]) => sec * 1000), throttleBackoff: { firstMs: first * 1000, maxMs: max * 1000 } };
}
