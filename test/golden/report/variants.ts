import { gradesOf } from '../../../lib/grade/grades.ts';
import type { Assessment, LatencyFigures, PhaseFigures } from '../../../lib/grade/types.ts';
import { figure, noData, passingRun } from './fixture.ts';

/** The run with the grades that its objectives and invariants come to. */
function regraded(run: Assessment): Assessment {
  return { ...run, grades: gradesOf(run.objectives, run.integrity) };
}

/** The fault did not take effect, so nothing about it was shown. */
export function invalidRun(): Assessment {
  const run = passingRun();
  const [fault] = run.faults;
  return {
    ...run,
    verdict: 'invalid',
    exitCode: 4,
    reasons: ['fault-not-observed: the probe "Throttles of PlaceOrderFunction > 0" stayed silent.', 'The books differ by 38 requests.'],
    faults: fault
      ? [
          {
            ...fault,
            windows: { asked: fault.windows.asked!, fis: fault.windows.fis! },
            probe: { ...fault.probe, observed: false, value: figure(0, 'count', 'cloudwatch', 60) },
            timeToRecoverSec: noData('s', 'the fault had no effect to recover from'),
          },
        ]
      : [],
    books: run.books.map((line, index) => (index === 1 ? { ...line, right: { ...line.right, count: 15_472 }, agree: false } : line)),
    warnings: [
      {
        code: 'generator-short-of-cpu',
        message: 'The generator used 1.97 of 2 cores for 41 s.',
        advice: 'Lower the rate, or drive from a larger machine.',
        invalidates: true,
      },
      ...run.warnings,
    ],
  };
}

/** A failing run on AWS: an unmet objective, invariants that do not hold or could not be checked, a change by somebody else during the fault, a resource without a price. */
export function failingRun(): Assessment {
  const run = passingRun();
  const [fault] = run.faults;
  return regraded({
    ...run,
    manifest: { ...run.manifest, smoke: false, site: { ...run.manifest.site, name: 'staging', kind: 'aws' }, numbers: [] },
    verdict: 'fail',
    exitCode: 6,
    reasons: [
      'invariant order-confirmed-or-compensated is violated 12 times in 2,670 checked: order-0001, order-0002, order-0003, order-0004, order-0005 and 7 more',
      'Error rate in the fault phase: 14.9 % measured, < 5 % asked for (key objective).',
    ],
    scope: 'account 123456789012, region eu-central-1',
    score: { achieved: 4, maximum: 5, percent: 80 },
    objectives: run.objectives.map((each) =>
      each.sli === 'error_rate' && each.phase === 'fault'
        ? { ...each, status: 'fail', score: 0, pass: [{ criterion: '<5', met: false }], warning: [{ criterion: '<10', met: false }] }
        : each,
    ),
    integrity: {
      invariants: [
        { name: 'no-oversell', holds: 'No SKU is sold more often than it was in stock.', state: 'holds', checked: 500, violations: 0, examples: [] },
        {
          name: 'order-confirmed-or-compensated',
          holds: 'Every accepted order is confirmed, or every step of it is compensated.',
          state: 'violated',
          checked: 2670,
          violations: 12,
          examples: Array.from({ length: 12 }, (_, index) => ({
            id: `order-${String(index + 1).padStart(4, '0')}`,
            detail: 'CHARGED, and no refund of charge ch_81 is known',
          })),
        },
        {
          name: 'charged-once',
          holds: 'No order is charged twice.',
          state: 'no-data',
          checked: 0,
          violations: 0,
          examples: [],
          reason: 'AccessDeniedException: not authorized to perform dynamodb:Scan',
        },
      ],
      drained: { waitedMs: 61_000, quiet: false, detail: 'the drain limit of 1 min passed: the system still has something open' },
    },
    faults: fault
      ? [
          {
            ...fault,
            undo: [
              {
                resource: 'PlaceOrderFunction',
                outcome: 'failed',
                detail: 'AccessDeniedException on DeleteFunctionConcurrency',
                command: 'proofload recover --site staging',
              },
            ],
          },
        ]
      : [],
    cost: { ...run.cost, unpriced: ['CheckoutLogs (AWS::Logs::LogGroup)'] },
  });
}

/** Nothing was measured: each figure says why. */
export function emptyRun(): Assessment {
  const { heatMap: _ofRequests, ...run } = passingRun();
  const why = 'no request was made in this phase';
  const silent: LatencyFigures = {
    p50: noData('ms', why),
    p90: noData('ms', why),
    p95: noData('ms', why),
    p99: noData('ms', why),
    max: noData('ms', why),
  };
  const phases: PhaseFigures[] = run.phases.slice(0, 2).map((phase) => ({
    ...phase,
    requests: 0,
    ratePerSec: noData('requests/s', why),
    errorRate: noData('%', why),
    latency: silent,
    operations: [],
    errors: [],
    throttles: [],
    arrivals: { planned: 0, started: 0, droppedSystemSlow: 0, droppedGeneratorSlow: 0, latenessP99Ms: noData('ms', why) },
  }));
  return regraded({
    ...run,
    verdict: 'no-data',
    exitCode: 4,
    reasons: [],
    score: { achieved: 0, maximum: 0, percent: 0 },
    phases,
    objectives: run.objectives
      .slice(0, 1)
      .map((each) => ({ ...each, status: 'no-data', score: 0, value: noData('ms', why), pass: [{ criterion: '<=250', met: false }] })),
    faults: [],
    cost: {
      ...run.cost,
      totalUsd: noData('USD', 'no usage was collected'),
      systemUsd: noData('USD', 'no usage was collected'),
      perThousandUsd: noData('USD', 'no order was placed'),
      monthUsd: noData('USD', 'no usage was collected'),
      month: [],
      phases: [],
      reasons: [],
      fault: { extraUsd: noData('USD', 'no usage was collected'), items: [] },
      transactions: 0,
      items: [],
      untold: [],
    },
    books: [],
    charts: { rate: [], latency: [], errors: [], throttles: [], concurrency: [] },
    transitionMinutes: [],
    warnings: [],
    resources: [],
  });
}

