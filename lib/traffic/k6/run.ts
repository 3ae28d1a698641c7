import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Clock, wallClock } from '../../core/clock.ts';
import { messageOf, ProofloadError } from '../../core/errors.ts';
import { watchHealth } from '../health.ts';
import { type ArrivalLedger, arrivalLedger } from '../ledger.ts';
import { type ArrivalSchedule, scheduleOf } from '../schedule.ts';
import type { RunningTraffic, TrafficOutcome, TrafficPlan } from '../types.ts';
import { csvReader } from './csv.ts';
import { readExit, thresholdsIn } from './exit.ts';
import { flowFailed } from './inspect.ts';
import type { K6Binary } from './probe.ts';
import { eachLine, type K6Process, k6Environment, logLine, spawnK6 } from './process.ts';
import { type K6Reader, rowReader } from './rows.ts';
import { fileWord, wrapperScript } from './script.ts';
import { type Tally, tally } from './tally.ts';
import { planVirtualUsers, virtualUserLimit } from './users.ts';

const defaultGraceMs = 5000;
/** A flow that throws in each pass would fill the log: of equal lines one is passed on, and no more lines than this. */
const maxLogLines = 200;

/** Everything that belongs to one started k6. */
interface Session {
  readonly plan: TrafficPlan;
  readonly schedule: ArrivalSchedule;
  readonly virtualUsers: number;
  readonly process: K6Process;
  readonly tally: Tally;
  readonly ledger: ArrivalLedger;
  readonly reader: K6Reader;
  readonly errors: string[];
  readonly crossed: Set<string>;
  thresholdAborted: boolean;
  stopRequested: boolean;
  /** What was wrong with k6's rows, once something was. */
  rowError: string;
}

/**
 * Starts k6 on one flow: all virtual users are made first, then, at `startAtMs` of the site or at once, the arrivals begin.
 * Samples and arrivals are passed on as k6 tells them, every 50 ms or so, on the site's time. Throws ProofloadError when
 * the plan needs more virtual users than there may be, and when k6 cannot be started.
 */
export async function startK6(k6: K6Binary, plan: TrafficPlan): Promise<RunningTraffic> {
  const wall = wallClock();
  const schedule = scheduleOf(plan.segments);
  const virtualUsers = planVirtualUsers(schedule, plan.longestFlowSec, plan.virtualUserLimit ?? virtualUserLimit(totalmem()));
  const toSiteMs = siteTimeOf(wall, plan.clock);
  const script = join(plan.workFolder, `${fileWord(plan.name)}.k6.js`);
  const startAtWallMs = plan.startAtMs === undefined ? undefined : wall.now() + (plan.startAtMs - plan.clock.now()) / plan.clock.rate;
  const wrapper = {
    flowFile: plan.flowFile,
    name: plan.name,
    segments: plan.segments,
    virtualUsers,
    gracefulStopSec: plan.longestFlowSec,
    tags: plan.tags ?? {},
    ...(startAtWallMs === undefined ? {} : { startAtWallMs }),
  };
  await writeFile(script, wrapperScript(wrapper));
  const process = spawnK6(k6, script, plan.workFolder, k6Environment(plan.processEnv, plan.env, plan.loopbackOnly));
  const ledger = arrivalLedger(plan.name, schedule, cpus().length, toSiteMs);
  const counts = tally(ledger, toSiteMs);
  const reader = (k6.output === 'proofload' ? rowReader : csvReader)(counts.events);
  const state = { errors: [], crossed: new Set<string>(), thresholdAborted: false, stopRequested: false, rowError: '' };
  return attach({ plan, schedule, virtualUsers, process, tally: counts, ledger, reader, ...state }, wall, toSiteMs);
}

/** Maps the wall's time, which k6 tells, to the site's; both run evenly, so one reading of the two suffices. */
function siteTimeOf(wall: Clock, site: Clock): (wallMs: number) => number {
  const [wallMs, siteMs] = [wall.now(), site.now()];
  return (ms) => siteMs + (ms - wallMs) * site.rate;
}

