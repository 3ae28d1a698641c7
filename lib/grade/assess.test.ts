import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Changes, defaultObjectives, type Script, t0, writeSyntheticRun } from '../../test/synthetic/run.ts';
import { Numbers } from '../core/numbers.ts';
import { packageRoot } from '../core/package-root.ts';
import { openRecord } from '../record/reader.ts';
import { assess } from './assess.ts';
import type { Assessment, Figure } from './types.ts';

const prices = Numbers.fromFile(join(packageRoot(), 'config', 'prices', 'us-east-1.yaml'));
const minute = 60_000;

let folder: string;
let runs = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofload-grade-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function graded(script: Partial<Script> = {}, changes: Changes = {}): Assessment {
  const path = join(folder, String(runs++));
  writeSyntheticRun(path, script, changes);
  return assess(openRecord(path), prices);
}

const phaseOf = (assessment: Assessment, kind: string) => assessment.phases.find(({ phase }) => phase === kind)!;
const numberIn = (figure: Figure): number => (figure.state === 'value' ? figure.value : Number.NaN);
const codes = (assessment: Assessment): string[] => assessment.warnings.map(({ code }) => code);

describe('a run with a throttled function that comes back', () => {
  test('passes, and its figures are the known ones', () => {
    const run = graded();
    expect([run.verdict, run.exitCode, run.reasons]).toEqual(['pass', 0, ['score 100 %']]);
    const baseline = phaseOf(run, 'baseline');
    expect(baseline.requests).toBe(2400);
    expect(numberIn(baseline.ratePerSec)).toBe(20);
    expect(Math.abs(numberIn(baseline.latency.p50) / 60 - 1)).toBeLessThan(0.01);
    expect(Math.abs(numberIn(baseline.latency.p99) / 99.2 - 1)).toBeLessThan(0.01);
    expect(run.books.map(({ agree }) => agree)).toEqual([true, true, true]);
    expect(run.warnings).toEqual([]);
    expect(run.scope).toBe('in the lab: 1 documented, 1 assumed numbers');
  });

  test('grades CloudWatch over the whole minutes inside the phase, and inside the effect in the fault phase', () => {
    const run = graded();
    const minutes = (kind: string): number[] => phaseOf(run, kind).gradedMinutes.map((at) => (at - t0) / minute);
    expect([minutes('baseline'), minutes('fault'), minutes('recovery')]).toEqual([
      [0, 1],
      [3, 4],
      [5, 6],
    ]);
    expect(run.transitionMinutes.map((at) => (at - t0) / minute)).toEqual([-1, 2]);
    expect(phaseOf(run, 'fault').window.startMs).toBe(t0 + 2 * minute + 7000);
  });

  test('counts the throttles of the named function in the graded minutes, and 0 where only the witness speaks', () => {
    const run = graded();
    const throttles = (kind: string) => phaseOf(run, kind).throttles.map(({ resource, reason, count }) => [resource, reason, numberIn(count)]);
    const failures = phaseOf(run, 'fault').errors.find(({ kind, operation }) => kind === 'HTTP 503' && operation === 'place-order')!.count;
    const [[, , counted] = []] = throttles('fault');
    expect(counted).toBeGreaterThan(400);
    expect(counted).toBeLessThan(failures);
    expect(throttles('baseline')).toEqual([
      ['PlaceOrderFunction', 'not told by AWS', 0],
      ['ShopFunction', 'not told by AWS', 0],
      ['OrdersTable', 'any reason', 0],
      ['HttpApi', 'HTTP 429', 0],
    ]);
    const reasons: Changes['metrics'] = (all) =>
      all.flatMap((each) =>
        each.metric.startsWith('WriteProvisioned')
          ? [
              each,
              { ...each, metric: 'WriteKeyRangeThroughputThrottleEvents', points: [{ atMs: t0, value: 5 }] },
              { ...each, metric: 'WriteThrottleEvents', points: [{ atMs: t0, value: 5 }] },
            ]
          : [each],
      );
    expect(phaseOf(graded({}, { metrics: reasons }), 'baseline').throttles.filter(({ service }) => service === 'dynamodb')).toMatchObject([
      { reason: 'WriteKeyRangeThroughputThrottleEvents', count: { value: 5 } },
    ]);
    expect(run.faults[0]!.probe).toMatchObject({ observed: true, name: 'AWS/Lambda Throttles > 0' });
  });

  test.each([
    { fault: 'throttle', lingerSec: 0 },
    { fault: 'throttle', lingerSec: 17.4 },
    { fault: 'stall', lingerSec: 17.4 },
    { fault: 'stall', lingerSec: 43 },
  ] as const)('finds the time to recover of a $fault that lingers $lingerSec s within 2 s, at low and high rates', ({ fault, lingerSec }) => {
    for (const ratePerSec of [8, 20, 200]) {
      const figure = graded({ fault, lingerSec, ratePerSec, seed: `${ratePerSec}` }).faults[0]!.timeToRecoverSec;
      expect(Math.abs(numberIn(figure) - lingerSec), `${ratePerSec} requests/s: ${JSON.stringify(figure)}`).toBeLessThanOrEqual(2);
    }
  });

  test('a system that does not come back has no time to recover, and its objective fails', () => {
    const objectives = {
      ...defaultObjectives,
      objectives: defaultObjectives.objectives.map((each) => ({ ...each, key_sli: each.sli === 'time_to_recover' })),
    };
    const run = graded({ lingerSec: 200, objectives });
    expect(run.faults[0]!.timeToRecoverSec).toEqual({ state: 'no-data', unit: 's', reason: 'not recovered within 2 min after the effect' });
    expect(run.objectives.find(({ sli }) => sli === 'time_to_recover')).toMatchObject({ status: 'fail', score: 0, phase: 'run' });
    expect([run.verdict, run.exitCode]).toEqual(['fail', 3]);
  });
});

