import type { Executions } from './executions.ts';
import type { MapRuns } from './map-runs.ts';
import type { Runner } from './runner.ts';
import type { StateMachines } from './state-machines.ts';

/** Deletes it at once where nothing is open; else its executions end at their next transition, and it is gone with the last of them. */
export function removeMachine(machines: StateMachines, executions: Executions, mapRuns: MapRuns, arn: string): void {
  const machine = machines.find(arn);
  if (!machine || machine.deleting) return;
  const open = executions.of(arn).filter(({ status }) => status === 'RUNNING');
  let left = open.length;
  const gone = (): void => {
    mapRuns.forgetAll(arn);
    executions.forgetAll(arn);
    machines.remove(machine);
  };
  const oneLess = (): void => {
    left -= 1;
    if (left === 0) gone();
  };
  machine.deleting = true;
  if (left === 0) gone();
  else for (const execution of open) execution.watchers = [...(execution.watchers ?? []), oneLess];
}

/** For a stack that is deleted or replaces it: what is open is stopped. */
export function removeAtOnce(machines: StateMachines, executions: Executions, mapRuns: MapRuns, runner: Runner, arn: string): void {
  const machine = machines.find(arn);
  if (!machine) return;
  // Executions of Express, which nobody lists, end at their next transition.
  machine.deleting = true;
  for (const execution of executions.of(arn)) {
    const run = runner.runOf(execution);
    if (run) runner.send(run, { kind: 'stop' });
  }
  mapRuns.forgetAll(arn);
  executions.forgetAll(arn);
  machines.remove(machine);
}
