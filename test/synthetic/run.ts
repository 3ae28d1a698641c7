import { seededRng } from '../../lib/core/rng.ts';
import type { Arrival, CollectedMetric, JournalEvent, Manifest, PhaseKind, ResourceConfiguration, Sample } from '../../lib/record/types.ts';
import { createRecordWriter } from '../../lib/record/writer.ts';

/** A whole clock minute. */
export const t0 = 1_700_000_040_000;
const minute = 60_000;

/** A scripted run: everything about it is known, so that every figure has a known answer. */
export interface Script {
  /** Requests a second, evenly spaced; every fourth is place-order, every fourth add-item, the rest browse. */
  readonly ratePerSec: number;
  readonly warmUpSec: number;
  readonly baselineMin: number;
  /** 0: no fault phase and no recovery. */
  readonly faultMin: number;
  readonly recoveryMin: number;
  /** From the start of the fault phase to the effect, which ends with the phase. */
  readonly effectDelaySec: number;
  /** How long after the effect place-order goes on as during the fault. */
  readonly lingerSec: number;
  /** What happens to place-order during the fault: nothing, it is throttled (four of five fail with 503), or it stalls until the effect and its lingering are over. */
  readonly fault: 'nothing' | 'throttle' | 'stall';
  /** Latency in ms of the `index`-th request. */
  readonly latencyMs: (index: number) => number;
  readonly smoke: boolean;
  readonly objectives: unknown;
  readonly seed: string;
}

/** Latencies that are uniform on 20 to 100 ms over any stretch, without chance: p50 is 60, p99 99.2. */
function uniformLatencyMs(index: number): number {
  return 20 + 80 * ((index * 0.618_033_988_749_895) % 1);
}

export const defaultObjectives = {
  spec_version: '1.0',
  objectives: [
    { sli: 'latency_p99', pass: [{ criteria: ['<120'] }] },
    { sli: 'error_rate', pass: [{ criteria: ['<=0.5'] }], key_sli: true, phase: 'baseline' },
    { sli: 'time_to_recover', pass: [{ criteria: ['<=30'] }], warning: [{ criteria: ['<=60'] }] },
    { sli: 'throttles:lambda:PlaceOrderFunction', phase: 'fault' },
  ],
  total_score: { pass: '90%', warning: '75%' },
};

export const defaultScript: Script = {
  ratePerSec: 20,
  warmUpSec: 30,
  baselineMin: 2,
  faultMin: 3,
  recoveryMin: 2,
  effectDelaySec: 7,
  lingerSec: 12,
  fault: 'throttle',
  latencyMs: uniformLatencyMs,
  smoke: false,
  objectives: defaultObjectives,
  seed: 'synthetic',
};

const operations = ['browse', 'add-item', 'browse', 'place-order'] as const;

/** When everything happens. */
export interface Times {
  readonly startMs: number;
  readonly baselineMs: number;
  readonly faultMs: number;
  readonly effectMs: number;
  readonly recoveryMs: number;
  readonly endMs: number;
}

export function timesOf(script: Script): Times {
  const baselineMs = t0;
  const faultMs = baselineMs + script.baselineMin * minute;
  const recoveryMs = faultMs + script.faultMin * minute;
  const endMs = recoveryMs + (script.faultMin > 0 ? script.recoveryMin * minute : 0);
  return { startMs: t0 - script.warmUpSec * 1000, baselineMs, faultMs, effectMs: faultMs + script.effectDelaySec * 1000, recoveryMs, endMs };
}

/** The requests of the run, one after the other. */
export function* samplesOf(script: Script): Generator<Sample> {
  const times = timesOf(script);
  const rng = seededRng(script.seed);
  const badUntilMs = times.recoveryMs + script.lingerSec * 1000;
  const count = Math.round(((times.endMs - times.startMs) / 1000) * script.ratePerSec);
  for (let index = 0; index < count; index++) {
    const startMs = times.startMs + (index * 1000) / script.ratePerSec;
    const operation = operations[index % operations.length] ?? 'browse';
    const hit = script.fault !== 'nothing' && operation === 'place-order' && startMs >= times.effectMs && startMs < badUntilMs && script.faultMin > 0;
    const failed = hit && script.fault === 'throttle' && rng.next() < 0.8;
    const durationMs = hit && script.fault === 'stall' ? badUntilMs - startMs + 50 : failed ? 8 : script.latencyMs(index);
    yield { startMs, durationMs, operation, status: failed ? 503 : 200, error: '', ok: !failed, bytesReceived: 500 };
  }
}

