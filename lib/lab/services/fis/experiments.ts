import { fisLimits } from '../../../models/fis/limits.ts';
import { invalid, requireMembers } from '../../../models/fis/refusals.ts';
import type { ActionsMode } from '../../../models/fis/types.ts';
import { checkTags } from '../../../models/fis/validate.ts';
import type { LabContext, Operation } from '../../contract.ts';
import type { FaultConfigurations } from '../../functions/fault-configurations.ts';
import { conflict, notFound, quotaExceeded } from './errors.ts';
import { described, type Experiment, isActive, summary } from './experiment.ts';
import { type PageInput, page } from './page.ts';
import { ExperimentRun } from './run-experiment.ts';
import type { SafetyLever } from './safety-lever.ts';
import { fisId, type StoredTemplate, type TemplateStore } from './templates.ts';

export interface Experiments {
  readonly operations: Readonly<Record<string, Operation>>;
  tagsOf(arn: string): Map<string, string> | undefined;
  /** Stops every active experiment for `reason`. */
  stopAll(reason: string): void;
  /** The lab stops. */
  close(): void;
}

interface StartInput {
  readonly clientToken?: string;
  readonly experimentTemplateId?: string;
  readonly experimentOptions?: { readonly actionsMode?: string };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Experiments: at most the quota active at once; those that ended stay listed until the lab ends. */
export function createExperiments(context: LabContext, templates: TemplateStore, lever: SafetyLever, faults: FaultConfigurations): Experiments {
  const experiments = new Map<string, Experiment>();
  const runs = new Map<string, ExperimentRun>();
  const tokens = new Map<string, Experiment>();
  const limits = fisLimits(context.quotas);

  const get = (id: string | undefined): Experiment => {
    const found = experiments.get(id ?? '');
    if (!found) throw notFound(`Experiment ${id}`);
    return found;
  };
  const start = (input: StartInput): object => {
    requireMembers({ clientToken: input.clientToken, experimentTemplateId: input.experimentTemplateId });
    const earlier = tokens.get(input.clientToken ?? '');
    if (earlier?.templateId === input.experimentTemplateId) return { experiment: described(earlier as Experiment) };
    if (earlier) throw conflict('The clientToken was used for another experiment.');
    checkTags(input.tags ?? {}, limits);
    const experiment = newExperiment(input, templates.get(input.experimentTemplateId), context);
    lever.refuseWhileEngaged();
    if ([...experiments.values()].filter(isActive).length >= limits.activeExperiments)
      throw quotaExceeded(`At most ${limits.activeExperiments} experiments can be active at once.`);
    experiments.set(experiment.id, experiment);
    tokens.set(input.clientToken ?? '', experiment);
    const run = new ExperimentRun(experiment, context, faults);
    runs.set(experiment.id, run);
    void run.done.then(() => runs.delete(experiment.id));
    return { experiment: described(experiment) };
  };
  const stop = (input: { id?: string }): object => {
    const experiment = get(input.id);
    if (!isActive(experiment)) throw invalid(`Experiment ${experiment.id} cannot be stopped: it is ${experiment.status}.`);
    runs.get(experiment.id)?.stop('Experiment stopped.');
    return { experiment: described(experiment) };
  };
  return {
    tagsOf: (arn) => [...experiments.values()].find((each) => each.arn === arn)?.tags,
    stopAll: (reason) => runs.forEach((run) => void run.stop(reason, reason)),
    close: () => runs.forEach((run) => void run.close()),
    operations: {
      StartExperiment: { act: start },
      StopExperiment: { act: stop },
      GetExperiment: { act: (input: { id?: string }) => ({ experiment: described(get(input.id)) }) },
      ListExperiments: {
        act: (input: PageInput & { experimentTemplateId?: string }) => {
          const wanted = [...experiments.values()].filter((each) => !input.experimentTemplateId || each.templateId === input.experimentTemplateId);
          return page(wanted.reverse().map(summary), input, 'experiments');
        },
      },
      ListExperimentResolvedTargets: {
        act: (input: PageInput & { experimentId?: string; targetName?: string }) =>
          page(resolvedTargets(get(input.experimentId), input.targetName), input, 'resolvedTargets'),
      },
    },
  };
}

function newExperiment(input: StartInput, { id: templateId, template }: StoredTemplate, context: LabContext): Experiment {
  const mode = input.experimentOptions?.actionsMode ?? 'run-all';
  if (mode !== 'run-all' && mode !== 'skip-all') throw invalid(`actionsMode must be run-all or skip-all, not ${mode}.`);
  const id = `EXP${fisId(context)}`;
  const actions = Object.entries(template.actions).map(([name, action]) => [
    name,
    { action, startAfter: action.startAfter ?? [], status: 'pending', reason: 'Initial state', startMs: undefined, endMs: undefined } as const,
  ]);
  return {
    id,
    arn: context.arn('fis', `experiment/${id}`),
    templateId,
    template,
    actionsMode: mode satisfies ActionsMode,
    actions: Object.fromEntries(actions),
    tags: new Map(Object.entries(input.tags ?? {})),
    createdMs: context.clock.now(),
    status: 'pending',
    reason: 'Experiment is pending.',
    errorCode: undefined,
    startMs: undefined,
    endMs: undefined,
    resolved: {},
  };
}

function resolvedTargets(experiment: Experiment, targetName: string | undefined): object[] {
  const targets = Object.entries(experiment.resolved).filter(([name]) => targetName === undefined || name === targetName);
  return targets.flatMap(([name, arns]) =>
    arns.map((arn) => ({ resourceType: experiment.template.targets[name]?.resourceType, targetName: name, targetInformation: { arn } })),
  );
}
