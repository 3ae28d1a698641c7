import type { Dimensions, MetricSeries, MetricSink } from '../../contract.ts';

export interface RequestFigures {
  readonly status: number;
  readonly latencyMs: number;
  /** Undefined when no integration was called. */
  readonly integrationMs: number | undefined;
  readonly bytes: number;
  /** Of a route or method whose detailed metrics are on. */
  readonly detailed?: { readonly Method: string; readonly Resource: string } | undefined;
}

/** How a kind of API names its metrics. */
export interface MetricNames {
  readonly clientErrors: string;
  readonly serverErrors: string;
  /** Bytes that passed, where the kind tells them. */
  readonly dataProcessed?: string;
}

type Series = ReturnType<typeof seriesOf>;

/**
 * AWS/ApiGateway of one stage: by API, by API and Stage, and by Method and Resource too where detailed metrics are on. Errors have a point for each
 * request, so that their average is a rate.
 */
export class StageMetrics {
  readonly #sink: MetricSink;
  readonly #names: MetricNames;
  readonly #ofStage: Dimensions;
  readonly #always: readonly Series[];
  readonly #detailed = new Map<string, Series>();

  /** `api` is the dimension that names the API: ApiId or ApiName. */
  constructor(sink: MetricSink, names: MetricNames, api: Dimensions, stage: string) {
    this.#sink = sink;
    this.#names = names;
    this.#ofStage = { ...api, Stage: stage };
    this.#always = [seriesOf(sink, names, api), seriesOf(sink, names, this.#ofStage)];
  }

  add(figures: RequestFigures, atMs: number): void {
    for (const series of this.#always) addTo(series, figures, atMs);
    if (figures.detailed) addTo(this.#detailedSeries(figures.detailed), figures, atMs);
  }

  #detailedSeries(dimensions: { readonly Method: string; readonly Resource: string }): Series {
    const key = `${dimensions.Method} ${dimensions.Resource}`;
    let series = this.#detailed.get(key);
    if (!series) {
      series = seriesOf(this.#sink, this.#names, { ...this.#ofStage, ...dimensions });
      this.#detailed.set(key, series);
    }
    return series;
  }
}

function addTo(series: Series, { status, latencyMs, integrationMs, bytes }: RequestFigures, atMs: number): void {
  series.count.add(1, atMs);
  series.clientErrors.add(status >= 400 && status < 500 ? 1 : 0, atMs);
  series.serverErrors.add(status >= 500 ? 1 : 0, atMs);
  series.latency.add(latencyMs, atMs);
  if (integrationMs !== undefined) series.integrationLatency.add(integrationMs, atMs);
  series.dataProcessed?.add(bytes, atMs);
}

function seriesOf(sink: MetricSink, names: MetricNames, dimensions: Dimensions) {
  const series = (metric: string, unit: string): MetricSeries => sink.series('AWS/ApiGateway', metric, dimensions, unit);
  return {
    count: series('Count', 'Count'),
    clientErrors: series(names.clientErrors, 'Count'),
    serverErrors: series(names.serverErrors, 'Count'),
    latency: series('Latency', 'Milliseconds'),
    integrationLatency: series('IntegrationLatency', 'Milliseconds'),
    dataProcessed: names.dataProcessed === undefined ? undefined : series(names.dataProcessed, 'Bytes'),
  };
}