describe('what cannot be trusted is invalid, whatever the objectives say', () => {
  const events = (...kinds: unknown[]): Changes => ({ journal: (all) => [...all, ...(kinds as typeof all)] });
  const at = t0 + 10 * minute;

  test('a fault that nothing observed (its action only waited)', () => {
    const run = graded({ fault: 'nothing' });
    expect([run.verdict, run.exitCode]).toEqual(['invalid', 4]);
    expect(run.reasons[0]).toBe('fault lambda-throttle on PlaceOrderFunction was not observed: AWS/Lambda Throttles > 0 is silent (0)');
  });

  test('lost samples; where the other side is incomplete nothing is proven, which is no data', () => {
    const lost = graded({}, { samples: (samples) => samples.slice(1) });
    expect([lost.verdict, lost.books[0]]).toMatchObject(['invalid', { left: { count: 9000 }, right: { count: 8999 }, agree: false }]);
    const doubled: Changes['metrics'] = (metrics) =>
      metrics.map((each) => (each.metric === 'Count' ? { ...each, complete: false, points: each.points.slice(1) } : each));
    const incomplete = graded({}, { metrics: doubled });
    expect(incomplete.books[1]!.agree).toBe(false);
    expect([incomplete.verdict, incomplete.exitCode, codes(incomplete)]).toEqual(['no-data', 4, ['books-do-not-balance', 'books-do-not-balance']]);
    expect(incomplete.reasons[0]).toMatch(/^the books are open, for the collection was not complete: requests at the front door: /);
    expect([incomplete.cost.totalUsd, incomplete.cost.perThousandUsd]).toMatchObject([
      { state: 'no-data', reason: 'the collection of the usage was not complete: HttpApi: apigateway.http-request' },
      { state: 'no-data' },
    ]);
  });

  test('a generator that told no count of its own: the line of requests sent is left out, and the report says so', () => {
    const uncounted = graded(
      {},
      {
        journal: (all) =>
          all.map((event) => {
            if (event.kind !== 'traffic-ended') return event;
            const { requests, ...others } = event;
            return requests === undefined ? event : others;
          }),
      },
    );
    expect([uncounted.verdict, codes(uncounted)]).toEqual(['pass', ['generator-count-unknown']]);
    expect(uncounted.books.map(({ what }) => what)).not.toContain('requests sent');
  });

  test('flows that the generator could not start in time', () => {
    const dropped = graded(
      {},
      {
        arrivals: (all) =>
          all.map((each, index) => (index === 1000 ? { flow: 'checkout', intendedMs: each.intendedMs, dropped: 'generator-slow' } : each)),
      },
    );
    expect([dropped.verdict, codes(dropped)]).toEqual(['invalid', ['generator-slow']]);
    const late = graded({}, { arrivals: (all) => all.map((each, index) => (index % 50 === 0 ? { ...each, startMs: each.intendedMs + 150 } : each)) });
    expect([late.verdict, new Set(codes(late))]).toEqual(['invalid', new Set(['generator-late'])]);
    const oneSlow = graded(
      {},
      {
        arrivals: (all) =>
          all.map((each, index) => (index === 1000 ? { flow: 'checkout', intendedMs: each.intendedMs, dropped: 'system-slow' } : each)),
      },
    );
    expect([oneSlow.verdict, codes(oneSlow), phaseOf(oneSlow, 'baseline').arrivals.droppedSystemSlow]).toEqual(['pass', ['system-slow'], 1]);
  });

  test('flows that the system held up count as failed: above 1 % of a phase the run fails, whatever its objectives say', () => {
    const everyNth = (nth: number): Assessment =>
      graded(
        {},
        {
          arrivals: (all) =>
            all.map((each, index) => (index % nth === 0 ? { flow: 'checkout', intendedMs: each.intendedMs, dropped: 'system-slow' } : each)),
        },
      );
    const half = everyNth(2);
    expect([half.verdict, half.exitCode, new Set(codes(half))]).toEqual(['fail', 3, new Set(['system-slow'])]);
    expect(half.reasons[0]).toBe('in the baseline phase 600 of 1200 flows did not start because the system held every virtual user: more than 1 %');
    expect([everyNth(100).verdict, everyNth(60).verdict]).toEqual(['pass', 'fail']);
  });

  test('a record whose evidence was never collected, unless the collection told why', () => {
    const without = (...more: unknown[]): Changes => ({
      journal: (all) => [...all.filter(({ kind }) => kind !== 'collected'), ...(more as typeof all)],
    });
    const died = graded({}, without());
    expect([died.verdict, died.exitCode, codes(died)]).toEqual(['invalid', 4, ['not-collected']]);
    const told = { code: 'collection-failed', message: 'the evidence could not be collected', advice: '', invalidates: true };
    expect(codes(graded({}, without({ at, kind: 'warning', warning: told })))).toEqual(['collection-failed']);
  });

  test('a generator that was killed, but not one whose thresholds were crossed: that is a fail', () => {
    const ending = (over: object): Changes => ({
      journal: (all) => all.map((event) => (event.kind === 'traffic-ended' ? { ...event, ...over } : event)),
    });
    expect(graded({}, ending({ exitCode: null }))).toMatchObject({ verdict: 'invalid', exitCode: 4 });
    expect(graded({}, ending({ exitCode: 99, thresholdsCrossed: ['http_req_failed'] }))).toMatchObject({ verdict: 'fail', exitCode: 3 });
  });

  test('a lab that was too busy: at its own pace only, and only for enough calls of what the traffic uses', () => {
    const excess = (operation: string, p99: number, calls: number, timeScale = 1, modelledP99 = 0): Assessment => {
      const points = [0, 1, 2, 3, 4, 5, 6].map((index) => ({ atMs: t0 + index * minute, value: p99 }));
      const metric = {
        namespace: 'Proofload/Lab',
        metric: 'Excess',
        dimensions: { Operation: operation },
        unit: 'Milliseconds',
        periodSec: 60,
        resource: 'lab',
        density: 'dense',
        complete: true,
      } as const;
      const added = [
        { ...metric, statistic: 'p99', points },
        { ...metric, statistic: 'SampleCount', points: points.map(({ atMs }) => ({ atMs, value: calls })) },
        ...(modelledP99 > 0
          ? [{ ...metric, metric: 'Modelled', statistic: 'p99', points: points.map(({ atMs }) => ({ atMs, value: modelledP99 })) }]
          : []),
      ];
      return graded({}, { metrics: (all) => [...all, ...added], manifest: { timeScale } });
    };
    expect(excess('dynamodb.PutItem', 2.5, 600)).toMatchObject({
      verdict: 'invalid',
      reasons: [
        expect.stringContaining('added 2.5 ms (p99) to dynamodb.PutItem, and 2.0 ms'),
        expect.anything(),
        expect.anything(),
        expect.anything(),
      ],
    });
    expect(excess('dynamodb.PutItem', 1.9, 600).verdict).toBe('pass');
    expect(excess('dynamodb.PutItem', 9, 100).verdict).toBe('pass');
    expect(excess('monitoring.GetMetricData', 9, 600).verdict).toBe('pass');
    // 5 % of what the operation is meant to take, except where that is a wait for messages.
    expect(excess('states.StartExecution', 5.4, 600, 1, 110).verdict).toBe('pass');
    expect(excess('states.StartExecution', 5.6, 600, 1, 110).reasons[0]).toContain('and 5.5 ms are allowed');
    expect(excess('sqs.ReceiveMessage', 5.4, 600, 1, 20_000).reasons[0]).toContain('and 2.0 ms are allowed');
    const fast = excess('dynamodb.PutItem', 2.5, 600, 20);
    expect([fast.verdict, codes(fast)]).toEqual(['pass', ['lab-too-busy', 'lab-too-busy', 'lab-too-busy', 'time-scale']]);
  });

  test('a run that did not end, was interrupted, was stopped, or left something behind: the first of 6, 130, 5, 4', () => {
    const interrupted = { at, kind: 'interrupted', by: 'SIGINT' };
    const stopped = { at, kind: 'stopped', by: 'stop-condition', detail: 'alarm errors is ALARM' };
    const undo = (outcome: string) => ({
      at,
      kind: 'undo',
      fault: 'lambda-throttle',
      resource: 'PlaceOrderFunction',
      outcome,
      detail: 'AccessDenied',
      command: 'aws lambda delete-function-concurrency',
    });
    expect(graded({}, { journal: (all) => all.filter(({ kind }) => kind !== 'run-ended') })).toMatchObject({ verdict: 'invalid', exitCode: 4 });
    expect(graded({}, events(interrupted))).toMatchObject({ verdict: 'invalid', exitCode: 130 });
    expect(graded({}, events(stopped))).toMatchObject({ verdict: 'invalid', exitCode: 5 });
    expect(graded({}, events(stopped, interrupted)).exitCode).toBe(130);
    expect(graded({}, events(undo('failed')))).toMatchObject({
      verdict: 'pass',
      exitCode: 6,
      warnings: [{ advice: 'aws lambda delete-function-concurrency' }],
    });
    expect(graded({}, events(undo('changed-by-other'), interrupted)).exitCode).toBe(6);
    expect(graded({}, events(undo('failed'), undo('restored'))).exitCode).toBe(0);
    const withoutUndo = (...more: unknown[]): Changes => ({
      journal: (all) => [...all.filter(({ kind }) => kind !== 'undo'), ...(more as typeof all)],
    });
    expect(graded({}, withoutUndo()).exitCode).toBe(6);
    expect(
      graded({}, withoutUndo({ at, kind: 'warning', warning: { code: 'lab-gone', message: 'the lab ended', advice: '', invalidates: true } }))
        .exitCode,
    ).toBe(4);
    const ended = (reason: string): Changes => ({
      journal: (all) => all.map((event) => (event.kind === 'run-ended' ? { ...event, reason } : event)),
    });
    expect(graded({}, ended('interrupted')).exitCode).toBe(130);
    expect(graded({}, ended('site-gone'))).toMatchObject({ verdict: 'invalid', exitCode: 4 });
  });
});

