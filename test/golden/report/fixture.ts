import { seededRng } from '../../../lib/core/rng.ts';
import { gradesOf } from '../../../lib/grade/grades.ts';
import type { Assessment, ChartSeries, Figure, FigureSource, HeatMap, LatencyFigures, ObjectiveResult, PhaseFigures } from '../../../lib/grade/types.ts';
import type { PhaseKind } from '../../../lib/record/types.ts';
import { fixtureCost } from './fixture-cost.ts';

/** 2026-11-24 09:00:00 UTC. */
const zeroMs = 1_795_510_800_000;
const minute = 60_000;
const at = (minutes: number, seconds = 0): number => zeroMs + minutes * minute + seconds * 1000;

const phaseTimes: Readonly<Record<PhaseKind, readonly [number, number]>> = {
  'warm-up': [at(0, 20), at(1)],
  baseline: [at(1), at(3)],
  fault: [at(3), at(5)],
  recovery: [at(5), at(7)],
};
const effect = { startMs: at(3, 7), endMs: at(5, 9) };

export function figure(value: number, unit: string, source: FigureSource, resolutionSec: number, samples?: number): Figure {
  return { state: 'value', value, unit, source, resolutionSec, ...(samples === undefined ? {} : { samples }) };
}

export function noData(unit: string, reason: string): Figure {
  return { state: 'no-data', unit, reason };
}

function latency(p50: number, p90: number, p95: number, p99: number, max: number, samples: number): LatencyFigures {
  const of = (value: number): Figure => figure(value, 'ms', 'client', 1, samples);
  return { p50: of(p50), p90: of(p90), p95: of(p95), p99: of(p99), max: of(max) };
}

interface PhaseNumbers {
  readonly kind: PhaseKind;
  readonly graded: readonly number[];
  readonly requests: number;
  readonly errors: PhaseFigures['errors'];
  readonly latency: readonly [number, number, number, number, number];
  readonly throttles: number;
}

function phase({ kind, graded, requests, errors, latency: q, throttles }: PhaseNumbers): PhaseFigures {
  const [startMs, endMs] = phaseTimes[kind];
  const failed = errors.reduce((sum, { count }) => sum + count, 0);
  const seconds = (endMs - startMs) / 1000;
  const flows = Math.round(requests / 4.6);
  const operations: [string, number, number][] = [
    ['create-cart', 0.22, 0.9],
    ['add-item', 0.33, 0.8],
    ['place-order', 0.22, 1.6],
    ['get-order', 0.23, 0.6],
  ];
  return {
    phase: kind,
    window: { startMs, endMs },
    gradedMinutes: graded,
    graded: graded.length > 0,
    requests,
    ratePerSec: figure(requests / seconds, 'requests/s', 'client', 1, requests),
    errorRate: figure((failed / requests) * 100, '%', 'client', 1, requests),
    latency: latency(...q, requests),
    operations: operations.map(([operation, share, slow]) => {
      const count = Math.round(requests * share);
      const own = errors.filter((error) => error.operation === operation).reduce((sum, error) => sum + error.count, 0);
      const [p50, p90, p95, p99, max] = q;
      const quantiles = latency(p50 * slow, p90 * slow, p95 * slow, p99 * Math.min(1, slow), max * Math.min(1, slow), count);
      return {
        operation,
        requests: count,
        errorRate: figure((own / count) * 100, '%', 'client', 1, count),
        latency: count < 1000 ? { ...quantiles, p99: noData('ms', `too few samples for p99: ${count} of 1,000`) } : quantiles,
      };
    }),
    errors,
    throttles: [
      {
        service: 'Lambda',
        resource: 'PlaceOrderFunction',
        reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        count: throttleFigure(throttles),
      },
      { service: 'Lambda', resource: 'CreateCartFunction', reason: 'Throttles', count: throttleFigure(0) },
      { service: 'DynamoDB', resource: 'OrdersTable', reason: 'ThrottledRequests', count: throttleFigure(0) },
    ],
    arrivals: {
      planned: flows,
      started: kind === 'fault' ? flows - 12 : flows,
      droppedSystemSlow: kind === 'fault' ? 12 : 0,
      droppedGeneratorSlow: 0,
      latenessP99Ms: figure(kind === 'fault' ? 6.2 : 1.4, 'ms', 'client', 1, flows),
    },
  };
}

