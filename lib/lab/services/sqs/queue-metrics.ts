import type { QueueCounts } from '../../../models/sqs/standard-queue.ts';
import type { MetricSeries, MetricSink } from '../../contract.ts';

/**
 * AWS/SQS of one queue. What happens is counted as it happens; once a minute a queue in use has a point of 0 of each count, so that the series is dense as AWS's
 * is, and one of what it holds.
 */
export class QueueMetrics {
  readonly #series: (metric: string, unit: string) => MetricSeries;
  readonly #counts: readonly MetricSeries[];
  readonly #sent: MetricSeries;
  readonly #size: MetricSeries;
  readonly #received: MetricSeries;
  readonly #empty: MetricSeries;
  readonly #deleted: MetricSeries;

  constructor(sink: MetricSink, QueueName: string) {
    this.#series = (metric, unit) => sink.series('AWS/SQS', metric, { QueueName }, unit);
    this.#sent = this.#series('NumberOfMessagesSent', 'Count');
    this.#received = this.#series('NumberOfMessagesReceived', 'Count');
    this.#deleted = this.#series('NumberOfMessagesDeleted', 'Count');
    this.#empty = this.#series('NumberOfEmptyReceives', 'Count');
    this.#size = this.#series('SentMessageSize', 'Bytes');
    this.#counts = [this.#sent, this.#received, this.#deleted, this.#empty];
  }

  sent(bytes: number): void {
    this.#sent.add(1);
    this.#size.add(bytes);
  }

  received(count: number): void {
    if (count > 0) this.#received.add(count);
    else this.#empty.add(1);
  }

  deleted(): void {
    this.#deleted.add(1);
  }

  sample({ visible, inFlight, delayed }: QueueCounts, oldestSec: number): void {
    for (const series of this.#counts) series.add(0);
    this.#series('ApproximateNumberOfMessagesVisible', 'Count').add(visible);
    this.#series('ApproximateNumberOfMessagesNotVisible', 'Count').add(inFlight);
    this.#series('ApproximateNumberOfMessagesDelayed', 'Count').add(delayed);
    this.#series('ApproximateAgeOfOldestMessage', 'Seconds').add(oldestSec);
  }
}