describe('what is not known is no data', () => {
  test('quantiles over too few samples', () => {
    const run = graded({ ratePerSec: 3, baselineMin: 2 });
    expect(phaseOf(run, 'baseline').latency.p99).toEqual({ state: 'no-data', unit: 'ms', reason: 'p99 needs 500 samples, there are 360' });
    expect(numberIn(phaseOf(run, 'baseline').latency.p95)).toBeGreaterThan(90);
    expect([run.verdict, run.exitCode]).toEqual(['no-data', 4]);
    expect(codes(run)).toContain('too-few-samples');
  });

  test('phases that hold too few whole minutes; one is enough in a smoke run, and the scope says so', () => {
    const short: Partial<Script> = { baselineMin: 1, faultMin: 2, recoveryMin: 1 };
    const full = graded(short);
    expect(full.phases.map(({ graded: each }) => each)).toEqual([false, false, false, false]);
    expect(phaseOf(full, 'fault').throttles[0]!.count).toMatchObject({ state: 'no-data', reason: 'only 1 whole clock minute to grade' });
    const smoke = graded({ ...short, smoke: true });
    expect(smoke.phases.map(({ graded: each }) => each)).toEqual([false, true, true, true]);
    expect(smoke.scope).toContain('smoke: 1 whole minute a phase is enough');
  });

  test('a run whose objectives ask nothing', () => {
    expect(graded({ objectives: { spec_version: '1.0', objectives: [{ sli: 'latency_p95' }] } })).toMatchObject({ verdict: 'no-data', exitCode: 4 });
  });

  test('a run whose objectives fail without weight, or pass without any', () => {
    const weightless = (limit: string) => ({ spec_version: '1.0', objectives: [{ sli: 'latency_p95', pass: [{ criteria: [limit] }], weight: 0 }] });
    for (const limit of ['<1', '<1000'])
      expect(graded({ objectives: weightless(limit) })).toMatchObject({
        verdict: 'no-data',
        exitCode: 4,
        reasons: expect.arrayContaining(['no objective has pass criteria and a weight above 0, so nothing was asked of the run']),
      });
  });

  test('a record that holds nothing but its manifest', () => {
    const run = graded({}, { journal: () => [], metrics: () => [], samples: () => [], arrivals: () => [] });
    expect([run.verdict, run.exitCode, run.phases]).toEqual(['invalid', 4, []]);
  });
});

