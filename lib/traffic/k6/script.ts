import type { Segment } from '../arrivals.ts';
import { lastArrivalSlack } from '../schedule.ts';

/** What the wrapper around a flow needs to know. */
export interface WrapperPlan {
  /** Absolute path of the flow. */
  readonly flowFile: string;
  /** The flow's name: k6's scenario. */
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly virtualUsers: number;
  /** How long k6 waits at the end for iterations that still run. */
  readonly gracefulStopSec: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Wall epoch at which the first segment begins; absent: as soon as k6 is ready. */
  readonly startAtWallMs?: number;
}

/** k6 takes whole numbers of iterations a time unit: with this one a rate has a resolution of 0.001 a second. */
const timeUnitSec = 1000;
/** After the last segment, long enough for an arrival that is meant for its very end. */
const tailMs = 500;
/** Tags without which samples could not be told apart; added to whatever the flow's `systemTags` leaves. */
const neededTags = ['name', 'status', 'error_code', 'expected_response', 'scenario', 'check'];

/**
 * k6's `ramping-arrival-rate` for the segments. A jump is a stage of no length. k6 stops a scenario at its last stage's
 * end, which would now and then lose an arrival meant for that very moment: a tail whose whole area is the slack that
 * the schedule's count has (lib/traffic/schedule.ts) lets it come and adds none.
 */
export function scenarioOf(plan: WrapperPlan): Readonly<Record<string, unknown>> {
  const target = (perSec: number): number => Math.round(perSec * timeUnitSec);
  const stages: { target: number; duration: string }[] = [];
  const first = plan.segments[0]?.fromPerSec ?? 0;
  let rate = first;
  for (const segment of plan.segments) {
    if (segment.fromPerSec !== rate) stages.push({ target: target(segment.fromPerSec), duration: '0s' });
    stages.push({ target: target(segment.toPerSec), duration: `${Math.round(segment.durationSec * 1000)}ms` });
    rate = segment.toPerSec;
  }
  const tailTarget = target((lastArrivalSlack * 1000) / tailMs);
  stages.push({ target: tailTarget, duration: '0s' }, { target: tailTarget, duration: `${tailMs}ms` });
  return {
    executor: 'ramping-arrival-rate',
    startRate: target(first),
    timeUnit: `${timeUnitSec}s`,
    preAllocatedVUs: plan.virtualUsers,
    maxVUs: plan.virtualUsers,
    gracefulStop: `${Math.ceil(plan.gracefulStopSec * 1000)}ms`,
    stages,
  };
}

/** A flow's name as k6 takes it for a scenario, and as a file may be called. */
export function fileWord(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '-');
}

/**
 * The script that k6 runs: the flow's own exports, thresholds and options, with one scenario in place of whatever the
 * flow would run alone, and a default function that marks each iteration with its number (read by the outputs).
 */
export function wrapperScript(plan: WrapperPlan): string {
  const flow = JSON.stringify(plan.flowFile);
  const waits = plan.startAtWallMs !== undefined;
  const added = { scenarios: { [fileWord(plan.name)]: scenarioOf(plan) }, ...(waits ? { setupTimeout: '3600s' } : {}) };
  return `import * as flow from ${flow};
import exec from 'k6/execution';
import { Gauge } from 'k6/metrics';
${waits ? "import { sleep } from 'k6';\n" : ''}export * from ${flow};

if (typeof flow.default !== 'function') throw new Error('the flow has no default function: export default function () { ... }');
const run = flow.default;
const started = new Gauge('proofload_scenario_start');
const { vus, duration, iterations, stages, executor, systemTags, tags, ...rest } = flow.options ?? {};
export const options = {
  ...rest,
  ...(systemTags ? { systemTags: [...new Set([...systemTags, ...${JSON.stringify(neededTags)}])] } : {}),
  tags: { ...tags, ...${JSON.stringify(plan.tags)} },
  ...${JSON.stringify(added)},
};

let scenario, metadata; // k6 makes these objects anew at each access, which costs more than a small pass

export default function (data) {
  scenario ??= exec.scenario;
  metadata ??= exec.vu.metrics.metadata;
  const index = scenario.iterationInTest;
  metadata.proofload_index = index;
  if (index === 0) started.add(1);
  return run(data);
}
${waits ? waitingSetup(plan.startAtWallMs ?? 0) : ''}`;
}

function waitingSetup(startAtWallMs: number): string {
  return `
export async function setup() {
  const data = flow.setup ? await flow.setup() : undefined;
  const waitMs = ${startAtWallMs} - Date.now();
  if (waitMs > 0) sleep(waitMs / 1000);
  return data;
}
`;
}
