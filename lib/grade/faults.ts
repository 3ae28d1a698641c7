import type { RunRecord } from '../record/reader.ts';
import type { CollectedMetric, JournalEvent, Window } from '../record/types.ts';
import type { PhaseTally } from './clients.ts';
import { minuteMs } from './cloudwatch.ts';
import { noData, value } from './figure.ts';
import { recoveryRule, timeToRecover } from './recover.ts';
import type { FaultFigures, FigureSource } from './types.ts';

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

/** The probe as CloudWatch had it in the end, over every minute that the effect touched. */
function probeOf(record: RunRecord, fault: { resource: string; probe: string }, window: Window | undefined): FaultFigures['probe'] {
  const name = fault.probe || 'no probe';
  const probe = readProbe(name, fault.resource);
  const metric = record.metrics.find((each) => isProbed(each, probe));
  const most = metric && window ? valueOver(metric, window) : undefined;
  if (metric && most !== undefined) {
    const unit = metric.unit === 'Milliseconds' ? 'ms' : metric.unit === 'Seconds' ? 's' : 'count';
    return { name, observed: most > probe.above, value: value(most, unit, 'cloudwatch', metric.periodSec) };
  }
  return { name, observed: false, value: noData('count', 'the probe was never read') };
}

interface Probe {
  readonly namespace?: string | undefined;
  readonly metric?: string | undefined;
  readonly statistic: string;
  readonly above: number;
  readonly resource: string;
}

/** What a probe says: `AWS/Lambda Throttles of f`, `AWS/Lambda Duration Maximum above 4000 of g`; a sum above 0 of the disturbed resource unless it says. */
function readProbe(probe: string, disturbed: string): Probe {
  const form = /(\w+\/\w+)\s+(\w+)(?:\s+(Sum|Maximum|p50|p90))?(?:\s+above\s+([\d.]+))?(?:\s+of\s+(\S+))?/;
  const [, namespace, metric, statistic = 'Sum', above = '0', resource = disturbed] = form.exec(probe) ?? [];
  return { namespace, metric, statistic, above: Number(above), resource };
}

function isProbed(each: CollectedMetric, { namespace, metric, statistic, resource }: Probe): boolean {
  if (each.namespace !== namespace || each.metric !== metric || each.statistic !== statistic) return false;
  return each.resource === resource || Object.values(each.dimensions).includes(resource);
}

/** The metric over the minutes that `window` touches, summed up or at its highest; undefined where neither a point nor a witness says anything. */
function valueOver(metric: CollectedMetric, window: Window): number | undefined {
  const touched = (atMs: number): boolean => atMs + minuteMs > window.startMs && atMs < window.endMs;
  const points = metric.points.filter(({ atMs }) => touched(atMs));
  if (points.length === 0 && !metric.witnessed?.some(touched)) return undefined;
  const values = points.map((point) => point.value);
  return metric.statistic === 'Sum' ? values.reduce((sum, each) => sum + each, 0) : Math.max(0, ...values);
}
