import { messageOf } from '../core/errors.ts';
import { type PhaseSpan, segmentsOf } from '../traffic/arrivals.ts';
import { inspectFlow } from '../traffic/k6/inspect.ts';
import type { K6Binary } from '../traffic/k6/probe.ts';
import { startK6 } from '../traffic/k6/run.ts';
import type { RunningTraffic, TrafficOutcome, TrafficPlan } from '../traffic/types.ts';
import { guardSecond } from './guards.ts';
import { abortable } from './interruption.ts';
import type { LoadedExercise } from './load.ts';
import type { PlannedFlow } from './plan.ts';
import { phaseSpans } from './plan.ts';
import type { Session } from './session.ts';
import type { Timeline } from './timeline.ts';

/** What a flow finds in `__ENV`, beside the entries of the exercise. */
interface FlowEnvironment {
  readonly dataFolder: string;
  readonly baseUrl: string;
  readonly seed: string;
}

/** The generators of a run, one process a flow. */
export interface Generators {
  /** Waits until the flows under way have ended, or stops them when the run was interrupted; all rows are read then. */
  end(): Promise<void>;
}

function flowEnv(exercise: LoadedExercise['exercise'], flow: string, { dataFolder, baseUrl, seed }: FlowEnvironment): Record<string, string> {
  const own = exercise.traffic.find((each) => each.name === flow)?.env ?? {};
  return { ...own, DATA_FOLDER: dataFolder, BASE_URL: baseUrl, SEED: seed };
}

/** Has k6 load every flow without sending anything. @throws ProofloadError `flow-failed` */
export async function checkFlows(
  k6: K6Binary,
  loaded: LoadedExercise,
  folders: { readonly data: string; readonly work: string; readonly seed: string },
  processEnv: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const { name, file } of loaded.flows) {
    const env = flowEnv(loaded.exercise, name, { dataFolder: folders.data, baseUrl: 'http://127.0.0.1:9', seed: folders.seed });
    await inspectFlow({ k6, flowFile: file, name, env, processEnv, workFolder: folders.work });
  }
}

interface Generator {
  readonly flow: PlannedFlow;
  readonly traffic: RunningTraffic;
}

/**
 * Starts the traffic of every flow; samples go to the record as they come. When one cannot be started, those that were
 * are ended again.
 */
export async function startGenerators(session: Session, timeline: Timeline): Promise<Generators> {
  const { interruption, plan } = session;
  const spans = phaseSpans(timeline, session.site.timeScale);
  const running: Generator[] = [];
  try {
    for (const flow of plan.flows) {
      const generator = await startGenerator(session, flow, spans);
      running.push(generator);
      await abortable(generator.traffic.started, interruption.signal);
    }
  } catch (thrown) {
    interruption.end({ kind: 'traffic-ended', detail: messageOf(thrown) });
    await endAll(session, running);
    throw thrown;
  }
  let ending = false;
  for (const { flow, traffic } of running) {
    void traffic.ended.then((outcome) => {
      if (!ending && outcome.how !== 'finished') interruption.end({ kind: 'traffic-ended', detail: `${flow.name}: ${outcome.detail}` });
    });
  }
  const end = (): Promise<void> => {
    ending = true;
    return endAll(session, running);
  };
  return { end };
}

async function startGenerator(session: Session, flow: PlannedFlow, spans: readonly PhaseSpan[]): Promise<Generator> {
  const { arrivals } = session.loaded.exercise.traffic.find(({ name }) => name === flow.name) ?? {};
  const traffic = await startK6(session.k6, trafficPlan(session, flow, { segments: arrivals ? segmentsOf(arrivals, spans) : [] }));
  session.journal.add({ kind: 'traffic-started', flow: flow.name, generator: `k6 ${session.k6.version}, ${traffic.virtualUsers} virtual users` });
  return { flow, traffic };
}

/** Waits for the flows under way; stops them where the run is interrupted, or as soon as it is. */
async function endAll(session: Session, running: readonly Generator[]): Promise<void> {
  const { signal } = session.interruption;
  const outcomes = running.map(async ({ flow, traffic }) => ({ flow, outcome: await abortable(traffic.ended, signal).catch(() => traffic.stop()) }));
  for (const { flow, outcome } of await Promise.all(outcomes)) tell(session, flow, outcome);
}

function trafficPlan(session: Session, flow: PlannedFlow, { segments }: Pick<TrafficPlan, 'segments'>): TrafficPlan {
  const { writer, live, guards, site, folder, loaded, prepared, seed } = session;
  const baseUrl = prepared.frontDoors[flow.name] ?? '';
  return {
    name: flow.name,
    flowFile: flow.file,
    env: flowEnv(loaded.exercise, flow.name, { dataFolder: `${folder}/data`, baseUrl, seed }),
    segments,
    longestFlowSec: flow.longestFlowSec,
    loopbackOnly: site.loopback,
    clock: site.clock,
    workFolder: `${folder}/work`,
    processEnv: session.processEnv,
    onSamples: (samples) => {
      writer.samples(samples);
      live.samples(samples);
      guards.samples(samples, guardSecond());
    },
    onArrivals: (arrivals) => {
      writer.arrivals(arrivals);
      live.arrivals(arrivals);
    },
    onHealth: (health) => writer.health(health),
    onLog: ({ level, message }) => {
      if (level === 'error' || level === 'warning') session.progress.warn(`${flow.name}: ${message}`);
    },
  };
}

function tell({ journal, interruption }: Session, flow: PlannedFlow, outcome: TrafficOutcome): void {
  const { exitCode, detail, thresholdsCrossed, complete, how } = outcome;
  const crossed = thresholdsCrossed.length > 0 ? { thresholdsCrossed: [...thresholdsCrossed] } : {};
  journal.add({ kind: 'traffic-ended', flow: flow.name, exitCode, detail, requests: outcome.requests, ...crossed });
  if (how === 'finished' || (how === 'stopped' && interruption.reason?.kind !== 'traffic-ended')) {
    if (complete) return;
  }
  const advice = 'what came until then is recorded and reported; run it again for a verdict';
  journal.warn({ code: complete ? 'traffic-ended-early' : 'samples-missing', message: `${flow.name}: ${detail}`, advice, invalidates: true });
}