test('figures name who says so: the throttles of clients and of CloudWatch, and an effect whose end was guessed', () => {
  const objectives = {
    spec_version: '1.0',
    objectives: ['throttles', 'throttles:lambda', 'throttles:apigateway'].map((sli) => ({ sli, pass: [{ criteria: ['>=0'] }], phase: 'baseline' })),
  };
  expect(graded({ objectives }).objectives.map(({ value }) => value)).toMatchObject([
    { value: 0, source: 'inferred' },
    { value: 0, source: 'cloudwatch', resolutionSec: 60 },
    { value: 0, source: 'client', resolutionSec: 1 },
  ]);
  const guessed = graded(
    {},
    {
      journal: (all) =>
        all.map((event) => (event.kind === 'fault-window' && event.of === 'effect' ? { ...event, source: 'inferred: until the undo' } : event)),
    },
  );
  expect([graded(), guessed].map(({ faults }) => faults[0]!.timeToRecoverSec)).toMatchObject([{ source: 'client' }, { source: 'inferred' }]);
});

test('a run without a fault and the same traffic passes', () => {
  const objectives = {
    spec_version: '1.0',
    objectives: [
      { sli: 'latency_p99', pass: [{ criteria: ['<120'] }] },
      { sli: 'throttles', pass: [{ criteria: ['=0'] }] },
    ],
  };
  expect(graded({ faultMin: 0, objectives })).toMatchObject({
    verdict: 'pass',
    exitCode: 0,
    faults: [],
    score: { achieved: 2, maximum: 2, percent: 100 },
  });
});

