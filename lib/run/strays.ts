import type { Env } from '../core/env.ts';
import { messageOf } from '../core/errors.ts';
import type { Session } from './session.ts';

/**
 * What code of the exercise leaves unawaited and fails would end the process, and cost the undo: it ends the run in order instead.
 * @returns what stops heeding it
 */
export function heedStrays(env: Pick<Env, 'onStray'>, { journal, interruption }: Pick<Session, 'journal' | 'interruption'>): () => void {
  return env.onStray((thrown) => {
    const detail = messageOf(thrown);
    const advice = "await every promise in the exercise's data and invariants; if it is none of theirs, please report it, with the record of the run";
    journal.warn({ code: 'stray-failure', message: `something failed that nobody waited for: ${detail}`, advice, invalidates: true });
    interruption.end({ kind: 'defect', detail });
  });
}
