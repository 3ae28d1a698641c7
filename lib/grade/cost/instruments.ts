import { actionMinutes } from '../../models/price.ts';
import type { JournalEvent, Window } from '../../record/types.ts';
import { type Bill, type BillContext, missing, priced, together } from './bill.ts';

/** What reports call the tools of the run, as against the system. */
export const instruments = 'proofload';

/** What the run itself cost: the experiment's minutes, the automation's steps, the reads of CloudWatch. */
export function billInstruments(context: BillContext): Bill {
  const { journal } = context.record;
  const minutes = experimentWindows(journal).reduce((sum, { startMs, endMs }) => sum + actionMinutes(endMs - startMs), 0);
  const steps = new Set(
    journal.flatMap((event) => (event.kind === 'fault-step' && event.startMs !== undefined ? [`${event.fault}\n${event.step}`] : [])),
  ).size;
  const series = journal.reduce((sum, event) => sum + (event.kind === 'collected' ? event.series : 0), 0);
  const nothing = missing();
  return together(
    minutes > 0 ? priced(context, instruments, 'fis.action-minute', minutes, "FIS's windows, to the nearest minute") : nothing,
    steps > 0 ? priced(context, instruments, 'ssm.automation-step', steps, 'steps that the automations ran') : nothing,
    series > 0 ? priced(context, instruments, 'cloudwatch.get-metric-data', series, 'series collected, one read each at least') : nothing,
  );
}

/** FIS bills while an action runs: its own window of each fault, one action each; where it is not known, the effect's. */
function experimentWindows(journal: readonly JournalEvent[]): Window[] {
  const byFault = new Map<string, { fis?: Window; effect?: Window }>();
  for (const event of journal)
    if (event.kind === 'fault-window' && event.of !== 'asked') byFault.set(event.fault, { ...byFault.get(event.fault), [event.of]: event.window });
  return [...byFault.values()].flatMap(({ fis, effect }) => fis ?? effect ?? []);
}
