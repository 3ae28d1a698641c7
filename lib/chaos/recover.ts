import { GetExperimentCommand, paginateListExperiments, paginateListExperimentTemplates, StopExperimentCommand } from '@aws-sdk/client-fis';
import type { AwsClients } from '../core/aws-clients.ts';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { siteFlags } from './commands.ts';
import { pointersOf } from './pointers.ts';
import type { UndoEntry, UndoOutcome } from './types.ts';
import { manualRun, releasePointer, undo } from './undo.ts';
import { type BrokenEntry, undoEntries } from './undo-entries.ts';

const pollMs = 1_000;
/** How long a stopped experiment may take to run its cancel steps, in the site's time. */
const patienceMs = 180_000;
const live = ['pending', 'initiating', 'running', 'stopping'];

/**
 * Undoes what killed runs left behind on a site, from the site alone: stops their experiments, so that each document's own
 * restore runs first, then restores what is still the fault's. What cannot be done is an outcome, not an exception.
 */
export async function recover(clients: AwsClients, { clock }: { clock: Clock }): Promise<UndoOutcome[]> {
  const { entries, broken } = await undoEntries(clients);
  const outcomes: UndoOutcome[] = [];
  const unstopped = await stopExperimentsOf(clients, entries, clock);
  for (const { id, entry, failure } of unstopped) outcomes.push(await stillRunning(entry, id, failure, clients));
  // Under an experiment that still runs, a restore would only be undone by it, and its entry is needed later.
  for (const entry of entries) if (!unstopped.some((each) => each.entry === entry)) outcomes.push(await undo(entry, clients));
  for (const entry of broken) outcomes.push(await unreadable(entry, clients));
  await releasePointers(clients, new Set(entries.map((entry) => entry.runId)));
  return outcomes;
}

/** Stops every experiment that still runs for one of `entries` and waits for its end; those that could not be stopped come back. */
export async function stopExperimentsOf(
  clients: AwsClients,
  entries: readonly UndoEntry[],
  clock: Clock,
): Promise<{ id: string; entry: UndoEntry; failure: string }[]> {
  const unstopped: { id: string; entry: UndoEntry; failure: string }[] = [];
  for (const { id, entry } of await liveExperiments(clients, entries)) {
    const failure = await stopExperiment(clients, id, clock);
    if (failure !== undefined) unstopped.push({ id, entry, failure });
  }
  return unstopped;
}

/** Experiments that still run for one of `entries`: those of its run, or, started by hand, those of its fault's template. */
async function liveExperiments(clients: AwsClients, entries: readonly UndoEntry[]): Promise<{ id: string; entry: UndoEntry }[]> {
  if (entries.length === 0) return [];
  const templates = entries.some((entry) => entry.runId === manualRun) ? await faultTemplates(clients) : new Map<string, string>();
  const found: { id: string; entry: UndoEntry }[] = [];
  for await (const page of paginateListExperiments({ client: clients.fis }, {})) {
    for (const { id, state, tags, experimentTemplateId = '' } of page.experiments ?? []) {
      const runId = tags?.['proofload:run'] ?? manualRun;
      const entry = entries.find(
        (each) =>
          each.runId === runId &&
          (runId === manualRun ? templates.get(experimentTemplateId) === `${each.fault} ${each.resource}` : each.fault === tags?.['proofload:fault']),
      );
      if (entry && id && live.includes(state?.status ?? '')) found.push({ id, entry });
    }
  }
  return found;
}

/** `<fault> <resource>` of every deployed fault, by the id of its experiment template. */
async function faultTemplates(clients: AwsClients): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const page of paginateListExperimentTemplates({ client: clients.fis }, {})) {
    for (const { id = '', tags } of page.experimentTemplates ?? []) {
      if (tags?.['proofload:fault']) found.set(id, `${tags['proofload:fault']} ${tags['proofload:resource']}`);
    }
  }
  return found;
}

/** Waits until the experiment has ended; what is wrong where it does not. */
async function stopExperiment(clients: AwsClients, id: string, clock: Clock): Promise<string | undefined> {
  const deadline = clock.now() + patienceMs;
  try {
    // One that ended between the listing and the stop refuses it, and reads as ended below.
    const refusal = await clients.fis.send(new StopExperimentCommand({ id })).then(() => undefined, messageOf);
    while (clock.now() < deadline) {
      const { experiment } = await clients.fis.send(new GetExperimentCommand({ id }));
      const status = experiment?.state?.status ?? '';
      if (!live.includes(status)) return undefined;
      if (refusal !== undefined && status !== 'stopping') return refusal;
      await clock.sleep(pollMs);
    }
    return `it did not end within ${patienceMs / 1_000} s of being stopped`;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

async function stillRunning({ runId, fault, resource }: UndoEntry, id: string, failure: string, clients: AwsClients): Promise<UndoOutcome> {
  const detail = `experiment ${id} could not be stopped: ${failure}`;
  return { runId, fault, resource, outcome: 'failed', detail, command: `aws fis stop-experiment --id ${id}${await siteFlags(clients)}` };
}

async function unreadable({ runId, place, text }: BrokenEntry, clients: AwsClients): Promise<UndoOutcome> {
  const resource = place.split('/').at(-1) ?? place;
  const detail = `the undo data in ${place} cannot be read: ${text.slice(0, 200)}`;
  return { runId, fault: '', resource, outcome: 'failed', detail, command: `aws ssm get-parameter --name ${place}${await siteFlags(clients)}` };
}

/** A pointer that still names a run is harmless, the next run overwrites it: failing to release one is no outcome. */
async function releasePointers(clients: AwsClients, runs: ReadonlySet<string>): Promise<void> {
  try {
    for (const { name, runId } of await pointersOf(clients)) {
      if (runId !== manualRun && runs.has(runId)) await releasePointer({ pointer: name }, clients);
    }
  } catch {
    return;
  }
}
