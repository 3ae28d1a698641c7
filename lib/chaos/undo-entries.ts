import { paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../core/aws-clients.ts';
import { ProofloadError } from '../core/errors.ts';
import type { UndoEntry } from './types.ts';

const undoRoot = '/proofload/undo';

/** Where undo data lies on a site; the name of a parameter begins with a slash already. */
export function undoPlace(runId: string, resource: string): string {
  return `${undoRoot}/${runId}${resource.startsWith('/') ? '' : '/'}${resource}`;
}

/** Undo data that nobody can read. */
export interface BrokenEntry {
  readonly place: string;
  readonly runId: string;
  readonly text: string;
}

/** Everything that runs and documents have stored and not yet undone. */
export async function undoEntries(clients: AwsClients): Promise<{ entries: UndoEntry[]; broken: BrokenEntry[] }> {
  const entries: UndoEntry[] = [];
  const broken: BrokenEntry[] = [];
  for await (const page of paginateGetParametersByPath({ client: clients.ssm }, { Path: undoRoot, Recursive: true })) {
    for (const { Name: place = '', Value: text = '' } of page.Parameters ?? []) {
      const [runId = ''] = place.slice(undoRoot.length + 1).split('/');
      const entry = parsedEntry(text);
      if (entry) entries.push({ ...entry, runId, place });
      else broken.push({ place, runId, text });
    }
  }
  return { entries, broken };
}

const members = ['setting', 'resource', 'found', 'set', 'fault'] as const;

function parsedEntry(text: string): Omit<UndoEntry, 'runId' | 'place'> | undefined {
  try {
    const stored = JSON.parse(text) as Record<string, unknown>;
    if (!members.every((member) => typeof stored[member] === 'string')) return undefined;
    return stored as unknown as Omit<UndoEntry, 'runId' | 'place'>;
  } catch {
    return undefined;
  }
}

/**
 * Refuses a fault whose setting an earlier run has not undone: what stands there now may be that fault's value, and a run
 * that took it for the original would "restore" it.
 * @throws ProofloadError `undo-pending`
 */
export async function refusePendingUndo(clients: AwsClients, fault: { setting: string; resource: string }): Promise<void> {
  const { entries } = await undoEntries(clients);
  const pending = entries.find((entry) => entry.setting === fault.setting && entry.resource === fault.resource);
  if (!pending) return;
  const { runId, resource, setting, found, place } = pending;
  throw new ProofloadError('undo-pending', `${setting} of ${resource} is not yet restored to ${found} after run ${runId} (${place})`, {
    hint: 'run `proofload recover` with the same --site first; another run that is on its way now must end first',
  });
}