export function manifestOf(script: Script): Manifest {
  return {
    recordVersion: 1,
    runId: 'synthetic',
    exercise: 'checkout/synthetic',
    hypothesis: 'Throttling place-order does not touch the rest.',
    smoke: script.smoke,
    site: { name: 'lab', kind: 'lab', account: '000000000000', region: 'us-east-1' },
    timeScale: 1,
    seed: script.seed,
    startedMs: timesOf(script).startMs,
    versions: { proofload: '0.1.0' },
    numbers: [
      { key: 'lambda.account-concurrency', status: 'documented' },
      { key: 'lambda.idle', status: 'assumed' },
    ],
    flows: [{ name: 'checkout', plannedArrivals: 100, peakRatePerSec: 1 }],
    businessTransaction: { name: 'order', operation: 'place-order' },
    faults:
      script.faultMin > 0
        ? [{ name: 'lambda-throttle', resource: 'PlaceOrderFunction', probe: 'AWS/Lambda Throttles > 0', description: 'one environment' }]
        : [],
    objectives: script.objectives,
  };
}

export function journalOf(script: Script, requests: number): JournalEvent[] {
  const times = timesOf(script);
  const phase = (kind: PhaseKind, startMs: number, endMs: number): JournalEvent[] => [
    { at: startMs + 4, kind: 'phase-started', phase: kind, plannedEndMs: endMs },
    { at: endMs + 3, kind: 'phase-ended', phase: kind },
  ];
  const fault = 'lambda-throttle';
  const effect = { startMs: times.effectMs, endMs: times.recoveryMs };
  const disturbed: JournalEvent[] = [
    {
      at: times.faultMs - 5000,
      kind: 'undo-registered',
      fault,
      resource: 'PlaceOrderFunction',
      setting: 'lambda:reserved-concurrency',
      found: 'absent',
      set: '1',
      place: 'ssm',
    },
    ...phase('fault', times.faultMs, times.recoveryMs),
    { at: times.faultMs, kind: 'fault-started', fault, experimentId: 'EXP1' },
    { at: times.recoveryMs, kind: 'fault-window', fault, of: 'effect', window: effect, source: 'ssm steps' },
    {
      at: times.recoveryMs,
      kind: 'fault-window',
      fault,
      of: 'fis',
      window: { startMs: times.faultMs + 1000, endMs: times.recoveryMs + 2000 },
      source: 'fis',
    },
    ...phase('recovery', times.recoveryMs, times.endMs),
    { at: times.endMs, kind: 'undo', fault, resource: 'PlaceOrderFunction', outcome: 'already-restored', detail: 'the document restored it' },
  ];
  const events: JournalEvent[] = [
    { at: times.startMs, kind: 'run-started', runId: 'synthetic', exercise: 'checkout/synthetic' },
    ...phase('warm-up', times.startMs, times.baselineMs),
    ...phase('baseline', times.baselineMs, times.faultMs),
    ...(script.faultMin > 0 ? disturbed : []),
    { at: times.endMs + 10, kind: 'traffic-ended', flow: 'checkout', exitCode: 0, detail: '', requests },
    { at: times.endMs + 90_000, kind: 'collected', series: 20, complete: true, detail: '' },
    { at: times.endMs + 90_010, kind: 'run-ended', reason: 'complete' },
  ];
  return events.sort((a, b) => a.at - b.at);
}

