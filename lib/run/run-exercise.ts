import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaosContext } from '../chaos/types.ts';
import { watchAlarms } from '../collect/watch-alarms.ts';
import { wallClock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { stampOf } from '../core/time-format.ts';
import type { Assessment } from '../grade/types.ts';
import type { RecordStore } from '../record/history/store.ts';
import { createRecordWriter } from '../record/writer.ts';
import { usdText } from '../report/format.ts';
import type { LabStack } from '../sites/lab-process.ts';
import { openSite } from '../sites/open.ts';
import type { SiteFile } from '../sites/site-file.ts';
import { findK6 } from '../traffic/k6/find.ts';
import { brokenOff } from './broken-off.ts';
import { collectRun } from './collect-run.ts';
import { conduct } from './conduct.ts';
import { generateData, type PreparedData } from './data.ts';
import { checkFlows } from './generators.ts';
import { GuardWatch } from './guard-watch.ts';
import { abortable, Interruption } from './interruption.ts';
import { createJournal } from './journal.ts';
import { LiveTraffic } from './live.ts';
import { loadExercise } from './load.ts';
import { manifestOf } from './manifest.ts';
import { planForRecord, planRun } from './plan.ts';
import { type Prepared, prepareSite, previewFaults } from './prepare.ts';
import { RunProgress } from './progress.ts';
import { referencesFor } from './references.ts';
import type { Session } from './session.ts';
import { listenForSignals } from './signals.ts';
import { SiteGuards } from './site-guards.ts';
import { sitePrices } from './site-numbers.ts';
import { watchSpending } from './spending.ts';
import { steadyWriter } from './steady-writer.ts';
import { heedStrays } from './strays.ts';
import type { Terminal } from './terminal.ts';
import { UndoList } from './undo-all.ts';
import { watchSite } from './watch-site.ts';
import { writeReport } from './write-report.ts';

export interface RunRequest {
  readonly exercise: string;
  readonly setting: string | undefined;
  readonly site: SiteFile;
  readonly seed: string;
  readonly noLatency: boolean;
  readonly asAwsIs: boolean;
  readonly env: Env;
  readonly terminal: Terminal;
  /** Where earlier runs are, for criteria that are relative to them. */
  readonly store: RecordStore;
}

export interface RunResult {
  readonly folder: string;
  readonly assessment: Assessment;
}

/**
 * Runs one exercise on one site, from its file to its report. Bad input is refused before the site is touched; whatever
 * was started is ended, and whatever was changed is undone, when this returns or throws.
 */
export async function runExercise(request: RunRequest): Promise<RunResult> {
  const { env, site: siteFile, terminal } = request;
  const loaded = await loadExercise(request.exercise, env.cwd, request.setting);
  const plan = planRun(loaded, siteFile, env.cwd);
  const progress = new RunProgress(terminal, plan.exercise, siteFile.name, plan.faults.length > 0);
  const interruption = new Interruption();
  const undo = new UndoList();
  const deafen = listenForSignals(env, siteFile, interruption, undo);
  const runId = `${stampOf(env.clock.now())}-${env.rng.hex(6)}`;
  const folder = join(env.cwd, 'reports', runId);
  if (plan.estimate) progress.say(`${plan.exercise}: ${plan.estimate.rests}; about ${usdText(plan.estimate.aboutUsd)} at list prices on AWS`);
  progress.start();
  try {
    return await prepareAndRun({ request, loaded, plan, progress, interruption, undo, runId, folder });
  } catch (thrown) {
    if (!existsSync(join(folder, 'record'))) rmSync(folder, { recursive: true, force: true });
    const begun = existsSync(join(folder, 'record'));
    // A lab that the run started ends with it, and what was changed in it with the lab.
    const left = siteFile.kind === 'lab' ? [] : undo.left();
    throw brokenOff(thrown, { site: siteFile, interrupted: interruption.signal.aborted, begun, left });
  } finally {
    deafen();
    progress.stop();
  }
}

interface Started extends Pick<Session, 'loaded' | 'plan' | 'progress' | 'interruption' | 'undo' | 'runId' | 'folder'> {
  readonly request: RunRequest;
}

/** What needs no site first: k6, data, flows; then the site, and everything on it. */
async function prepareAndRun(started: Started): Promise<RunResult> {
  const { request, loaded, progress, interruption, folder } = started;
  const { env, site: siteFile, seed, noLatency, asAwsIs } = request;
  const soon = <T>(promise: Promise<T>): Promise<T> => abortable(promise, interruption.signal);
  const [data, work] = [makeFolder(folder, 'data'), makeFolder(folder, 'work')];
  progress.busy('looking for k6');
  const k6 = await soon(findK6({ env: env.env, clock: env.clock, onProgress: (text) => progress.busy(text) }));
  progress.busy('generating the data');
  const prepared = loaded.dataFile ? await generateData(loaded.dataFile, env.cwd, { seed, folder: data }) : undefined;
  await soon(checkFlows(k6, loaded, { data, work, seed }, env.env));
  progress.busy(siteFile.kind === 'lab' ? 'starting the lab' : `reaching ${siteFile.name}`);
  const site = await openSite(siteFile, { cwd: env.cwd, seed, noLatency, asAwsIs, stacks: stacksOf(started) });
  try {
    return await onSite({ ...started, k6, site }, prepared);
  } finally {
    await site.close();
  }
}

function makeFolder(run: string, name: string): string {
  const folder = join(run, name);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (thrown) {
    throw new ProofloadError('no-reports', `the run's folder cannot be made: ${messageOf(thrown)}`, {
      hint: 'run it in a folder where reports/ can be written',
      cause: thrown,
    });
  }
  return folder;
}

/** What a lab of the run's own must hold: the system and the faults. */
function stacksOf({ loaded, plan }: Started): LabStack[] {
  const faults = plan.faults.map(({ file, stack, parameters }) => ({ file, stackName: stack, parameters }));
  return [{ file: loaded.systemTemplate, stackName: plan.stack, parameters: {} }, ...faults];
}

/** Everything between an open site and a written report. */
async function onSite(started: Started & Pick<Session, 'k6' | 'site'>, data: PreparedData | undefined): Promise<RunResult> {
  const { request, plan, progress, interruption, site, runId, folder } = started;
  const { signal } = interruption;
  const prepared = await abortable(prepareSite(plan, site, request.env.cwd), signal);
  const chaos: Omit<ChaosContext, 'journal'> = { clients: site.clients, clock: site.clock, runId };
  progress.busy('previewing the faults');
  await abortable(previewFaults(prepared, { ...chaos, journal: () => {} }), signal);
  progress.busy('putting the first data on the site');
  await abortable(data?.seedSite(site.clients, prepared.stack) ?? Promise.resolve(), signal);
  const session = await createSession({ ...started, chaos }, prepared);
  const unwatch = watchSite(session);
  const stopCounting = watchSpending(session);
  const alarms = watchAlarms({
    cloudwatch: site.clients.cloudwatch,
    names: () => [...prepared.alarms, ...session.siteGuards.alarms],
    clock: site.clock,
    everyMs: 10_000,
    onEvent: (event) => session.journal.event(event),
    onWarning: (warning) => session.journal.warn(warning),
  });
  const flush = every(1_000, () => session.writer.flush());
  const unheed = heedStrays(request.env, session);
  try {
    await conduct(session);
    stopCounting();
    await alarms.stop();
    await collectRun(session);
    if (interruption.hurry.aborted) session.journal.add({ kind: 'interrupted', by: 'a signal' });
    session.writer.references(await referencesFor({ folder, plan, store: request.store, warn: (warning) => session.journal.warn(warning) }));
    session.journal.add({ kind: 'run-ended', reason: interruption.reason?.kind ?? 'complete' });
  } finally {
    stopCounting();
    unwatch();
    flush();
    session.writer.close();
  }
  refuseIfUnwritten(interruption, folder);
  progress.busy('writing the report');
  const assessment = writeReport(folder);
  // Not before: what fails by itself now must not cost the report.
  unheed();
  return { folder, assessment };
}

/** A run whose record could not be written has no verdict; what was changed is undone by now, or `brokenOff` lists it. */
function refuseIfUnwritten({ reason }: Interruption, folder: string): void {
  if (reason?.kind !== 'record-failed') return;
  throw new ProofloadError('record-failed', `the record in ${folder} could not be written: ${reason.detail}`, {
    hint: 'the run was ended; free the disk and run it again',
    exit: 'invalid',
  });
}

/** Runs `task` each `periodMs` of the wall until the returned function is called. */
function every(periodMs: number, task: () => void): () => void {
  let cancel = wallClock().schedule(periodMs, function again() {
    task();
    cancel = wallClock().schedule(periodMs, again);
  });
  return () => cancel();
}

async function createSession(
  started: Started & Pick<Session, 'k6' | 'site'> & { readonly chaos: Omit<ChaosContext, 'journal'> },
  prepared: Prepared,
): Promise<Session> {
  const { request, site, plan, progress } = started;
  const writer = steadyWriter(createRecordWriter(started.folder), (detail) => started.interruption.end({ kind: 'record-failed', detail }));
  const journal = createJournal(writer, site.clock, (message) => progress.warn(message));
  const prices = sitePrices(site.file);
  writer.plan(planForRecord(plan, request.env.cwd));
  if (prices) writer.prices(Object.fromEntries(prices.keys().map((key) => [key, prices.entry(key)])));
  const unguarded: Omit<Session, 'siteGuards'> = {
    ...started,
    cwd: request.env.cwd,
    seed: request.seed,
    asAwsIs: request.asAwsIs || site.file.asAwsIs,
    prepared,
    writer,
    journal,
    processEnv: request.env.env,
    chaos: { ...started.chaos, journal: (event) => journal.event(event) },
    live: new LiveTraffic(),
    guards: new GuardWatch(started.loaded.exercise.guards ?? []),
  };
  const session: Session = { ...unguarded, siteGuards: new SiteGuards(unguarded) };
  writer.manifest(await manifestOf(session));
  journal.add({ kind: 'run-started', runId: started.runId, exercise: plan.exercise });
  return session;
}
