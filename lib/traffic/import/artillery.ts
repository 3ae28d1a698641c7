import { ProofloadError } from '../../core/errors.ts';
import { type ImportedFigures, type ImportedRequests, importedVersion } from '../../record/imported.ts';
import type { Summary } from './format.ts';

interface Period {
  readonly counters: Readonly<Record<string, number>>;
  readonly summaries?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Artillery writes the start of an interval as a number or as a text. */
  readonly period?: number | string;
  readonly firstMetricAt?: number;
  readonly lastMetricAt?: number;
}

interface ArtilleryReport {
  readonly aggregate: Period;
  readonly intermediate?: readonly Period[];
}

/** Length of Artillery's intervals. */
const intervalSec = 10;
const byEndpoint = 'plugins.metrics-by-endpoint.';

/** Whether `document` is what `artillery run --output` writes, of Artillery 2. */
export function isArtilleryReport(document: unknown): document is ArtilleryReport {
  const aggregate = (document as Partial<ArtilleryReport> | null)?.aggregate;
  return typeof aggregate === 'object' && aggregate !== null && typeof aggregate.counters === 'object' && aggregate.counters !== null;
}

/**
 * The figures of Artillery's report. A request failed that got no response or one with a status of 400 or above; Artillery's latency lasts until the
 * first byte of the response. Operations are known where the plugin metrics-by-endpoint ran.
 * @throws ProofloadError `nothing-to-import` where the test made no HTTP request
 */
export function artilleryFigures({ aggregate, intermediate = [] }: ArtilleryReport, name: string): Summary {
  const { counters, firstMetricAt: startMs, lastMetricAt: endMs } = aggregate;
  const requests = counters['http.requests'] ?? 0;
  if (requests === 0)
    throw new ProofloadError('nothing-to-import', `${name} tells of no HTTP request (http.requests)`, {
      hint: "only traffic of Artillery's HTTP engine can be graded",
    });
  if (startMs === undefined || endMs === undefined)
    throw new ProofloadError('bad-import', `${name} does not say when the test ran (firstMetricAt, lastMetricAt)`, {
      hint: 'use artillery 2.0 or later',
    });
  const seconds = (endMs - startMs) / 1000;
  const created = counters['vusers.created'];
  return {
    figures: {
      importedVersion,
      all: requestsOf(aggregate),
      ...(seconds > 0 ? { ratePerSec: requests / seconds } : {}),
      operations: operationsOf(aggregate),
      errors: errorsOf(counters),
      ...(created === undefined ? {} : { arrivals: { started: created, dropped: counters['vusers.skipped'] ?? 0 } }),
      intervals: intermediate.map(intervalOf).sort((a, b) => a.atMs - b.atMs),
      quantileAdvice: 'Artillery writes p50, p90, p95 and p99 where there were responses',
    },
    startMs,
    endMs,
    thresholdsCrossed: [],
  };
}

function intervalOf(period: Period): ImportedFigures['intervals'][number] {
  return { atMs: Number(period.period ?? period.firstMetricAt ?? 0), lengthSec: intervalSec, ...requestsOf(period) };
}

function requestsOf({ counters, summaries = {} }: Period): ImportedRequests {
  const requests = counters['http.requests'] ?? 0;
  const responses = counters['http.responses'] ?? 0;
  const refused = sumOf(counters, (name) => /^http\.codes\.[45]\d\d$/.test(name));
  return { requests, failed: Math.max(0, requests - responses) + refused, latencyMs: latencyOf(summaries['http.response_time']) };
}

function latencyOf(summary: Readonly<Record<string, number>> | undefined): ImportedRequests['latencyMs'] {
  const names = ['p50', 'p90', 'p95', 'p99', 'max'] as const;
  return Object.fromEntries(names.flatMap((name) => (summary?.[name] === undefined ? [] : [[name, summary[name]]])));
}

/** What the plugin counts of each endpoint: `<endpoint>.codes.<status>`, `<endpoint>.errors.<what>` and `response_time.<endpoint>`. */
function operationsOf({ counters, summaries = {} }: Period): ImportedFigures['operations'] {
  const prefix = `${byEndpoint}response_time.`;
  return Object.keys(summaries)
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const operation = name.slice(prefix.length);
      const own = `${byEndpoint}${operation}`;
      const answered = sumOf(counters, (counter) => counter.startsWith(`${own}.codes.`));
      const lost = sumOf(counters, (counter) => counter.startsWith(`${own}.errors.`));
      const refused = sumOf(counters, (counter) => counter.startsWith(`${own}.codes.`) && /\.[45]\d\d$/.test(counter));
      return { operation, requests: answered + lost, failed: lost + refused, latencyMs: latencyOf(summaries[name]) };
    });
}

function errorsOf(counters: Period['counters']): ImportedFigures['errors'] {
  return Object.entries(counters)
    .flatMap(([name, count]) => {
      const status = /^http\.codes\.([45]\d\d)$/.exec(name)?.[1];
      const word = /^errors\.(.+)$/.exec(name)?.[1];
      const kind = status === undefined ? word : `HTTP ${status}`;
      return kind === undefined ? [] : [{ kind, operation: 'all', count }];
    })
    .sort((a, b) => b.count - a.count);
}

function sumOf(counters: Period['counters'], wanted: (name: string) => boolean): number {
  return Object.entries(counters).reduce((sum, [name, count]) => (wanted(name) ? sum + count : sum), 0);
}
