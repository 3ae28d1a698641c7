import { GetExperimentCommand, paginateListExperiments, StopExperimentCommand } from '@aws-sdk/client-fis';
import { paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../core/aws-clients.ts';
import type { Clock } from '../core/clock.ts';
import { pointersOf } from './pointers.ts';
import type { UndoEntry, UndoOutcome } from './types.ts';
import { manualRun, releasePointer, undo, undoRoot } from './undo.ts';

const pollMs = 1_000;
/** How long a stopped experiment may take to run its cancel steps, in the site's time. */
const patienceMs = 180_000;
const live = ['pending', 'initiating', 'running', 'stopping'];

/**
 * Undoes what killed runs left behind on a site, from the site alone: stops their experiments, so that each document's own
 * restore runs first, then restores what is still the fault's.
 */
export async function recover(clients: AwsClients, { clock }: { clock: Clock }): Promise<UndoOutcome[]> {
  const entries = await undoEntries(clients);
  const runs = new Set(entries.map((entry) => entry.runId));
  for (const id of await liveExperiments(clients, runs)) await stopExperiment(clients, id, clock);
  const outcomes: UndoOutcome[] = [];
  for (const entry of entries) outcomes.push(await undo(entry, clients));
  for (const pointer of await pointersOf(clients))
    if (pointer.runId !== manualRun && runs.has(pointer.runId)) await releasePointer({ pointer: pointer.name }, clients);
  return outcomes;
}

/** What runs and documents stored below `/proofload/undo`, newest knowledge of each resource. */
export async function undoEntries(clients: AwsClients): Promise<UndoEntry[]> {
  const entries: UndoEntry[] = [];
  for await (const page of paginateGetParametersByPath({ client: clients.ssm }, { Path: undoRoot, Recursive: true })) {
    for (const { Name = '', Value = '{}' } of page.Parameters ?? []) {
      const [runId = ''] = Name.slice(undoRoot.length + 1).split('/');
      const stored = JSON.parse(Value) as Omit<UndoEntry, 'runId' | 'place'>;
      entries.push({ ...stored, runId, place: Name });
    }
  }
  return entries;
}

async function liveExperiments(clients: AwsClients, runs: ReadonlySet<string>): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of paginateListExperiments({ client: clients.fis }, {})) {
    for (const each of page.experiments ?? []) {
      const run = each.tags?.['proofload:run'];
      const ours = (run !== undefined && runs.has(run)) || (runs.has(manualRun) && each.tags?.['proofload:fault'] !== undefined);
      if (ours && each.id && live.includes(each.state?.status ?? '')) ids.push(each.id);
    }
  }
  return ids;
}

async function stopExperiment(clients: AwsClients, id: string, clock: Clock): Promise<void> {
  const deadline = clock.now() + patienceMs;
  try {
    await clients.fis.send(new StopExperimentCommand({ id }));
  } catch (thrown) {
    // It ended between the listing and the stop: what its document left is undone below all the same.
    if (!(thrown instanceof Error && ['ConflictException', 'ResourceNotFoundException'].includes(thrown.name))) throw thrown;
  }
  while (clock.now() < deadline) {
    const { experiment } = await clients.fis.send(new GetExperimentCommand({ id }));
    if (!live.includes(experiment?.state?.status ?? '')) return;
    await clock.sleep(pollMs);
  }
}
