import type { RunRecord } from '../record/reader.ts';
import type { CollectedMetric, JournalEvent, Window } from '../record/types.ts';
import type { PhaseTally } from './clients.ts';
import { minuteMs } from './cloudwatch.ts';
import { noData, value } from './figure.ts';
import { recoveryRule, timeToRecover } from './recover.ts';
import type { FaultFigures, Figure, FigureSource } from './types.ts';

type ProbeEvent = Extract<JournalEvent, { kind: 'probe' }>;
type UndoEvent = Extract<JournalEvent, { kind: 'undo' }>;

/** A fault's figures, and whether a missing time to recover means that the system did not come back. */
export interface GradedFault {
  readonly figures: FaultFigures;
  readonly neverRecovered: boolean;
}

/** What every planned fault did: its three windows, whether its probe saw it, how it was undone, and how long clients took to be well again. */
export function gradedFaults(record: RunRecord, baseline: PhaseTally | undefined): GradedFault[] {
  const observedUntilMs = record.phases().at(-1)?.endMs ?? 0;
  return record.manifest.faults.map((fault) => {
    const windows = windowsOf(record.journal, fault.name);
    const end = windows.effect ?? windows.fis;
    const source: FigureSource = windows.effect && !isInferred(record.journal, fault.name) ? 'client' : 'inferred';
    const recovery = end
      ? timeToRecover(record, baseline, end.endMs, observedUntilMs, source)
      : { figure: noData('s', 'the end of the effect is not known'), neverRecovered: false };
    const figures: FaultFigures = {
      fault: fault.name,
      resource: logicalName(record, fault.resource),
      description: fault.description,
      windows,
      probe: probeOf(record, fault, windows.effect ?? windows.fis ?? windows.asked),
      undo: lastUndos(record.journal, fault.name).map(({ resource, outcome, detail, command }) => ({
        resource: logicalName(record, resource),
        outcome,
        detail,
        ...(command === undefined ? {} : { command }),
      })),
      timeToRecoverSec: recovery.figure,
      recoveryRule,
    };
    return { figures, neverRecovered: recovery.neverRecovered };
  });
}

/** What the template calls a resource; its physical name where the record does not tell. */
function logicalName(record: RunRecord, physicalId: string): string {
  return record.resources.find((each) => each.physicalId === physicalId)?.logicalId ?? physicalId;
}

/** The last outcome of each resource that was undone: an undo may be tried again. */
export function lastUndos(journal: readonly JournalEvent[], fault?: string): UndoEvent[] {
  const last = new Map<string, UndoEvent>();
  for (const event of journal)
    if (event.kind === 'undo' && (fault === undefined || event.fault === fault)) last.set(`${event.fault}\n${event.resource}`, event);
  return [...last.values()];
}

function windowsOf(journal: readonly JournalEvent[], fault: string): FaultFigures['windows'] {
  const windows: { asked?: Window; fis?: Window; effect?: Window } = {};
  for (const event of journal) if (event.kind === 'fault-window' && event.fault === fault) windows[event.of] = event.window;
  return windows;
}

/** Whether the end of the effect is a guess of the run's (`inferred: until the undo`): no step told it. The last window is the one that counts. */
function isInferred(journal: readonly JournalEvent[], fault: string): boolean {
  const sources = journal.flatMap((event) => (event.kind === 'fault-window' && event.fault === fault && event.of === 'effect' ? [event.source] : []));
  return sources.at(-1)?.startsWith('inferred') === true;
}

/** The probe as CloudWatch had it in the end, over every minute that the effect touched; where the metric was not collected, as the run saw it. */
function probeOf(record: RunRecord, fault: { name: string; resource: string; probe: string }, window: Window | undefined): FaultFigures['probe'] {
  const seen = record.journal.filter((event): event is ProbeEvent => event.kind === 'probe' && event.fault === fault.name).at(-1);
  const name = fault.probe || seen?.probe || 'no probe';
  const metric = probeMetric(record.metrics, fault);
  const sum = metric && window ? sumOver(metric, window) : undefined;
  if (metric && sum !== undefined) return { name, observed: sum > 0, value: value(sum, 'count', 'cloudwatch', metric.periodSec) };
  if (!seen) return { name, observed: false, value: noData('count', 'the probe was never read') };
  const figure: Figure = seen.value === null ? noData('count', `no value from ${seen.source}`) : value(seen.value, 'count', 'cloudwatch', 60);
  return { name, observed: seen.observed, value: figure };
}

/** The collected series that the probe names, such as `AWS/Lambda Throttles > 0`, of the resource that the fault disturbs. */
function probeMetric(metrics: readonly CollectedMetric[], { resource, probe }: { resource: string; probe: string }): CollectedMetric | undefined {
  const [, namespace, name] = /(\w+\/\w+)\s+(\w+)/.exec(probe) ?? [];
  return metrics.find(
    (each) =>
      each.namespace === namespace &&
      each.metric === name &&
      each.statistic === 'Sum' &&
      (each.resource === resource || Object.values(each.dimensions).includes(resource)),
  );
}

/** The sum over the minutes that `window` touches; undefined where neither a point nor a witness says anything. */
function sumOver(metric: CollectedMetric, window: Window): number | undefined {
  const touched = (atMs: number): boolean => atMs + minuteMs > window.startMs && atMs < window.endMs;
  const points = metric.points.filter(({ atMs }) => touched(atMs));
  if (points.length === 0 && !metric.witnessed?.some(touched)) return undefined;
  return points.reduce((sum, point) => sum + point.value, 0);
}
