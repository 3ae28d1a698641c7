import type { Direction, Refusal } from '../../../models/dynamodb/capacity.ts';
import type { MetricSeries, MetricSink } from '../../contract.ts';
import { lazySeries } from '../../gateway/lazy-series.ts';

const namespace = 'AWS/DynamoDB';

const directionNames = { read: 'Read', write: 'Write' } as const satisfies Record<Direction, string>;

/** What AWS/DynamoDB says of one table, or of one of its global indexes; series exist from their first value on. */
export class TableMetrics {
  readonly #metrics: MetricSink;
  readonly #dimensions: Readonly<Record<string, string>>;
  readonly #consumed: Readonly<Record<Direction, MetricSeries>>;
  readonly #counts = new Map<string, MetricSeries>();
  readonly #latencies = new Map<string, MetricSeries>();

  constructor(metrics: MetricSink, table: string, index?: string) {
    this.#metrics = metrics;
    this.#dimensions = index === undefined ? { TableName: table } : { TableName: table, GlobalSecondaryIndexName: index };
    this.#consumed = {
      read: lazySeries(metrics, namespace, 'ConsumedReadCapacityUnits', this.#dimensions, 'Count'),
      write: lazySeries(metrics, namespace, 'ConsumedWriteCapacityUnits', this.#dimensions, 'Count'),
    };
  }

  consumed(direction: Direction, units: number): void {
    this.#consumed[direction].add(units);
  }

  /** What is provisioned; AWS sends it every five minutes. */
  provisioned(direction: Direction, units: number): void {
    this.#metrics.series(namespace, `Provisioned${directionNames[direction]}CapacityUnits`, this.#dimensions, 'Count').add(units);
  }

  /** One read or write that was refused; of a batch each counts. */
  throttleEvent(direction: Direction, refusal: Refusal): void {
    const name = directionNames[direction];
    this.#count(`${name}ThrottleEvents`);
    this.#count(`${name}${refusal}ThrottleEvents`);
  }

  /** A whole request that was refused for lack of capacity. */
  throttledRequest(operation: string): void {
    this.#byOperation('ThrottledRequests', operation, 'Count').add(1);
  }

  conditionFailed(): void {
    this.#count('ConditionalCheckFailedRequests');
  }

  /** An item of a request that a transaction under way has in hand. */
  transactionConflict(): void {
    this.#count('TransactionConflict');
  }

  succeeded(operation: string, latencyMs: number): void {
    let series = this.#latencies.get(operation);
    if (!series) {
      series = this.#byOperation('SuccessfulRequestLatency', operation, 'Milliseconds');
      this.#latencies.set(operation, series);
    }
    series.add(latencyMs);
  }

  returned(operation: string, items: number): void {
    this.#byOperation('ReturnedItemCount', operation, 'Count').add(items);
  }

  systemError(operation: string): void {
    this.#byOperation('SystemErrors', operation, 'Count').add(1);
  }

  #count(metric: string): void {
    let series = this.#counts.get(metric);
    if (!series) {
      series = this.#metrics.series(namespace, metric, this.#dimensions, 'Count');
      this.#counts.set(metric, series);
    }
    series.add(1);
  }

  #byOperation(metric: string, operation: string, unit: string): MetricSeries {
    return this.#metrics.series(namespace, metric, { ...this.#dimensions, Operation: operation }, unit);
  }
}

/** Requests that AWS answers with 400 for another reason than capacity or a condition; one series for the account and region. */
export function userErrors(metrics: MetricSink): MetricSeries {
  return lazySeries(metrics, namespace, 'UserErrors', {}, 'Count');
}
