import { join } from 'node:path';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { CollectedMetric, ResourceConfiguration, Sample } from '../../lib/record/types.ts';
import { createRecordWriter, type RecordWriter } from '../../lib/record/writer.ts';
import { defaultScript, journalOf, manifestOf, type Script, timesOf } from '../../test/synthetic/run.ts';
import { operations, secondsOfSamples } from './samples.ts';

const minuteMs = 60_000;
/** Requests of one flow. */
const flowRequests = 8;

/** An hour at 5,000 requests a second with one fault. */
export const hour: Script = {
  ...defaultScript,
  ratePerSec: 5_000,
  warmUpSec: 120,
  baselineMin: 22,
  faultMin: 22,
  recoveryMin: 14,
  smoke: false,
  objectives: objectivesOf(),
  seed: 'an hour at 5,000 requests a second',
};

function objectivesOf(): unknown {
  const of = (sli: string, criteria: string, phase?: string) => ({ sli, pass: [{ criteria: [criteria] }], ...(phase ? { phase } : {}) });
  return {
    spec_version: '1.0',
    comparison: { compare_with: 'single_result', include_result_with_score: 'pass' },
    objectives: [
      ...operations.map(({ name, medianMs }) => of(`latency_p99:${name}`, `<${medianMs * 20}`, 'baseline')),
      of('latency_p99:place-order', '<=+10%', 'baseline'),
      of('error_rate', '<=0.5', 'baseline'),
      of('error_rate:place-order', '<=1'),
      of('time_to_recover', '<=60'),
      of('cost_per_thousand', '<100', 'baseline'),
      { sli: 'throttles:lambda:PlaceOrderFunction', phase: 'fault' },
    ],
    total_score: { pass: '90%', warning: '75%' },
  };
}

/** Writes the record of a run as the run itself would, flush by flush; what it tells is how many samples there are. */
export function writeBigRecord(folder: string, script: Script = hour): number {
  const writer = createRecordWriter(folder);
  writer.manifest(manifestOf(script));
  writer.plan({});
  writer.resources(resources);
  const prices = Numbers.fromFile(join(packageRoot(), 'config/prices/us-east-1.yaml'));
  writer.prices(Object.fromEntries(prices.keys().map((key) => [key, prices.entry(key)])));
  const counts = new Counts();
  let samples = 0;
  let second = 0;
  for (const batch of secondsOfSamples(script)) {
    writer.samples(batch);
    counts.add(batch);
    samples += batch.length;
    if (second * 1000 < timesOf(script).endMs - timesOf(script).startMs) aroundOf(writer, script, second++);
    writer.flush();
  }
  for (const event of journalOf(script, samples)) writer.event(event);
  writer.metrics(counts.metrics());
  writer.close();
  return samples;
}

/** What a second of a run holds beside its samples: the flows that started, and how the generator's machine was. */
function aroundOf(writer: RecordWriter, script: Script, second: number): void {
  const secondMs = timesOf(script).startMs + second * 1000;
  const flows = script.ratePerSec / flowRequests;
  writer.arrivals(
    Array.from({ length: flows }, (_, index) => {
      const intendedMs = secondMs + (index * 1000) / flows;
      return { flow: 'checkout', intendedMs, startMs: intendedMs + (index % 16) / 8, durationMs: 9_000 + index };
    }),
  );
  writer.health({ atMs: secondMs, generatorCpu: 0.4, machineCpu: 0.3, lagMs: 1 });
}

const resources: readonly ResourceConfiguration[] = [
  { logicalId: 'HttpApi', physicalId: 'api1', type: 'AWS::ApiGatewayV2::Api', configuration: {} },
  ...operations.map(({ resource }) => ({
    logicalId: resource,
    physicalId: `checkout-${resource}`,
    type: 'AWS::Lambda::Function',
    configuration: { MemorySize: 512, Architectures: ['arm64'] },
    invokedBy: ['apigateway.amazonaws.com'],
  })),
];

/** What CloudWatch would have of the samples, counted by the minute while they pass. */
class Counts {
  readonly #byResource = new Map(
    operations.map(({ resource }) => [resource, { invoked: new Map<number, number>(), throttled: new Map<number, number>() }]),
  );
  readonly #all = new Map<number, number>();

  add(samples: readonly Sample[]): void {
    for (const { startMs, operation, status } of samples) {
      const minute = Math.floor(startMs / minuteMs) * minuteMs;
      const own = this.#byResource.get(operations.find(({ name }) => name === operation)?.resource ?? '');
      const counted = status === 503 ? own?.throttled : own?.invoked;
      for (const each of [this.#all, counted]) each?.set(minute, (each.get(minute) ?? 0) + 1);
    }
  }

  metrics(): CollectedMetric[] {
    return [
      this.#metric('AWS/ApiGateway', 'Count', { ApiId: 'api1' }, 'HttpApi', this.#all),
      ...[...this.#byResource].flatMap(([resource, { invoked, throttled }]) => {
        const dimensions = { FunctionName: `checkout-${resource}` };
        const ofAll = (factor: number) => new Map([...invoked].map(([minute, count]) => [minute, count * factor]));
        return [
          this.#metric('AWS/Lambda', 'Invocations', dimensions, resource, invoked),
          this.#metric('AWS/Lambda', 'Throttles', dimensions, resource, throttled),
          this.#metric('AWS/Lambda', 'Duration', dimensions, resource, ofAll(12)),
          this.#metric('AWS/Lambda', 'ConcurrentExecutions', dimensions, resource, ofAll(1 / 3_000), 'Maximum'),
        ];
      }),
    ];
  }

  #metric(
    namespace: string,
    metric: string,
    dimensions: Record<string, string>,
    resource: string,
    sums: ReadonlyMap<number, number>,
    statistic = 'Sum',
  ): CollectedMetric {
    const points = [...sums].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs);
    const minutes = [...this.#all.keys()].sort((a, b) => a - b);
    const density = metric === 'Throttles' ? { density: 'sparse' as const, witnessed: minutes } : { density: 'dense' as const };
    return { namespace, metric, dimensions, statistic, unit: 'Count', periodSec: 60, resource, points, ...density, complete: true };
  }
}
