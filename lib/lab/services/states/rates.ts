import type { Cancel } from '../../../core/clock.ts';
import { TransitionBucket } from '../../../models/states/limits/transition-bucket.ts';
import { TokenBucket } from '../../../models/token-bucket.ts';
import type { LabContext, MetricSeries } from '../../contract.ts';
import { lazySeries } from '../../gateway/lazy-series.ts';
import { throttled } from './errors.ts';

/** How often the settings of the buckets are told. */
const publishMs = 60_000;

/** How much of one bucket is used, as AWS/States tells it. */
class UsageMetrics {
  readonly consumed: MetricSeries;
  readonly throttled: MetricSeries;
  readonly #size: MetricSeries;
  readonly #refill: MetricSeries;
  #used = false;

  constructor(context: LabContext, dimensions: Readonly<Record<string, string>>) {
    const series = (metric: string): MetricSeries => lazySeries(context.metrics, 'AWS/States', metric, dimensions, 'Count');
    this.consumed = series('ConsumedCapacity');
    this.throttled = series('ThrottledEvents');
    this.#size = series('ProvisionedBucketSize');
    this.#refill = series('ProvisionedRefillRate');
  }

  take(throttledEvents: number): void {
    this.#used = true;
    this.consumed.add(1);
    // A point of 0 beside every call, so that the metric is as dense as ConsumedCapacity.
    this.throttled.add(throttledEvents);
  }

  /** Once a minute in which it was used; says whether it was. */
  publish(size: number, refill: number): boolean {
    if (!this.#used) return false;
    this.#used = false;
    this.#size.add(size);
    this.#refill.add(refill);
    return true;
  }
}

/** The bucket of one API action: what finds it empty is refused with ThrottlingException. */
class ApiRate {
  readonly #context: LabContext;
  readonly #size: number;
  readonly #refill: number;
  readonly #bucket: TokenBucket;
  readonly #usage: UsageMetrics;

  readonly #onUse: () => void;

  constructor(context: LabContext, action: string, key: string, onUse: () => void) {
    this.#context = context;
    this.#onUse = onUse;
    this.#size = context.quotas.number(`states.${key}-bucket`);
    this.#refill = context.quotas.number(`states.${key}-refill`);
    this.#bucket = new TokenBucket(this.#size, this.#refill, context.clock.now());
    this.#usage = new UsageMetrics(context, { APIName: action });
  }

  admit(): void {
    const taken = this.#bucket.take(this.#context.clock.now());
    this.#usage.take(taken ? 0 : 1);
    this.#onUse();
    if (!taken) throw throttled();
  }

  publish(): boolean {
    return this.#usage.publish(this.#size, this.#refill);
  }
}

/** What Step Functions lets through, and how fast. */
export class Rates {
  readonly #context: LabContext;
  readonly #transitions: TransitionBucket;
  readonly #transitionUsage: UsageMetrics;
  readonly #apis: ApiRate[] = [];
  #cancel: Cancel | undefined;

  constructor(context: LabContext) {
    const { quotas, clock } = context;
    this.#context = context;
    const [size, refill] = [quotas.number('states.state-transition-bucket'), quotas.number('states.state-transition-refill')];
    this.#transitions = new TransitionBucket(size, refill, clock.now());
    this.#transitionUsage = new UsageMetrics(context, { ServiceMetric: 'StateTransition' });
  }

  /** Takes one transition of Standard; gives the lab's milliseconds by which it is delayed. */
  transition(): number {
    const delayMs = this.#transitions.take(this.#context.clock.now());
    this.#transitionUsage.take(delayMs > 0 ? 1 : 0);
    this.#used();
    return delayMs;
  }

  /** Admits calls of one API action by the numbers `states.<key>-bucket` and `-refill`. */
  api(action: string, key: string): () => void {
    const rate = new ApiRate(this.#context, action, key, () => this.#used());
    this.#apis.push(rate);
    return () => rate.admit();
  }

  /** As `api`, for reads that AWS throttles so early that only `--as-aws-is` does it. */
  readApi(action: string, key: string): () => void {
    return this.#context.asAwsIs ? this.api(action, key) : () => undefined;
  }

  /** The lab stops. */
  close(): void {
    this.#cancel?.();
  }

  /** Sizes and refills are told each minute as long as something is used. */
  #used(): void {
    this.#cancel ??= this.#context.clock.schedule(publishMs, () => this.#publish());
  }

  #publish(): void {
    this.#cancel = undefined;
    const { capacity, refillPerSec } = this.#transitions;
    const used = [this.#transitionUsage.publish(capacity, refillPerSec), ...this.#apis.map((rate) => rate.publish())];
    if (used.includes(true)) this.#used();
  }
}