function throttleFigure(count: number): Figure {
  return figure(count, 'count', 'cloudwatch', 60);
}

const phases: PhaseFigures[] = [
  phase({ kind: 'warm-up', graded: [], requests: 1210, errors: [], latency: [31.2, 92.4, 148, 611, 1204], throttles: 0 }),
  phase({ kind: 'baseline', graded: [at(1), at(2)], requests: 4816, errors: [], latency: [24.6, 41.8, 52.3, 87.1, 301], throttles: 0 }),
  phase({
    kind: 'fault',
    graded: [at(4)],
    requests: 4655,
    errors: [
      { kind: 'HTTP 503', operation: 'place-order', count: 633 },
      { kind: 'HTTP 404', operation: 'get-order', count: 58 },
      { kind: 'timeout', operation: 'place-order', count: 4 },
    ],
    latency: [25.9, 61.2, 402, 1837, 10_003, 0].slice(0, 5) as [number, number, number, number, number],
    throttles: 5172,
  }),
  phase({
    kind: 'recovery',
    graded: [at(6)],
    requests: 4829,
    errors: [{ kind: 'HTTP 503', operation: 'place-order', count: 41 }],
    latency: [24.9, 43.1, 55.0, 91.4, 688],
    throttles: 0,
  }),
];

function objective(
  sli: string,
  displayName: string,
  phaseKind: ObjectiveResult['phase'],
  value: Figure,
  criterion: string,
  warning?: string,
): ObjectiveResult {
  return {
    sli,
    displayName,
    phase: phaseKind,
    value,
    pass: [{ criterion, met: true }],
    warning: warning ? [{ criterion: warning, met: true }] : [],
    weight: 1,
    keySli: sli === 'error_rate',
    status: 'pass',
    score: 1,
  };
}

const objectives: ObjectiveResult[] = [
  objective('latency_p99', 'Latency p99', 'baseline', figure(87.1, 'ms', 'client', 1, 4816), '<=250', '<=400'),
  objective('error_rate', 'Error rate', 'baseline', figure(0, '%', 'client', 1, 4816), '<1'),
  objective('error_rate', 'Error rate', 'fault', figure(14.93, '%', 'client', 1, 4655), '<25'),
  objective('latency_p99', 'Latency p99', 'recovery', figure(91.4, 'ms', 'client', 1, 4829), '<=250', '<=400'),
  objective('time_to_recover', 'Time to recover', 'run', figure(14, 's', 'client', 1), '<=60'),
];

/** One value a second (or a `resolutionSec`) from warm-up to the end of recovery. */
function series(name: string, unit: string, source: FigureSource, resolutionSec: number, valueAt: (second: number) => number | null): ChartSeries {
  const points = [];
  const from = resolutionSec >= 60 ? at(0) : at(0, 20);
  for (let atMs = from; atMs < at(7); atMs += resolutionSec * 1000) points.push({ atMs, value: valueAt((atMs - zeroMs) / 1000) });
  return { name, unit, source, resolutionSec, points };
}