test('the cost is the one that a hand calculation gives', () => {
  const run = graded({ faultMin: 0 });
  // 150 s at 20 requests/s: 3,000 requests, 750 of them orders of 10 ms at 512 MB on arm, 2,250 others of 10 ms at 1,024 MB on x86.
  const lambda = (3000 * 0.2) / 1e6 + 750 * 0.01 * 0.5 * 0.0000133334 + 2250 * 0.01 * 1 * 0.0000166667;
  const logs = (3000 * 512 * 0.5) / 2 ** 30;
  const api = 3000 / 1e6;
  const table = (750 * 4 * 0.625) / 1e6 + (750 * 2 * 0.125) / 1e6;
  const reads = (2 * 20 * 0.01) / 1000;
  expect(numberIn(run.cost.totalUsd)).toBeCloseTo(lambda + logs + api + table + reads, 12);
  expect(run.cost.transactions).toBe(750);
  expect(numberIn(run.cost.perThousandUsd)).toBeCloseTo(((lambda + logs + api + table) / 750) * 1000, 12);
  expect(run.cost.unpriced).toEqual([]);
  expect(run.cost.untold).toEqual([
    'PlaceOrderFunction: init time of cold starts (in no metric of CloudWatch)',
    'ShopFunction: init time of cold starts (in no metric of CloudWatch)',
    'OrdersTable: storage',
  ]);
  const fault = graded();
  expect(fault.cost.items.filter(({ resource }) => resource === 'proofload').map(({ dimension, quantity }) => [dimension, quantity])).toEqual([
    ['fis.action-minute', 3],
    ['cloudwatch.alarm-month', expect.any(Number)],
    ['cloudwatch.get-metric-data', 40],
  ]);
});

