import type { FaultOutcome, RunningFault } from '../chaos/start.ts';
import { startFault, stopQuietly } from '../chaos/start.ts';
import { registerUndo } from '../chaos/undo.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import type { PhaseKind } from '../record/types.ts';
import { endReasonOf, refusalAdvice } from './end-reason.ts';
import { type Generators, startGenerators } from './generators.ts';
import { guardSecond, watchGuards } from './guards.ts';
import { abortable } from './interruption.ts';
import type { PreparedFault } from './prepare.ts';
import type { Session } from './session.ts';
import { stopUnanswered } from './stop-unanswered.ts';
import { planTimeline, type Timeline } from './timeline.ts';

/**
 * How long a stopped experiment may take to run its own restore, before the run gives it up. Site's time: SSM gives the steps of a cancelled document two
 * minutes, and FIS sees their end a while later.
 */
const stopPatienceMs = 150_000;

/**
 * Drives the traffic through the phases and the faults through theirs. Whatever ends it, the faults are stopped and
 * undone and the generators ended when it returns; why it ended early is in `session.interruption`.
 */
export async function conduct(session: Session): Promise<void> {
  const { site, plan, loaded, interruption } = session;
  await startOfMinute(session);
  const timeline = planTimeline(site.clock.now(), loaded.exercise.phases, plan.longestFaultSec);
  const running: RunningFault[] = [];
  let generators: Generators | undefined;
  const unguard = watchGuards(session);
  try {
    session.progress.traffic(session.live, site.clock, timeline.endMs);
    generators = await startGenerators(session, timeline);
    await walkPhases(session, timeline, running);
  } catch (thrown) {
    // An interruption aborts what is waited for; it has its reason already. Anything else must not skip the undo.
    if (!interruption.signal.aborted) endBy(session, thrown);
  } finally {
    unguard();
    // An interrupted run needs no more traffic; else the flows under way go on to their end once the faults are undone.
    if (interruption.signal.aborted) await Promise.all([endFaults(session, running), generators?.end()]);
    else await endFaults(session, running).then(() => generators?.end());
    session.siteGuards.end();
    tellUndone(session);
  }
}

/** After a stop: how long the harm lasted from the breach until everything was undone. */
function tellUndone({ journal, site }: Session): void {
  const stopped = journal.events.find(({ kind }) => kind === 'stopped');
  if (stopped?.kind === 'stopped') journal.add({ kind: 'undone', afterMs: site.clock.now() - (stopped.breachedMs ?? stopped.at) });
}

/**
 * On a site that others use too, traffic begins in a minute of its own: CloudWatch counts by the minute, and what was sent
 * to the system just before would spoil the books.
 */
async function startOfMinute({ site, progress, interruption }: Session): Promise<void> {
  if (site.file.kind === 'lab') return;
  progress.busy('waiting for a minute of its own');
  const minuteMs = 60_000;
  const now = site.clock.now();
  await site.clock.sleep(Math.ceil(now / minuteMs) * minuteMs - now, interruption.signal).catch(() => undefined);
}

/** Ends the run for an exception: what it means decides what is said, and nothing skips the undo. */
function endBy({ interruption, journal }: Session, thrown: unknown): void {
  const reason = endReasonOf(thrown);
  interruption.end(reason);
  if (reason.kind === 'site-gone' || !('detail' in reason)) return;
  const ours = reason.kind === 'defect';
  const message = ours ? `proofload itself failed: ${reason.detail}` : `the site refused a call of the run: ${reason.detail}`;
  const advice = ours ? 'please report it, with the record of the run' : refusalAdvice(reason.detail);
  journal.warn({ code: reason.kind, message, advice, invalidates: true });
}

async function walkPhases(session: Session, timeline: Timeline, running: RunningFault[]): Promise<void> {
  for (const { kind, endMs } of timeline.phases) {
    startPhase(session, kind, endMs);
    if (kind === 'baseline') await session.siteGuards.raise();
    if (kind === 'fault') await faultPhase(session, running);
    else await session.site.clock.sleep(endMs - session.site.clock.now(), session.interruption.signal);
    session.journal.add({ kind: 'phase-ended', phase: kind });
  }
}

function startPhase({ journal, progress, guards }: Session, phase: PhaseKind, plannedEndMs: number): void {
  guards.phase(phase, guardSecond());
  journal.add({ kind: 'phase-started', phase, plannedEndMs });
  progress.stage(phase, plannedEndMs);
}

/** Starts every fault and waits until the last one's effect is over; a stop condition ends the whole run. */
async function faultPhase(session: Session, running: RunningFault[]): Promise<void> {
  for (const fault of session.prepared.faults) {
    session.interruption.signal.throwIfAborted();
    running.push(await beginFault(session, fault));
  }
  const watched = session.prepared.faults.map((fault, index) => watchFault(session, fault, running[index]));
  await abortable(Promise.all(watched), session.interruption.signal);
  // Now, not at the end of the run: what a document did not restore must not spoil the recovery phase.
  await undoFaults(session, running);
}

