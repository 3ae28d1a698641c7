import { ProofloadError } from '../../core/errors.ts';
import { type ImportedRequests, importedVersion } from '../../record/imported.ts';
import type { ResultFile } from './file.ts';
import type { Summary } from './format.ts';

type Values = Readonly<Record<string, unknown>>;

interface Metric extends Values {
  /** handleSummary's layout; --summary-export has the values beside `thresholds`. */
  readonly values?: Values;
  readonly thresholds?: Readonly<Record<string, boolean | { readonly ok?: boolean }>>;
}

interface K6Summary {
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly state?: { readonly testRunDurationMs?: number };
}

const quantiles = { p50: ['p(50)', 'med'], p90: ['p(90)'], p95: ['p(95)'], p99: ['p(99)'], max: ['max'] } as const;

/** Whether `document` is k6's end-of-test summary, in either layout. */
export function isK6Summary(document: unknown): document is K6Summary {
  const metrics = (document as Partial<K6Summary> | null)?.metrics;
  return (
    typeof metrics === 'object' && metrics !== null && ['iterations', 'http_reqs', 'vus', 'data_sent'].some((name) => Object.hasOwn(metrics, name))
  );
}

/**
 * The figures of k6's summary. Latency is its http_req_duration, which leaves connecting and waiting for a connection out. The file does not say
 * when the test ran: the time at which it was written is taken for the end.
 * @throws ProofloadError `nothing-to-import` where the test made no HTTP request
 */
export function k6SummaryFigures({ metrics, state }: K6Summary, file: Pick<ResultFile, 'name' | 'writtenMs'>): Summary {
  const requests = numberOf(metrics['http_reqs'], 'count');
  if (!requests)
    throw new ProofloadError('nothing-to-import', `${file.name} tells of no HTTP request (http_reqs)`, {
      hint: 'only HTTP traffic of k6 can be graded',
    });
  const ratePerSec = numberOf(metrics['http_reqs'], 'rate');
  const endMs = Math.round(file.writtenMs);
  const lengthMs = state?.testRunDurationMs ?? (ratePerSec ? (requests / ratePerSec) * 1000 : 0);
  const started = numberOf(metrics['iterations'], 'count');
  const failedShare = shareOf(metrics['http_req_failed']);
  const failed = failedShare === undefined ? undefined : Math.round(failedShare * requests);
  return {
    figures: {
      importedVersion,
      all: {
        requests,
        ...(failed === undefined ? {} : { failed }),
        latencyMs: latencyOf(metrics['http_req_duration']),
      },
      ...(ratePerSec === undefined ? {} : { ratePerSec }),
      operations: operationsOf(metrics),
      errors: failed ? [{ kind: 'of a kind that the summary does not tell', operation: 'all', count: failed }] : [],
      ...(started === undefined ? {} : { arrivals: { started, dropped: numberOf(metrics['dropped_iterations'], 'count') ?? 0 } }),
      intervals: [],
      quantileAdvice: "name it in the script's options: summaryTrendStats: ['med', 'max', 'p(90)', 'p(95)', 'p(99)']",
    },
    startMs: Math.round(endMs - lengthMs),
    endMs,
    thresholdsCrossed: Object.entries(metrics).flatMap(([name, metric]) => crossedOf(name, metric)),
    reckoned: 'k6 does not write into a summary when the test ran: the time at which the file was written is taken for its end',
  };
}

/** Sub-metrics that thresholds on `http_req_duration{name:checkout}` make: the only operations that a summary knows. */
function operationsOf(metrics: K6Summary['metrics']): ({ operation: string } & ImportedRequests)[] {
  return Object.entries(metrics).flatMap(([metric, values]) => {
    const operation = /^http_req_duration\{name:\s*"?([^"}]+)"?\}$/.exec(metric)?.[1];
    if (operation === undefined) return [];
    const requests = numberOf(metrics[`http_reqs{name:${operation}}`], 'count');
    const failedShare = shareOf(metrics[`http_req_failed{name:${operation}}`]);
    if (requests === undefined) return [];
    const failed = failedShare === undefined ? {} : { failed: Math.round(failedShare * requests) };
    return [{ operation, requests, ...failed, latencyMs: latencyOf(values) }];
  });
}

function latencyOf(metric: Metric | undefined): ImportedRequests['latencyMs'] {
  return Object.fromEntries(
    Object.entries(quantiles).flatMap(([quantile, names]) => {
      const value = names.map((name) => numberOf(metric, name)).find((each) => each !== undefined);
      return value === undefined ? [] : [[quantile, value]];
    }),
  );
}

/** Of a rate: handleSummary calls it `rate`, --summary-export `value`. */
function shareOf(metric: Metric | undefined): number | undefined {
  return numberOf(metric, 'rate') ?? numberOf(metric, 'value');
}

function numberOf(metric: Metric | undefined, name: string): number | undefined {
  const value = (metric?.values ?? metric)?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** handleSummary says `ok`; --summary-export says true where the threshold was crossed. */
function crossedOf(name: string, { thresholds = {} }: Metric): string[] {
  return Object.entries(thresholds)
    .filter(([, result]) => (typeof result === 'boolean' ? result : result.ok === false))
    .map(([expression]) => `${name}: ${expression}`);
}
