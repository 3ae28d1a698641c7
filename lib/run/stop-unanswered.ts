import { stopExperimentsOf } from '../chaos/recover.ts';
import { messageOf } from '../core/errors.ts';
import type { Session } from './session.ts';

/**
 * After a fault whose start failed with `thrown`: FIS may have taken the call although its answer was lost. What it started is stopped, and what nobody
 * can find out is left to `recover`: an undo under an experiment that still runs would only be undone by it.
 */
export async function stopUnanswered(thrown: unknown, fault: string, { undo, chaos }: Pick<Session, 'undo' | 'chaos'>): Promise<void> {
  if (isRefusal(thrown)) return;
  try {
    for (const { entry, failure } of await stopExperimentsOf(chaos.clients, undo.left(), chaos.clock)) undo.keep(entry, failure);
  } catch (unread) {
    const entry = undo.left().find((each) => each.fault === fault);
    if (entry) undo.keep(entry, `FIS did not say whether it started the fault, and its experiments cannot be listed: ${messageOf(unread)}`);
  }
}

/** Whether the site answered, and said no. */
function isRefusal(thrown: unknown): boolean {
  const status = (thrown as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  return status !== undefined && status < 500;
}
