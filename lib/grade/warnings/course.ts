import type { RunRecord } from '../../record/reader.ts';
import type { Warning } from '../../record/types.ts';
import { lastUndos } from '../faults.ts';
import type { FaultFigures } from '../types.ts';

/** Whether the run took the course that was planned: to its end, with every fault in effect and everything undone. */
export function courseWarnings(record: RunRecord, faults: readonly FaultFigures[]): Warning[] {
  return [...notFinished(record), ...faults.flatMap(notObserved), ...noEffectWindow(faults), ...notUndone(record)];
}

function notFinished({ journal }: RunRecord): Warning[] {
  const warnings = journal.flatMap((event): Warning[] => {
    if (event.kind === 'interrupted')
      return [
        { code: 'interrupted', message: `the run was interrupted by ${event.by}`, advice: 'run it again to the end to grade it', invalidates: true },
      ];
    if (event.kind === 'stopped') {
      const by = event.by === 'guard' ? 'a guard' : 'a stop condition';
      return [
        {
          code: 'stopped',
          message: `the run was stopped by ${by}: ${event.detail}`,
          advice: 'lessen the fault or the load, or mend the system',
          invalidates: true,
        },
      ];
    }
    return [];
  });
  if (journal.some(({ kind }) => kind === 'run-ended')) return warnings;
  const advice = 'what is shown is what there was; if it has died, proofload recover restores what it may have left changed';
  return [...warnings, { code: 'not-finished', message: 'the run did not end: it died, or it is still running', advice, invalidates: true }];
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

/** What may still be changed on the site: undone without success, left alone, or registered and never heard of again. */
export function notUndone(record: RunRecord): Warning[] {
  const undos = lastUndos(record.journal);
  const bad = undos.filter(({ outcome }) => outcome === 'failed' || outcome === 'changed-by-other');
  const open = record.journal.flatMap((event) =>
    event.kind === 'undo-registered' && !undos.some(({ fault, resource }) => fault === event.fault && resource === event.resource) ? [event] : [],
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
