import { expect, it } from 'vitest';
import { artilleryFigures, isArtilleryReport } from './artillery.ts';

const endpoint = 'plugins.metrics-by-endpoint.';
const aggregate = {
  counters: {
    'http.requests': 103,
    'http.responses': 100,
    'http.codes.200': 90,
    'http.codes.404': 4,
    'http.codes.503': 6,
    'errors.ETIMEDOUT': 3,
    'vusers.created': 50,
    'vusers.skipped': 7,
    [`${endpoint}/cart.codes.200`]: 60,
    [`${endpoint}/cart.codes.503`]: 6,
    [`${endpoint}/cart.errors.ETIMEDOUT`]: 3,
    [`${endpoint}/cart/items.codes.200`]: 30,
  },
  summaries: {
    'http.response_time': { min: 3, max: 90, p50: 20, p95: 60, p99: 80, p999: 85 },
    [`${endpoint}response_time./cart`]: { p50: 22, max: 90 },
    [`${endpoint}response_time./cart/items`]: { p50: 18, max: 40 },
  },
  firstMetricAt: 1_795_539_280_000,
  lastMetricAt: 1_795_539_300_000,
};
const figuresOf = (report: object) => {
  if (!isArtilleryReport(report)) throw new Error('is no report');
  return artilleryFigures(report, 'report.json');
};

it('counts as failed what got no response or one of 400 and above', () => {
  const { figures, startMs, endMs } = figuresOf({ aggregate });
  expect(figures.all).toEqual({ requests: 103, failed: 13, latencyMs: { p50: 20, p95: 60, p99: 80, max: 90 } });
  expect(figures).toMatchObject({ ratePerSec: 5.15, arrivals: { started: 50, dropped: 7 } });
  expect(figures.errors).toEqual([
    { kind: 'HTTP 503', operation: 'all', count: 6 },
    { kind: 'HTTP 404', operation: 'all', count: 4 },
    { kind: 'ETIMEDOUT', operation: 'all', count: 3 },
  ]);
  expect(endMs - startMs).toBe(20_000);
});

it('tells operations apart, also where the name of one begins with that of another', () => {
  expect(figuresOf({ aggregate }).figures.operations).toEqual([
    { operation: '/cart', requests: 69, failed: 9, latencyMs: { p50: 22, max: 90 } },
    { operation: '/cart/items', requests: 30, failed: 0, latencyMs: { p50: 18, max: 40 } },
  ]);
});

it('puts the intervals in order, whether their times are numbers or texts', () => {
  const interval = (period: number | string, requests: number) => ({ period, counters: { 'http.requests': requests, 'http.responses': requests } });
  const { figures } = figuresOf({ aggregate, intermediate: [interval('1795539290000', 2), interval(1_795_539_280_000, 1)] });
  expect(figures.intervals).toEqual([
    { atMs: 1_795_539_280_000, lengthSec: 10, requests: 1, failed: 0, latencyMs: {} },
    { atMs: 1_795_539_290_000, lengthSec: 10, requests: 2, failed: 0, latencyMs: {} },
  ]);
});

it('refuses reports without HTTP requests or without times', () => {
  expect(() => figuresOf({ aggregate: { counters: { 'websocket.messages_sent': 4 } } })).toThrow('tells of no HTTP request');
  expect(() => figuresOf({ aggregate: { counters: aggregate.counters } })).toThrow('does not say when the test ran');
  expect([isArtilleryReport({ aggregate: null }), isArtilleryReport(null)]).toEqual([false, false]);
});
