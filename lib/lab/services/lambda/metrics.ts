import type { MetricSeries, MetricSink } from '../../contract.ts';

/** Lambda's metrics of one function, or (without a name) of the account. */
interface Series {
  readonly invocations: MetricSeries;
  readonly errors: MetricSeries;
  readonly throttles: MetricSeries;
  readonly duration: MetricSeries;
  readonly concurrency: MetricSeries;
}

function seriesOf(sink: MetricSink, functionName?: string): Series {
  const dimensions = functionName === undefined ? undefined : { FunctionName: functionName };
  const series = (metric: string, unit: string): MetricSeries => sink.series('AWS/Lambda', metric, dimensions ?? {}, unit);
  return {
    invocations: series('Invocations', 'Count'),
    errors: series('Errors', 'Count'),
    throttles: series('Throttles', 'Count'),
    duration: series('Duration', 'Milliseconds'),
    concurrency: series('ConcurrentExecutions', 'Count'),
  };
}

/**
 * AWS/Lambda as AWS publishes it: every point is stamped with the start of its invocation; Errors and Throttles have a point of 0
 * for each invocation without one, so they are as dense as Invocations; a throttled attempt is no invocation.
 */
export class LambdaMetrics {
  readonly #sink: MetricSink;
  readonly #account: Series;
  readonly #unreserved: MetricSeries;
  readonly #functions = new Map<string, Series>();

  constructor(sink: MetricSink) {
    this.#sink = sink;
    this.#account = seriesOf(sink);
    this.#unreserved = sink.series('AWS/Lambda', 'UnreservedConcurrentExecutions', {}, 'Count');
  }

  throttled(functionName: string, atMs: number): void {
    this.#of(functionName).throttles.add(1, atMs);
    this.#account.throttles.add(1, atMs);
  }

  invoked(functionName: string, atMs: number, durationMs: number, failed: boolean): void {
    for (const series of [this.#of(functionName), this.#account]) {
      series.invocations.add(1, atMs);
      series.errors.add(failed ? 1 : 0, atMs);
      series.throttles.add(0, atMs);
      series.duration.add(durationMs, atMs);
    }
  }

  /** Executions of one function at `atMs`, and those of the account. */
  concurrency(functionName: string, running: number, atMs: number): void {
    this.#of(functionName).concurrency.add(running, atMs);
  }

  accountConcurrency(running: number, unreserved: number, atMs: number): void {
    this.#account.concurrency.add(running, atMs);
    this.#unreserved.add(unreserved, atMs);
  }

  #of(functionName: string): Series {
    let series = this.#functions.get(functionName);
    if (!series) {
      series = seriesOf(this.#sink, functionName);
      this.#functions.set(functionName, series);
    }
    return series;
  }
}