function charts(): Assessment['charts'] {
  const rng = seededRng('report fixture');
  const noise = (around: number, part: number): number => Math.round(around * (1 + (rng.next() - 0.5) * 2 * part) * 100) / 100;
  const inEffect = (second: number): boolean => second >= 187 && second < 309;
  const healing = (second: number): number => (second >= 309 && second < 323 ? (323 - second) / 14 : 0);
  const ramp = (second: number): number => Math.min(1, Math.max(0.1, (second - 18) / 30));
  const quantile = (calm: number, broken: number, spread: number) => (second: number) =>
    second === 256 ? null : noise(inEffect(second) ? broken : calm + (broken - calm) * healing(second) * 0.6 + (second < 45 ? calm * 2 : 0), spread);
  const perMinute = (values: readonly (number | null)[]) => (second: number) => values[Math.floor(second / 60)] ?? null;
  return {
    rate: [
      series('requests', 'requests/s', 'client', 1, (second) => Math.round(noise(40 * ramp(second), 0.12))),
      series('flow starts, planned', 'requests/s', 'client', 1, (second) => Math.round(8.7 * ramp(second) * 10) / 10),
    ],
    latency: [
      series('p50', 'ms', 'client', 1, quantile(24.6, 26, 0.15)),
      series('p95', 'ms', 'client', 1, quantile(52, 410, 0.3)),
      series('p99', 'ms', 'client', 1, quantile(87, 1850, 0.35)),
    ],
    errors: [
      series('HTTP 503', '%', 'client', 1, (second) => Math.round(noise(inEffect(second) ? 14.6 : 10 * healing(second), 0.5))),
      series('timeout', '%', 'client', 1, (second) => (inEffect(second) && rng.next() < 0.03 ? 1 : 0)),
    ],
    throttles: [
      series('Lambda PlaceOrderFunction', 'count', 'cloudwatch', 60, perMinute([0, 0, 0, 2210, 2588, 402, 0])),
      series('DynamoDB OrdersTable', 'count', 'cloudwatch', 60, perMinute([0, 0, 0, 0, 0, 0, 0])),
    ],
    concurrency: [
      series('PlaceOrderFunction, max', 'environments', 'cloudwatch', 60, perMinute([4, 3, 3, 1, 1, 3, 3])),
      series('account, max', 'environments', 'cloudwatch', 60, perMinute([9, 7, 8, 6, 5, 8, 7])),
    ],
  };
}

/** Two humps that the fault pulls apart, and a stripe of time-outs while it holds; columns of 2 s. */
function heatMap(): HeatMap {
  const rng = seededRng('heat map fixture');
  const [columnSec, rowsInDecade, decades] = [2, 10, 3];
  const edgesMs = Array.from({ length: rowsInDecade * decades + 1 }, (_, row) => Number((10 ** (1 + row / rowsInDecade)).toPrecision(6)));
  const hump = (row: number, around: number, width: number, height: number): number =>
    height * Math.exp(-(((row - around) / width) ** 2)) * (0.6 + 0.8 * rng.next());
  const counts = Array.from({ length: 200 }, (_, column) => {
    const broken = column * columnSec >= 167 && column * columnSec < 289;
    return edgesMs.slice(1).map((_edge, row) => {
      const stripe = broken && row === 29 && rng.next() < 0.2 ? 1 : 0;
      return Math.round(hump(row, 4, 2.2, 22) + hump(row, broken ? 21 : 8, 1.8, broken ? 9 : 6)) + stripe;
    });
  });
  return { startMs: at(0, 20), columnSec, edgesMs, counts };
}

