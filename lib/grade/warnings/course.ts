import type { RunRecord } from '../../record/reader.ts';
import type { JournalEvent, Warning } from '../../record/types.ts';
import { lastUndos } from '../faults.ts';
import type { FaultFigures } from '../types.ts';

/** Whether the run took the course that was planned: to its end, with every fault in effect and everything undone. */
export function courseWarnings(record: RunRecord, faults: readonly FaultFigures[]): Warning[] {
  return [...notFinished(record), ...faults.flatMap(notObserved), ...noEffectWindow(faults), ...notUndone(record)];
}

/** How a run came to its end, from its journal. */
export function endOf(journal: readonly JournalEvent[]): {
  interruptedBy: string | undefined;
  stopped: readonly Stopped[];
  reason: string | undefined;
} {
  const reason = journal.flatMap((event) => (event.kind === 'run-ended' ? [event.reason] : [])).at(-1);
  const signal = journal.flatMap((event) => (event.kind === 'interrupted' ? [event.by] : [])).at(0);
  const stopped = journal.filter((event): event is Stopped => event.kind === 'stopped');
  return { interruptedBy: signal ?? (reason === 'interrupted' ? 'the user' : undefined), stopped, reason };
}

type Stopped = Extract<JournalEvent, { kind: 'stopped' }>;

function notFinished({ journal, manifest }: RunRecord): Warning[] {
  const { interruptedBy, stopped, reason } = endOf(journal);
  const invalid = (code: string, message: string, advice: string): Warning => ({ code, message, advice, invalidates: true });
  const warnings = stopped.map(({ by, detail }) =>
    invalid(
      'stopped',
      `the run was stopped by ${by === 'guard' ? 'a guard' : 'a stop condition'}: ${detail}`,
      'lessen the fault or the load, or mend the system',
    ),
  );
  if (interruptedBy !== undefined)
    warnings.push(invalid('interrupted', `the run was interrupted by ${interruptedBy}`, 'run it again to the end to grade it'));
  if (reason === undefined)
    warnings.push(
      invalid(
        'not-finished',
        'the run did not end: it died, or it is still running',
        'what is shown is what there was; if it has died, proofload recover restores what it may have left changed',
      ),
    );
  else if (reason !== 'complete' && warnings.length === 0)
    warnings.push(invalid('ended-early', `the run ended before its time: ${reason}`, 'see the timeline, and run it again for a verdict'));
  else if (warnings.length === 0 && !manifest.imported && !wasCollected(journal))
    warnings.push(
      invalid(
        'not-collected',
        'the record is unfinished: the run died before its evidence was collected',
        'see the timeline, and run it again for a verdict',
      ),
    );
  return warnings;
}

/** A collection that failed has left a warning of its own, which says why. */
function wasCollected(journal: readonly JournalEvent[]): boolean {
  return journal.some((event) => event.kind === 'collected' || (event.kind === 'warning' && event.warning.code === 'collection-failed'));
}

function notObserved({ fault, resource, probe }: FaultFigures): Warning[] {
  if (probe.observed) return [];
  const value = probe.value.state === 'value' ? `${probe.value.value}` : probe.value.reason;
  return [
    {
      code: 'fault-not-observed',
      message: `fault ${fault} on ${resource} was not observed: ${probe.name} is silent (${value})`,
      advice: 'a phase without its fault proves nothing: check that the experiment ran and that the traffic reaches the resource',
      invalidates: true,
    },
  ];
}

function noEffectWindow(faults: readonly FaultFigures[]): Warning[] {
  return faults
    .filter(({ windows, probe }) => probe.observed && !windows.effect)
    .map(({ fault, windows }) => ({
      code: 'effect-window-unknown',
      message: `when ${fault} took effect is not known; ${windows.fis ? "FIS's own window" : 'the whole fault phase'} is graded instead`,
      advice: 'let the run read the steps of the automation (ssm:GetAutomationExecution)',
      invalidates: false,
    }));
}

/** What may still be changed on the site: undone without success, left alone, or registered and never heard of again. A lab that the run started itself and that ended keeps nothing. */
export function notUndone(record: RunRecord): Warning[] {
  const undos = lastUndos(record.journal);
  const bad = undos.filter(({ outcome }) => outcome === 'failed' || outcome === 'changed-by-other');
  const siteIsGone = record.journal.some((event) => event.kind === 'warning' && event.warning.code === 'lab-gone');
  const open = record.journal.flatMap((event) =>
    !siteIsGone && event.kind === 'undo-registered' && !undos.some(({ fault, resource }) => fault === event.fault && resource === event.resource)
      ? [event]
      : [],
  );
  return [
    ...bad.map(({ resource, outcome, detail, command }) => ({
      code: 'not-undone',
      message: `${resource} was not restored (${outcome}): ${detail}`,
      advice: command ?? 'look at it and restore it by hand',
      invalidates: false,
    })),
    ...open.map(({ resource, setting, found }) => ({
      code: 'not-undone',
      message: `nothing says that ${setting} of ${resource} was restored to ${found}`,
      advice: 'run proofload recover for this site',
      invalidates: false,
    })),
  ];
}