test('charts have gaps where nothing is known and at most 2,000 points', () => {
  const run = graded({}, { samples: (samples) => samples.filter(({ startMs }) => startMs < t0 + 30_000 || startMs >= t0 + 31_000) });
  const gap = run.charts.latency[0]!.points.find(({ atMs }) => atMs === t0 + 30_000);
  expect([gap?.value, run.charts.rate[0]!.points.find(({ atMs }) => atMs === t0 + 30_000)?.value]).toEqual([null, 0]);
  expect(run.charts.latency.map(({ name }) => name)).toEqual(['p50', 'p95', 'p99']);
  expect(run.charts.errors.map(({ name }) => name)).toEqual(['error rate', 'HTTP 503']);
  expect(run.charts.throttles[0]!.points.slice(0, 4).map(({ value }) => value)).toEqual([0, 0, 0, expect.any(Number)]);
  const long = graded({ ratePerSec: 0.5, baselineMin: 60, faultMin: 0 });
  expect(long.charts.rate[0]!.points.length).toBeLessThanOrEqual(2000);
  expect(long.charts.rate[0]!.resolutionSec).toBe(2);
});

test('the whole assessment of the scripted run is the golden one', async () => {
  const { charts, heatMap, ...rest } = graded();
  expect(heatMap?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(
    charts.rate[0]!.points.reduce((sum, { value }) => sum + (value ?? 0), 0),
  );
  const brief = Object.fromEntries(
    Object.entries(charts).map(([name, series]) => [
      name,
      series.map((each: { points: unknown[] }) => ({ ...each, points: each.points.length > 20 ? each.points.slice(150, 154) : each.points })),
    ]),
  );
  await expect(`${JSON.stringify({ ...rest, charts: brief }, null, 2)}\n`).toMatchFileSnapshot('../../test/golden/assessment.json');
});