/** What CloudWatch would have of these samples: each request reached the front door; place-order's went to its function, the others to theirs. */
export function metricsOf(samples: readonly Sample[]): CollectedMetric[] {
  const perMinute = (wanted: (sample: Sample) => number): { atMs: number; value: number }[] => {
    const sums = new Map<number, number>();
    for (const sample of samples) {
      const at = Math.floor(sample.startMs / minute) * minute;
      const amount = wanted(sample);
      if (amount > 0) sums.set(at, (sums.get(at) ?? 0) + amount);
    }
    return [...sums].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs);
  };
  const minutes = perMinute(() => 1).map(({ atMs }) => atMs);
  const metric = (
    namespace: string,
    name: string,
    dimensions: Record<string, string>,
    resource: string,
    points: CollectedMetric['points'],
    statistic = 'Sum',
  ): CollectedMetric => {
    const sparse = name === 'Throttles' || name.endsWith('ThrottleEvents');
    const density = sparse ? { density: 'sparse' as const, witnessed: minutes } : { density: 'dense' as const };
    return { namespace, metric: name, dimensions, statistic, unit: 'Count', periodSec: 60, resource, points, ...density, complete: true };
  };
  const ofFunction = (resource: string, own: (sample: Sample) => boolean): CollectedMetric[] => {
    const dimensions = { FunctionName: `checkout-${resource}` };
    const throttled = (sample: Sample): boolean => sample.status === 503;
    return [
      metric(
        'AWS/Lambda',
        'Invocations',
        dimensions,
        resource,
        perMinute((sample) => (own(sample) && !throttled(sample) ? 1 : 0)),
      ),
      metric(
        'AWS/Lambda',
        'Throttles',
        dimensions,
        resource,
        perMinute((sample) => (own(sample) && throttled(sample) ? 1 : 0)),
      ),
      metric(
        'AWS/Lambda',
        'Duration',
        dimensions,
        resource,
        perMinute((sample) => (own(sample) && !throttled(sample) ? 10 : 0)),
      ),
      metric(
        'AWS/Lambda',
        'ConcurrentExecutions',
        dimensions,
        resource,
        minutes.map((atMs) => ({ atMs, value: 3 })),
        'Maximum',
      ),
    ];
  };
  const isOrder = (sample: Sample): boolean => sample.operation === 'place-order';
  const orders = (units: number) => perMinute((sample) => (isOrder(sample) && sample.ok ? units : 0));
  return [
    ...ofFunction('PlaceOrderFunction', isOrder),
    ...ofFunction('ShopFunction', (sample) => !isOrder(sample)),
    metric(
      'AWS/ApiGateway',
      'Count',
      { ApiId: 'api1' },
      'HttpApi',
      perMinute(() => 1),
    ),
    metric('AWS/DynamoDB', 'ConsumedWriteCapacityUnits', { TableName: 'checkout-Orders' }, 'OrdersTable', orders(4)),
    metric('AWS/DynamoDB', 'ConsumedReadCapacityUnits', { TableName: 'checkout-Orders' }, 'OrdersTable', orders(2)),
    metric('AWS/DynamoDB', 'WriteProvisionedThroughputThrottleEvents', { TableName: 'checkout-Orders' }, 'OrdersTable', []),
  ];
}

export const resources: readonly ResourceConfiguration[] = [
  { logicalId: 'HttpApi', physicalId: 'api1', type: 'AWS::ApiGatewayV2::Api', configuration: {} },
  {
    logicalId: 'PlaceOrderFunction',
    physicalId: 'checkout-PlaceOrderFunction',
    type: 'AWS::Lambda::Function',
    configuration: { MemorySize: 512, Architectures: ['arm64'] },
  },
  { logicalId: 'PlaceOrderFunctionPostPermission', physicalId: 'p1', type: 'AWS::Lambda::Permission', configuration: {} },
  {
    logicalId: 'ShopFunction',
    physicalId: 'checkout-ShopFunction',
    type: 'AWS::Lambda::Function',
    configuration: { MemorySize: 1024, Architectures: ['x86_64'] },
  },
  { logicalId: 'ShopFunctionGetPermission', physicalId: 'p2', type: 'AWS::Lambda::Permission', configuration: {} },
  {
    logicalId: 'OrdersTable',
    physicalId: 'checkout-Orders',
    type: 'AWS::DynamoDB::Table',
    configuration: { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } },
  },
];

/** One flow a second, on time. */
function arrivalsOf(script: Script): Arrival[] {
  const { startMs, endMs } = timesOf(script);
  return Array.from({ length: Math.round((endMs - startMs) / 100) }, (_, index) => {
    const intendedMs = startMs + index * 100;
    return { flow: 'checkout', intendedMs, startMs: intendedMs + 0.4, durationMs: 900 };
  });
}

/** What a test may change of the run before it is written. */
export interface Changes {
  readonly manifest?: Partial<Manifest>;
  readonly journal?: (events: JournalEvent[]) => JournalEvent[];
  readonly metrics?: (metrics: CollectedMetric[]) => CollectedMetric[];
  readonly resources?: (resources: readonly ResourceConfiguration[]) => ResourceConfiguration[];
  readonly samples?: (samples: Sample[]) => Sample[];
  readonly arrivals?: (arrivals: Arrival[]) => Arrival[];
}

/** Writes the scripted run into `folder` as a run would. */
export function writeSyntheticRun(folder: string, over: Partial<Script> = {}, changes: Changes = {}): void {
  const script = { ...defaultScript, ...over };
  const sent = [...samplesOf(script)];
  const samples = changes.samples?.(sent) ?? sent;
  const writer = createRecordWriter(folder);
  writer.manifest({ ...manifestOf(script), ...changes.manifest });
  writer.plan({ synthetic: true });
  writer.resources(changes.resources?.(resources) ?? resources);
  const journal = journalOf(script, sent.length);
  for (const event of changes.journal?.(journal) ?? journal) writer.event(event);
  for (let at = 0; at < samples.length; at += 5000) {
    writer.samples(samples.slice(at, at + 5000));
    writer.flush();
  }
  const arrivals = arrivalsOf(script);
  writer.arrivals(changes.arrivals?.(arrivals) ?? arrivals);
  const metrics = metricsOf(sent);
  writer.metrics(changes.metrics?.(metrics) ?? metrics);
  writer.close();
}