/** A six-minute run with baseline, a throttled function, and recovery; everything held. */
export function passingRun(): Assessment {
  return {
    manifest: {
      recordVersion: 1,
      runId: '20261124-090012-7f3a',
      exercise: 'checkout/lambda-throttle',
      hypothesis:
        'When place-order is throttled to one environment, at most a quarter of the requests fail, and clients see the baseline again within a minute.',
      smoke: true,
      site: { name: 'lab', kind: 'lab', account: '123456789012', region: 'eu-central-1' },
      timeScale: 1,
      seed: '5f1c09a7d2e4b688',
      startedMs: at(0, 12),
      versions: { proofload: '0.1.0', node: '24.9.0', k6: '2.2.0 (built with the sample output)' },
      numbers: [
        { key: 'lambda.account-concurrency', status: 'documented' },
        { key: 'lambda.cold-start.nodejs', status: 'measured' },
        { key: 'apigateway.keep-alive', status: 'assumed' },
      ],
      flows: [{ name: 'checkout', operations: ['create-cart', 'add-item', 'place-order', 'get-order'], plannedArrivals: 3380, peakRatePerSec: 9 }],
      businessTransaction: { name: 'orders', operation: 'place-order' },
      faults: [
        {
          name: 'lambda-throttle',
          resource: 'PlaceOrderFunction',
          probe: 'Throttles of PlaceOrderFunction > 0',
          description: 'reserved concurrency 1',
        },
      ],
      objectives: { spec_version: '1.0', objectives: [{ sli: 'latency_p99', pass: [{ criteria: ['<=250'] }] }] },
    },
    verdict: 'pass',
    reasons: ['All 5 objectives were met.', 'The fault took effect for 2 min 2 s and clients saw the baseline again 14 s after its end.'],
    scope: 'in the lab: 41 documented, 1 measured, 12 assumed numbers',
    score: { achieved: 5, maximum: 5, percent: 100 },
    exitCode: 0,
    phases,
    phaseWindows: (Object.entries(phaseTimes) as [PhaseKind, [number, number]][]).map(([kind, [startMs, endMs]]) => ({ kind, startMs, endMs })),
    grades: gradesOf(objectives, undefined),
    objectives,
    faults: [
      {
        fault: 'lambda-throttle',
        resource: 'PlaceOrderFunction',
        description: 'sets reserved concurrency to 1 for 120 s',
        windows: { asked: { startMs: at(3), endMs: at(5) }, fis: { startMs: at(3, 2), endMs: at(5, 14) }, effect },
        probe: { name: 'Throttles of PlaceOrderFunction > 0', observed: true, value: figure(5200, 'count', 'cloudwatch', 60) },
        undo: [
          { resource: 'PlaceOrderFunction', outcome: 'already-restored', detail: 'the document restored reserved concurrency "absent" at 09:05:09' },
        ],
        timeToRecoverSec: figure(14, 's', 'client', 1),
        recoveryRule: 'first of 10 seconds in a row with error rate and p95 within 20 % of the baseline',
      },
    ],
    cost: fixtureCost,
    books: [
      { what: 'requests', left: { source: 'k6 http_reqs', count: 15_510 }, right: { source: 'the record', count: 15_510 }, agree: true },
      {
        what: 'requests at the front door',
        left: { source: 'the record', count: 15_510 },
        right: { source: 'AWS/ApiGateway Count', count: 15_510 },
        agree: true,
      },
      {
        what: 'attempts of PlaceOrderFunction',
        left: { source: 'the record', count: 3412 },
        right: { source: 'Invocations + Throttles', count: 3412 },
        agree: true,
      },
    ],
    charts: charts(),
    heatMap: heatMap(),
    transitionMinutes: [at(0), at(3), at(5)],
    timeline: [
      { atMs: at(0, 12), kind: 'run', text: 'run started' },
      { atMs: at(0, 20), kind: 'phase', text: 'warm-up started' },
      { atMs: at(1), kind: 'phase', text: 'baseline started' },
      { atMs: at(2, 58), kind: 'undo', text: 'undo registered: reserved concurrency of PlaceOrderFunction, found absent' },
      { atMs: at(3), kind: 'phase', text: 'fault started' },
      { atMs: at(3, 2), kind: 'fault', text: 'experiment EXP4cXfZ2bR9nQ1 running' },
      { atMs: at(3, 7), kind: 'fault', text: 'apply: reserved concurrency of PlaceOrderFunction set to 1' },
      { atMs: at(5), kind: 'phase', text: 'recovery started' },
      { atMs: at(5, 9), kind: 'fault', text: 'restore: reserved concurrency of PlaceOrderFunction removed' },
      { atMs: at(5, 14), kind: 'fault', text: 'experiment EXP4cXfZ2bR9nQ1 completed' },
      { atMs: at(7), kind: 'phase', text: 'recovery ended' },
      { atMs: at(7, 6), kind: 'run', text: 'drained after 6 s' },
      { atMs: at(8, 40), kind: 'run', text: 'run ended' },
    ],
    warnings: [
      {
        code: 'few-samples',
        message: 'p99 of place-order rests on 1,024 samples.',
        advice: 'Lengthen the phases or raise the rate for a firmer p99.',
        invalidates: false,
      },
    ],
    resources: [
      {
        logicalId: 'PlaceOrderFunction',
        physicalId: 'checkout-sync-PlaceOrderFunction',
        type: 'AWS::Lambda::Function',
        configuration: { Runtime: 'nodejs22.x', MemorySize: 512, Timeout: 10, ReservedConcurrentExecutions: 'absent' },
      },
      {
        logicalId: 'OrdersTable',
        physicalId: 'checkout-sync-OrdersTable',
        type: 'AWS::DynamoDB::Table',
        configuration: { BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }] },
      },
    ],
  };
}
