import type { Numbers } from '../../core/numbers.ts';
import type { CollectedMetric, JournalEvent, ResourceConfiguration, Window } from '../../record/types.ts';
import { together } from './bill.ts';
import { charge, sumOf } from './charge.ts';
import { billInstruments } from './instruments.ts';
import { billSystem } from './system.ts';

/** Metrics that bills are made from: what must be read to know what a run has cost so far. */
export const billedMetrics: ReadonlySet<string> = new Set([
  ...['Invocations', 'Duration', 'Count', 'DataProcessed', 'ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'ConsumedCapacity'],
  ...['ExecutionsStarted', 'ExpressExecutionBilledDuration', 'ExpressExecutionBilledMemory'],
  ...['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted', 'NumberOfEmptyReceives', 'SentMessageSize'],
]);

/** A run on its way, as far as it is metered. */
export interface Metered {
  readonly resources: readonly ResourceConfiguration[];
  readonly metrics: readonly CollectedMetric[];
  readonly journal: readonly JournalEvent[];
  readonly prices: Numbers;
  /** From the run's start until now, the site's time. */
  readonly window: Window;
}

/** What a run has cost until now, the least it can be: experiments that still run count until now. */
export function spentUsd({ resources, metrics, journal, prices, window }: Metered): number {
  const context = { resources, metrics, prices, hours: (window.endMs - window.startMs) / 3_600_000 };
  const bill = together(billSystem(context), billInstruments(context, [...runningExperiments(journal, window.endMs), ...journal]));
  return sumOf(charge(bill.items, prices));
}

/** A window until now for each fault that was started; one that has ended has FIS's own, which comes later in the journal and counts. */
function runningExperiments(journal: readonly JournalEvent[], nowMs: number): JournalEvent[] {
  return journal.flatMap((event): JournalEvent[] => {
    if (event.kind !== 'fault-started') return [];
    const window = { startMs: event.at, endMs: nowMs };
    return [{ at: nowMs, kind: 'fault-window', fault: event.fault, of: 'fis', window, source: 'still running' }];
  });
}
