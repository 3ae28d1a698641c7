import { actionMinutes } from '../../models/price.ts';
import type { JournalEvent, Window } from '../../record/types.ts';
import { type Bill, type BillContext, monthsOf, nothing, together, used } from './bill.ts';

/** What reports call the tools of the run, as against the system. */
export const instruments = 'proofload';

/** What the run itself used: the experiments' minutes and alarms, the guards' metrics and alarms, the automations' steps, the reads of CloudWatch. */
export function billInstruments(context: BillContext, journal: readonly JournalEvent[]): Bill {
  const item = (dimension: string, quantity: number, source: string): Bill =>
    quantity > 0 ? used(context, instruments, dimension, quantity, source) : nothing;
  const minutes = experimentWindows(journal).reduce((sum, { startMs, endMs }) => sum + actionMinutes(endMs - startMs), 0);
  const faults = new Set(journal.flatMap((event) => (event.kind === 'fault-started' ? [event.fault] : [])));
  const steps = new Set(
    journal.flatMap((event) => (event.kind === 'fault-step' && event.startMs !== undefined ? [`${event.fault}\n${event.step}`] : [])),
  );
  // A collection is complete when two reads agree.
  const reads = journal.reduce((sum, event) => sum + (event.kind === 'collected' ? event.series * (event.complete ? 2 : 1) : 0), 0);
  const published = journal.filter((event) => event.kind === 'guards-published');
  const guards = published.reduce((sum, event) => sum + event.guards, 0);
  const puts = published.reduce((sum, event) => sum + event.requests, 0);
  return together(
    item('fis.action-minute', minutes, "FIS's windows, to the nearest minute"),
    item('ssm.automation-step', steps.size, 'steps that the automations ran'),
    item('cloudwatch.alarm-month', faults.size * monthsOf(context), 'the alarm of each fault, for as long as the run lasted'),
    item('cloudwatch.high-resolution-alarm-month', guards * monthsOf(context), 'the alarm of each guard, for as long as the run lasted'),
    item('cloudwatch.custom-metric-month', guards * monthsOf(context), 'the metric of each guard, for as long as the run lasted'),
    item('cloudwatch.request', puts, "the guards' values sent (PutMetricData)"),
    item('cloudwatch.get-metric-data', reads, 'series collected, each read twice at least where the collection was complete'),
  );
}

/** FIS bills while an action runs: its own window of each fault, one action each; where it is not known, the effect's. */
function experimentWindows(journal: readonly JournalEvent[]): Window[] {
  const byFault = new Map<string, { fis?: Window; effect?: Window }>();
  for (const event of journal)
    if (event.kind === 'fault-window' && event.of !== 'asked') byFault.set(event.fault, { ...byFault.get(event.fault), [event.of]: event.window });
  return [...byFault.values()].flatMap(({ fis, effect }) => fis ?? effect ?? []);
}
