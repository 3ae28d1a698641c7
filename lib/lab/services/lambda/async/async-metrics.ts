import type { MetricSeries, MetricSink } from '../../../contract.ts';

const units = {
  AsyncEventsReceived: 'Count',
  AsyncEventAge: 'Milliseconds',
  AsyncEventsDropped: 'Count',
  DeadLetterErrors: 'Count',
  DestinationDeliveryFailures: 'Count',
} as const;

/** AWS/Lambda of asynchronous invocation, by function and for the account. */
export class AsyncMetrics {
  readonly #sink: MetricSink;
  readonly #series = new Map<string, MetricSeries>();

  constructor(sink: MetricSink) {
    this.#sink = sink;
  }

  add(metric: keyof typeof units, functionName: string, value: number): void {
    this.#of(metric, functionName).add(value);
    this.#of(metric, undefined).add(value);
  }

  #of(metric: keyof typeof units, functionName: string | undefined): MetricSeries {
    const key = `${metric} ${functionName ?? ''}`;
    let series = this.#series.get(key);
    if (!series) {
      series = this.#sink.series('AWS/Lambda', metric, functionName === undefined ? {} : { FunctionName: functionName }, units[metric]);
      this.#series.set(key, series);
    }
    return series;
  }
}