async function attach(session: Session, wall: Clock, toSiteMs: (wallMs: number) => number): Promise<RunningTraffic> {
  const { plan, tally: counts } = session;
  const { child, rows } = session.process;
  const pid = await pidOf(session.process);
  let begin: { resolve(ms: number): void; reject(error: Error): void } = { resolve: () => {}, reject: () => {} };
  const started = new Promise<number>((resolve, reject) => {
    begin = { resolve, reject };
  });
  started.catch(() => {}); // whoever does not ask for the start learns from the outcome
  rows.on('data', (chunk: Uint8Array) => {
    readChunk(session, chunk);
    const startedMs = counts.startedWallMs();
    if (startedMs !== undefined) begin.resolve(toSiteMs(startedMs - session.schedule.timeOf(1) * 1000));
    pass(session);
  });
  if (child.stderr) eachLine(child.stderr, lineTaker(session));
  const health = watchHealth(pid, wall, plan.clock, (figure) => {
    session.ledger.health(figure);
    plan.onHealth(figure);
    pass(session);
  });
  const ended = new Promise<TrafficOutcome>((resolve) => {
    child.once('close', (code, signal) => {
      health.stop();
      pass(session, true);
      const outcome = outcomeOf(session, code, signal);
      begin.reject(flowFailed(plan.flowFile, session.errors, code));
      resolve(outcome);
    });
  });
  const stop = async (graceMs = defaultGraceMs): Promise<TrafficOutcome> => {
    if (!session.stopRequested && child.exitCode === null && child.signalCode === null) {
      session.stopRequested = true;
      child.kill('SIGINT');
    }
    const cancel = wall.schedule(graceMs, () => child.kill('SIGKILL'));
    const outcome = await ended;
    cancel();
    return outcome;
  };
  return { pid, virtualUsers: session.virtualUsers, schedule: session.schedule, started, ended, progress: counts.progress, stop };
}

function pidOf(process: K6Process): Promise<number> {
  const { child } = process;
  if (child.pid !== undefined) return Promise.resolve(child.pid);
  return new Promise((_, reject) => {
    child.once('error', (error) => reject(new ProofloadError('no-k6', `k6 cannot be started: ${error.message}`, { cause: error })));
  });
}

function readChunk(session: Session, chunk: Uint8Array): void {
  if (session.rowError !== '') return;
  try {
    session.reader.push(chunk);
  } catch (error) {
    session.rowError = messageOf(error);
    session.process.child.kill('SIGINT');
  }
}

/** Hands on what has been read; with `last`, also the arrivals that were waiting for evidence. */
function pass(session: Session, last = false): void {
  const samples = session.tally.takeSamples();
  const arrivals = last ? session.ledger.finish() : session.ledger.take();
  if (samples.length > 0) session.plan.onSamples(samples);
  if (arrivals.length > 0) session.plan.onArrivals(arrivals);
}

function lineTaker(session: Session): (text: string) => void {
  const seen = new Set<string>();
  return (text) => {
    const line = logLine(text) ?? { level: 'error' as const, message: text };
    const thresholds = thresholdsIn(line.message);
    for (const metric of thresholds?.metrics ?? []) session.crossed.add(metric);
    if (thresholds?.abortedRun) session.thresholdAborted = true;
    if (seen.size >= maxLogLines || seen.has(line.message)) return;
    seen.add(line.message);
    if (line.level === 'error') session.errors.push(line.message);
    session.plan.onLog(line);
  };
}

function outcomeOf(session: Session, code: number | null, signal: string | null): TrafficOutcome {
  const { stopRequested, thresholdAborted, tally: counts, schedule } = session;
  const hadStarted = counts.startedWallMs() !== undefined;
  const exit = readExit({ code, signal, stopRequested, hadStarted, thresholdAborted });
  const end = session.rowError === '' ? session.reader.end() : { complete: false, detail: session.rowError };
  const { requests, iterations, dropped } = counts.progress();
  const why = exit.how === 'failed' && session.errors.length > 0 ? `${exit.detail}: ${session.errors[0]}` : exit.detail;
  return {
    ...exit,
    detail: [why, end.detail].filter((part) => part !== '').join('; '),
    exitCode: code,
    signal,
    thresholdsCrossed: [...session.crossed],
    complete: end.complete && signal === null,
    requests,
    plannedArrivals: schedule.count,
    iterations,
    dropped,
    unaccounted: Math.max(0, schedule.count - iterations - dropped),
    ...counts.totals(),
    virtualUsers: session.virtualUsers,
  };
}
