import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Cancel, wallClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Session } from './session.ts';

/** How often a site on this machine is asked whether it is still there, and how many silences in a row mean that it is not. */
const beatMs = 2_000;
const silencesAllowed = 3;

/**
 * Ends the run when the site is gone: the lab's process ended, or an endpoint on this machine stopped to answer. AWS is
 * not asked: there a failed call is an error of its own.
 * @returns what stops the watching
 */
export function watchSite({ site, interruption }: Session): () => void {
  void site.gone.then((detail) => interruption.end({ kind: 'site-gone', detail }));
  if (!site.loopback) return () => {};
  let cancel: Cancel = () => {};
  let silences = 0;
  let watching = true;
  const beat = async (): Promise<void> => {
    try {
      await site.clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(beatMs * 2) });
      silences = 0;
    } catch (thrown) {
      silences++;
      if (silences >= silencesAllowed) interruption.end({ kind: 'site-gone', detail: messageOf(thrown) });
    }
    if (watching) cancel = wallClock().schedule(beatMs, () => void beat());
  };
  void beat();
  return () => {
    watching = false;
    cancel();
  };
}