/** Ctrl-C in the middle of the fault. */
export function interruptedRun(): Assessment {
  const run = passingRun();
  const cut = run.phaseWindows[2]!.startMs + 41_000;
  const before = <T extends { readonly atMs: number }>(points: readonly T[]): T[] => points.filter(({ atMs }) => atMs < cut);
  const cutSeries = (all: Assessment['charts']['rate']): Assessment['charts']['rate'] =>
    all.map((each) => ({ ...each, points: before(each.points) }));
  const { charts } = run;
  return regraded({
    ...run,
    verdict: 'invalid',
    exitCode: 130,
    reasons: ['The run was interrupted by SIGINT 41 s into the fault phase.'],
    phases: run.phases.slice(0, 3).map((phase) => (phase.phase === 'fault' ? { ...phase, graded: false, gradedMinutes: [] } : phase)),
    phaseWindows: run.phaseWindows.slice(0, 3).map((window) => (window.kind === 'fault' ? { ...window, endMs: cut } : window)),
    objectives: run.objectives.slice(0, 2),
    charts: {
      rate: cutSeries(charts.rate),
      latency: cutSeries(charts.latency),
      errors: cutSeries(charts.errors),
      throttles: cutSeries(charts.throttles),
      concurrency: cutSeries(charts.concurrency),
    },
    transitionMinutes: run.transitionMinutes.slice(0, 2),
    timeline: [...before(run.timeline), { atMs: cut, kind: 'interrupted', text: 'interrupted by SIGINT' }],
  });
}

/** Text that wants to be markup, a terminal command, a disguise or very long. */
export const hostileText = `"><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'\`</script><!--\u2028\u2029\u001b[31m\u202egnp.exe`;
const longName = `Very${'Long'.repeat(60)}Name`;

/** Every string of the run is hostile. */
export function hostileRun(): Assessment {
  const run = passingRun();
  const [fault] = run.faults;
  const hostileSeries = (all: Assessment['charts']['rate']): Assessment['charts']['rate'] =>
    all.map((each, index) => (index === 0 ? { ...each, name: `${hostileText} ${each.name}` } : { ...each, name: longName }));
  return regraded({
    ...run,
    manifest: {
      ...run.manifest,
      exercise: hostileText,
      hypothesis: `${hostileText} | **bold** [link](javascript:alert(1)) @someone #12`,
      seed: hostileText,
      versions: { ...run.manifest.versions, [hostileText]: hostileText },
    },
    verdict: 'warning',
    reasons: [hostileText, longName],
    scope: hostileText,
    phases: run.phases.map((phase) => ({
      ...phase,
      operations: phase.operations.map((operation, index) => ({ ...operation, operation: index === 0 ? hostileText : longName })),
      errors: [{ kind: hostileText, operation: longName, count: 3 }],
      throttles: [{ service: hostileText, resource: longName, reason: hostileText, count: noData('count', hostileText) }],
    })),
    objectives: run.objectives.map((each) => ({ ...each, displayName: hostileText, status: 'warning', value: noData('ms', hostileText) })),
    integrity: {
      invariants: [
        { name: hostileText, holds: longName, state: 'violated', checked: 1, violations: 1, examples: [{ id: longName, detail: hostileText }] },
        { name: longName, holds: hostileText, state: 'no-data', checked: 0, violations: 0, examples: [], reason: hostileText },
      ],
      drained: { waitedMs: 1000, quiet: false, detail: hostileText },
    },
    faults: fault
      ? [
          {
            ...fault,
            fault: hostileText,
            resource: longName,
            description: hostileText,
            undo: [{ resource: longName, outcome: 'failed', detail: hostileText, command: hostileText }],
          },
        ]
      : [],
    cost: {
      ...run.cost,
      transaction: hostileText,
      items: run.cost.items.map((item) => ({ ...item, resource: longName, dimension: hostileText })),
      reasons: run.cost.reasons.map((each) => ({ ...each, resource: longName, unit: hostileText, what: hostileText })),
      fault: { extraUsd: run.cost.monthUsd, items: [{ resource: longName, dimension: hostileText, usd: 100 }] },
      unpriced: [hostileText],
      untold: [hostileText],
    },
    books: [{ what: hostileText, left: { source: longName, count: 1 }, right: { source: hostileText, count: 2 }, agree: false }],
    charts: {
      rate: hostileSeries(run.charts.rate),
      latency: hostileSeries(run.charts.latency),
      errors: hostileSeries(run.charts.errors),
      throttles: hostileSeries(run.charts.throttles),
      concurrency: hostileSeries(run.charts.concurrency),
    },
    timeline: [{ atMs: run.manifest.startedMs, kind: hostileText, text: `${hostileText} ${longName}` }],
    warnings: [{ code: hostileText, message: hostileText, advice: hostileText, invalidates: true }],
    resources: [
      {
        logicalId: hostileText,
        physicalId: longName,
        type: hostileText,
        configuration: { [hostileText]: hostileText, deep: { nested: hostileText } },
      },
    ],
  });
}
