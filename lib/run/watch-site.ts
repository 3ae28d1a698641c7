import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Cancel, timeoutSignal, wallClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Warning } from '../record/types.ts';
import type { Session } from './session.ts';

/** How often a site on this machine is asked whether it is still there, and how many silences in a row mean that it is not. */
const beatMs = 2_000;
const silencesAllowed = 3;

/**
 * Ends the run when the site is gone: the lab's process ended, or an endpoint on this machine stopped to answer. AWS is
 * not asked: there a failed call is an error of its own. What a lab of the run's own says of itself becomes a warning.
 * @returns what stops the watching
 */
export function watchSite({ site, interruption, journal }: Session): () => void {
  site.onIncident((text) => journal.warn(incidentWarning(text)));
  void site.gone.then((detail) => interruption.end({ kind: 'site-gone', detail }));
  if (!site.loopback) return () => {};
  let cancel: Cancel = () => {};
  let silences = 0;
  let watching = true;
  const beat = async (): Promise<void> => {
    try {
      await site.clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: timeoutSignal(beatMs * 2) });
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

/** A lab that failed in what AWS does not fail in is not to be believed; a host that a handler took down is told, since the handler did it. */
function incidentWarning(text: string): Warning {
  const defect = text.includes('failed inside the lab');
  const advice = defect
    ? 'please report it, with the record of the run: what the lab answered here is not what AWS answers'
    : 'the functions that shared the host started cold again, and what ran in them failed, which on AWS could not happen';
  return { code: defect ? 'lab-defect' : 'lab-incident', message: `the lab: ${text}`, advice, invalidates: defect };
}
