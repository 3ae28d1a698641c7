import type { AutomationDocument, AutomationStatus, DocumentStep } from './types.ts';

/** How a step ended; `jumpTo` is a branch's choice. */
export interface StepEnding {
  readonly status: 'Success' | 'Failed' | 'TimedOut';
  readonly jumpTo?: string | undefined;
}

/** What happens after a step. `spoils`: the state in which the automation ends at best, because a critical step failed. */
export type NextMove = { readonly go: string; readonly spoils?: AutomationStatus } | { readonly end: AutomationStatus };

/**
 * What follows `step`. A failed step that is critical spoils the whole automation even when it goes on elsewhere; isCritical
 * is true unless onFailure is Continue or the step says so (AWS Systems Manager, properties shared by all actions).
 */
export function afterStep(document: AutomationDocument, step: DocumentStep, ending: StepEnding, spoiled?: AutomationStatus): NextMove {
  if (ending.status === 'Success') return step.isEnd ? { end: spoiled ?? 'Success' } : follow(document, step, ending.jumpTo, spoiled);
  const critical = step.isCritical ?? step.onFailure.kind !== 'continue';
  const spoils = spoiled ?? (critical ? ending.status : undefined);
  if (step.onFailure.kind === 'abort') return { end: spoiled ?? ending.status };
  if (step.isEnd) return { end: spoils ?? 'Success' };
  if (step.onFailure.kind === 'step') return { go: step.onFailure.step, ...(spoils ? { spoils } : {}) };
  return follow(document, step, undefined, spoils);
}

/** Where a cancelled automation goes on: the step of `onCancel`, when the step that was running has one; else nowhere. */
export function afterCancel(step: DocumentStep): string | undefined {
  return step.onCancel.kind === 'step' ? step.onCancel.step : undefined;
}

function follow(document: AutomationDocument, step: DocumentStep, jumpTo: string | undefined, spoils: AutomationStatus | undefined): NextMove {
  const index = document.steps.findIndex((each) => each.name === step.name);
  const go = jumpTo ?? step.nextStep ?? document.steps[index + 1]?.name;
  return go === undefined ? { end: spoils ?? 'Success' } : { go, ...(spoils ? { spoils } : {}) };
}