/** Registers the undo of a fault and starts it; a fault that is refused ends the run, since its phase would prove nothing. */
async function beginFault(session: Session, fault: PreparedFault): Promise<RunningFault> {
  const { undo, chaos, progress, journal, interruption, siteGuards } = session;
  const { deployed, planned } = fault;
  let asked = false;
  try {
    undo.add(fault, await registerUndo(deployed, chaos));
    interruption.signal.throwIfAborted();
    asked = true;
    const started = await siteGuards.during(deployed.templateId, () => startFault(deployed, planned.durationSec, chaos));
    progress.fault({ name: deployed.name, resource: deployed.resource, state: 'starting' });
    return started;
  } catch (thrown) {
    const detail = `fault ${deployed.name} could not be started: ${messageOf(thrown)}`;
    if (!interruption.signal.aborted) journal.warn({ code: 'fault-not-started', message: detail, advice: hintOf(thrown), invalidates: true });
    interruption.end({ kind: 'fault-failed', detail });
    if (asked) await stopUnanswered(thrown, deployed.name, session);
    throw thrown;
  }
}

function hintOf(thrown: unknown): string {
  const hint = thrown instanceof ProofloadError ? thrown.hint : undefined;
  return hint ?? 'look at the permissions of the credentials for FIS, SSM and what the fault changes, and run it again';
}

/** Undoes what is left of the faults; an effect whose end no step tells ended here, at the latest. */
async function undoFaults({ undo, chaos, journal, site, prepared, siteGuards }: Session, running: readonly RunningFault[]): Promise<void> {
  const outcomes = await undo.undoAll(chaos);
  siteGuards.end();
  for (const [index, fault] of running.entries()) {
    const { effect } = (await settledOutcome(fault)) ?? {};
    if (effect?.startMs === undefined || effect.endMs !== undefined) continue;
    const name = prepared.faults[index]?.deployed.name ?? '';
    // What could not be restored is still in effect: its window has no end.
    const restored = outcomes.some(({ fault: of, outcome }) => of === name && (outcome === 'restored' || outcome === 'already-restored'));
    if (!restored) continue;
    journal.add({
      kind: 'fault-window',
      fault: name,
      of: 'effect',
      window: { startMs: effect.startMs, endMs: site.clock.now() },
      source: 'inferred: until the undo',
    });
  }
}

/** What a fault came to, if that is known by now. */
function settledOutcome(fault: RunningFault): Promise<FaultOutcome | undefined> {
  return Promise.race([fault.done.catch(() => undefined), Promise.resolve(undefined).then(() => undefined)]);
}

async function watchFault(session: Session, { deployed }: PreparedFault, running: RunningFault | undefined): Promise<void> {
  if (!running) return;
  const show = (): void => session.progress.fault({ name: deployed.name, resource: deployed.resource, state: running.state() });
  let over = false;
  const follow = async (): Promise<void> => {
    while (!over) {
      show();
      await session.site.clock.sleep(1_000);
    }
  };
  void follow();
  const outcome = await running.done.finally(() => (over = true));
  show();
  await judge(session, deployed.name, outcome);
}

async function judge(session: Session, fault: string, outcome: FaultOutcome): Promise<void> {
  if (session.interruption.signal.aborted || outcome.status === 'completed') return;
  const detail = `experiment ${outcome.experimentId} of ${fault} is ${outcome.status}: ${outcome.reason || 'no reason given'}`;
  if (outcome.status === 'stopped' && /stop condition/i.test(outcome.reason)) {
    const alarm = await session.siteGuards.stoppedBy();
    if (session.interruption.signal.aborted) return;
    const told = alarm ? `${detail} (${alarm.detail})` : detail;
    session.journal.add({ kind: 'stopped', by: 'stop-condition', detail: told, ...(alarm ? { breachedMs: alarm.breachedMs } : {}) });
    session.interruption.end({ kind: 'stop-condition', detail: told });
    return;
  }
  session.journal.warn({
    code: 'fault-failed',
    message: detail,
    advice: 'look at the steps of its automation in the journal, and at its role',
    invalidates: true,
  });
}

/** Stops experiments that still run, so that their documents restore, and then undoes what they left. */
async function endFaults(session: Session, running: readonly RunningFault[]): Promise<void> {
  const { interruption, site, journal } = session;
  if (interruption.reason?.kind === 'site-gone') {
    const { detail } = interruption.reason;
    if (site.file.kind === 'lab') {
      const message = `the lab ended during the run (${detail}): nothing is left to restore`;
      journal.warn({ code: 'lab-gone', message, advice: 'run it again; the lab keeps nothing between runs', invalidates: true });
      return;
    }
    const message = `site ${site.file.name} stopped answering during the run: ${detail}`;
    const advice = `when it is back, restore what may be left there: proofload recover --site ${site.file.source}`;
    journal.warn({ code: 'site-gone', message, advice, invalidates: true });
  }
  if (interruption.signal.aborted) {
    session.progress.busy('stopping the faults');
    const refusals = new Map<RunningFault, string | undefined>();
    for (const fault of running) refusals.set(fault, await stopQuietly(fault));
    const patience = new AbortController();
    const all = Promise.allSettled(running.map((fault) => fault.done)).finally(() => patience.abort());
    await Promise.race([all, site.clock.sleep(stopPatienceMs, patience.signal).catch(() => undefined)]);
    for (const [index, fault] of running.entries()) {
      if (await settledOutcome(fault)) continue;
      const entry = session.undo.left().find((each) => each.fault === session.prepared.faults[index]?.deployed.name);
      const why = refusals.get(fault) ?? 'it did not end after it was stopped';
      // Restoring under an experiment that still runs would only be undone by it.
      if (entry) session.undo.keep(entry, `experiment ${fault.experimentId} still runs: ${why}`);
    }
  }
  await undoFaults(session, running);
}
