import { expect, it } from 'vitest';
import { isK6Summary, k6SummaryFigures } from './k6-summary.ts';

const file = { name: 'summary.json', writtenMs: 1_795_539_300_000 };
const figuresOf = (document: object) => {
  if (!isK6Summary(document)) throw new Error('is no summary');
  return k6SummaryFigures(document, file);
};

/** One test as handleSummary's data has it, and as --summary-export writes it. */
const handled = {
  state: { testRunDurationMs: 20_000 },
  metrics: {
    http_reqs: { values: { count: 200, rate: 10 } },
    'http_reqs{name:order}': { values: { count: 50 } },
    http_req_failed: { values: { rate: 0.05 }, thresholds: { 'rate<0.01': { ok: false } } },
    'http_req_failed{name:order}': { values: { rate: 0.2 } },
    http_req_duration: { values: { med: 30, max: 200, 'p(95)': 90 }, thresholds: { 'p(95)<500': { ok: true } } },
    'http_req_duration{name:order}': { values: { med: 60, 'p(95)': 120 } },
    'http_req_duration{name:never-counted}': { values: { med: 1 } },
    iterations: { values: { count: 100 } },
    dropped_iterations: { values: { count: 4 } },
  },
};
const exported = {
  metrics: Object.fromEntries(
    Object.entries(handled.metrics).map(([name, { values, ...rest }]) => {
      const failed = name.startsWith('http_req_failed') ? { value: (values as { rate: number }).rate } : values;
      const thresholds = Object.entries('thresholds' in rest ? rest.thresholds : {}).map(([expression, { ok }]) => [expression, !ok]);
      return [name, { ...failed, ...(thresholds.length > 0 ? { thresholds: Object.fromEntries(thresholds) } : {}) }];
    }),
  ),
};

it.each([
  ['handleSummary', handled],
  ['--summary-export', exported],
])('reads the figures, the operations and the crossed thresholds of %s', (_name, document) => {
  const { figures, startMs, endMs, thresholdsCrossed, reckoned } = figuresOf(document);
  expect(figures).toMatchObject({
    all: { requests: 200, failed: 10, latencyMs: { p50: 30, p95: 90, max: 200 } },
    ratePerSec: 10,
    operations: [{ operation: 'order', requests: 50, failed: 10, latencyMs: { p50: 60, p95: 120 } }],
    arrivals: { started: 100, dropped: 4 },
  });
  expect(thresholdsCrossed).toEqual(['http_req_failed: rate<0.01']);
  expect([endMs, endMs - startMs]).toEqual([file.writtenMs, 20_000]);
  expect(reckoned).toContain('the time at which the file was written is taken for its end');
});

it('does not take a failure rate that is not there for zero', () => {
  const { figures } = figuresOf({ metrics: { http_reqs: { count: 20, rate: 2 } } });
  expect([figures.all.failed, figures.errors, figures.arrivals]).toEqual([undefined, [], undefined]);
});

it('refuses summaries of other traffic', () => {
  expect(() => figuresOf({ metrics: { iterations: { count: 5 } } })).toThrow('tells of no HTTP request');
  expect([isK6Summary({ metrics: { mine: {} } }), isK6Summary(null), isK6Summary({ metrics: null })]).toEqual([false, false, false]);
});
