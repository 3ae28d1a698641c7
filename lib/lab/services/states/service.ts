import type { LabContext, LabService } from '../../contract.ts';
import { Activities } from './activities.ts';
import { DurationLimit } from './duration-limit.ts';
import { capitalDescription, type StoredExecution } from './execution.ts';
import { Executions } from './executions.ts';
import type { EndedChild, IntegrationTools } from './integrations/integration.ts';
import { MapRuns } from './map-runs.ts';
import { StatesMetrics } from './metrics.ts';
import { activityOperations } from './operations/activities.ts';
import { aliasOperations } from './operations/aliases.ts';
import { definitionOperations } from './operations/definitions.ts';
import { executionListOperations } from './operations/execution-lists.ts';
import { executionOperations } from './operations/executions.ts';
import { mapRunOperations } from './operations/map-runs.ts';
import { stateMachineOperations } from './operations/state-machines.ts';
import { taskOperations } from './operations/tasks.ts';
import { versionOperations } from './operations/versions.ts';
import { activityResource, aliasResource, versionResource } from './other-resources.ts';
import { Rates } from './rates.ts';
import { removeAtOnce, removeMachine } from './removal.ts';
import { stateMachineResource } from './resource.ts';
import { Runner } from './runner.ts';
import { Starter } from './starter.ts';
import { StateMachines } from './state-machines.ts';
import { tagOperations } from './tags.ts';
import { Tasks } from './tasks.ts';
import { StateTest } from './test-state.ts';

/** AWS Step Functions: the interpreter of lib/models/states on the lab's clock, with AWS's limits, history, metrics and bills. */
export function createStatesService(context: LabContext): LabService {
  const machines = new StateMachines(context);
  const executions = new Executions(context);
  const activities = new Activities(context);
  const rates = new Rates(context);
  const metrics = new StatesMetrics(context.metrics);
  const tools = integrationTools(context, executions);
  const tasks: Tasks = new Tasks({ context, metrics, activities, tools, send: (run, event) => runner.send(run, event) });
  const mapRuns: MapRuns = new MapRuns({
    ...{ context, executions, send: (run, event) => runner.send(run, event), runOf: (execution) => runner.runOf(execution) },
    ...{ begin: (execution, input) => runner.begin(execution, input), again: (execution) => runner.redrive(execution) },
  });
  const runner = new Runner({ context, executions, rates, metrics, tasks, mapRuns });
  const limit = new DurationLimit(context, executions.open, (execution) => runner.timeOut(execution));
  const starter = new Starter({ context, machines, executions, runner, limit });
  const remove = (arn: string): void => removeMachine(machines, executions, mapRuns, arn);
  const tagsOf = (arn: string) => (machines.find(arn) ?? activities.find(arn))?.tags;
  return {
    name: 'states',
    operations: {
      ...stateMachineOperations(context, machines, remove),
      ...versionOperations(context, machines),
      ...aliasOperations(context, machines),
      ...executionOperations({ machines, executions, starter, runner, rates }),
      ...executionListOperations(machines, executions, mapRuns, rates),
      ...mapRunOperations(mapRuns, executions),
      ...taskOperations(tasks, rates, context.quotas.number('states.payload-max')),
      ...activityOperations(activities, rates),
      ...definitionOperations(new StateTest(context, tools)),
      ...tagOperations(tagsOf, context.quotas.number('states.tags')),
    },
    resources: [
      stateMachineResource(machines, (arn) => removeAtOnce(machines, executions, mapRuns, runner, arn)),
      versionResource(context, machines),
      aliasResource(context, machines),
      activityResource(activities),
    ],
    stop: () => {
      rates.close();
      limit.stop();
      activities.close();
      mapRuns.close();
      runner.close();
    },
  };
}

function integrationTools(context: LabContext, executions: Executions): IntegrationTools {
  const rng = context.rng.fork('integrations');
  const caller = { kind: 'service', service: 'states' } as const;
  const whenEnded = (arn: string): Promise<EndedChild> =>
    new Promise((resolve) => {
      const tell = (ended: StoredExecution): void => resolve({ succeeded: ended.status === 'SUCCEEDED', description: capitalDescription(ended) });
      const found = executions.get(arn);
      if (found.status === 'RUNNING') found.watchers = [...(found.watchers ?? []), tell];
      else tell(found);
    });
  return {
    context,
    call: (service, operation, input) => context.call(service, operation, input, caller),
    whenEnded,
    requestId: () => rng.uuid(),
  };
}
