import type { MetricSeries, MetricSink } from '../../contract.ts';

export interface RequestFigures {
  readonly status: number;
  readonly latencyMs: number;
  /** Undefined when no integration was called. */
  readonly integrationMs: number | undefined;
  readonly bytes: number;
}

/** AWS/ApiGateway of one stage of an HTTP API, by ApiId and by ApiId and Stage. 4xx and 5xx have a point for each request, so that their average is a rate. */
export class StageMetrics {
  readonly #series: readonly ReturnType<typeof seriesOf>[];

  constructor(sink: MetricSink, apiId: string, stage: string) {
    this.#series = [seriesOf(sink, { ApiId: apiId }), seriesOf(sink, { ApiId: apiId, Stage: stage })];
  }

  add({ status, latencyMs, integrationMs, bytes }: RequestFigures, atMs: number): void {
    for (const series of this.#series) {
      series.count.add(1, atMs);
      series.clientErrors.add(status >= 400 && status < 500 ? 1 : 0, atMs);
      series.serverErrors.add(status >= 500 ? 1 : 0, atMs);
      series.latency.add(latencyMs, atMs);
      if (integrationMs !== undefined) series.integrationLatency.add(integrationMs, atMs);
      series.dataProcessed.add(bytes, atMs);
    }
  }
}

function seriesOf(sink: MetricSink, dimensions: Readonly<Record<string, string>>) {
  const series = (metric: string, unit: string): MetricSeries => sink.series('AWS/ApiGateway', metric, dimensions, unit);
  return {
    count: series('Count', 'Count'),
    clientErrors: series('4xx', 'Count'),
    serverErrors: series('5xx', 'Count'),
    latency: series('Latency', 'Milliseconds'),
    integrationLatency: series('IntegrationLatency', 'Milliseconds'),
    dataProcessed: series('DataProcessed', 'Bytes'),
  };
}
