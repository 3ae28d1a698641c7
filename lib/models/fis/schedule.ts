import type { ActionStatus } from './types.ts';

export interface ScheduledAction {
  readonly startAfter: readonly string[];
  readonly status: ActionStatus;
}

const active: readonly ActionStatus[] = ['initiating', 'running', 'stopping'];

export function isOver(status: ActionStatus): boolean {
  return status !== 'pending' && !active.includes(status);
}

/**
 * The pending actions that may start now, in the template's order: all that they wait for has completed, and no more than
 * `maxParallel` run at once (quota).
 */
export function actionsToStart(actions: Readonly<Record<string, ScheduledAction>>, maxParallel: number): string[] {
  const running = Object.values(actions).filter((action) => active.includes(action.status)).length;
  const ready = Object.entries(actions).filter(
    ([, action]) => action.status === 'pending' && action.startAfter.every((name) => actions[name]?.status === 'completed'),
  );
  return ready.slice(0, Math.max(0, maxParallel - running)).map(([name]) => name);
}

export type ExperimentDecision = 'go-on' | 'complete' | 'fail';

/** What the states of its actions mean for an experiment that nobody stops: one failed action fails it. */
export function experimentDecision(actions: Readonly<Record<string, ScheduledAction>>): ExperimentDecision {
  const statuses = Object.values(actions).map((action) => action.status);
  if (statuses.includes('failed')) return 'fail';
  return statuses.every(isOver) ? 'complete' : 'go-on';
}

/** An action on a cycle of startAfter, when there is one: such a template could never end. */
export function startAfterCycle(actions: Readonly<Record<string, { readonly startAfter?: readonly string[] | undefined }>>): string | undefined {
  const done = new Set<string>();
  const open = new Set<string>();
  const visit = (name: string): string | undefined => {
    if (open.has(name)) return name;
    if (done.has(name)) return undefined;
    open.add(name);
    for (const before of actions[name]?.startAfter ?? []) {
      const found = visit(before);
      if (found !== undefined) return found;
    }
    open.delete(name);
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(actions)) {
    const found = visit(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
