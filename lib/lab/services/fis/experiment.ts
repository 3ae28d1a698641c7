import { dateOf } from '../../../core/time-format.ts';
import { isOver } from '../../../models/fis/schedule.ts';
import type { ActionStatus, ActionsMode, ExperimentStatus, ExperimentTemplate, TemplateAction } from '../../../models/fis/types.ts';

export interface ExperimentAction {
  readonly action: TemplateAction;
  readonly startAfter: readonly string[];
  status: ActionStatus;
  reason: string;
  startMs: number | undefined;
  endMs: number | undefined;
}

/** One experiment as far as it has come. */
export interface Experiment {
  readonly id: string;
  readonly arn: string;
  readonly templateId: string;
  readonly template: ExperimentTemplate;
  readonly actionsMode: ActionsMode;
  readonly actions: Readonly<Record<string, ExperimentAction>>;
  readonly tags: Map<string, string>;
  readonly createdMs: number;
  status: ExperimentStatus;
  reason: string;
  /** FIS's error code where one tells why it failed, such as InvalidTarget. */
  errorCode: string | undefined;
  startMs: number | undefined;
  endMs: number | undefined;
  /** ARNs that each target was resolved to. */
  resolved: Record<string, readonly string[]>;
}

export function isActive(experiment: Experiment): boolean {
  return ['pending', 'initiating', 'running', 'stopping'].includes(experiment.status);
}

export function setState(experiment: Experiment, status: ExperimentStatus, reason: string): void {
  Object.assign(experiment, { status, reason });
}

export function setActionState(action: ExperimentAction, status: ActionStatus, reason: string, nowMs: number): void {
  Object.assign(action, { status, reason });
  if (status === 'initiating' || status === 'running') action.startMs ??= nowMs;
  if (isOver(status) && action.startMs !== undefined) action.endMs = nowMs;
}

/** What GetExperiment says of an experiment. */
export function described(experiment: Experiment): object {
  const { template, startMs, endMs } = experiment;
  return {
    ...summary(experiment),
    roleArn: template.roleArn,
    targets: template.targets,
    actions: Object.fromEntries(Object.entries(experiment.actions).map(([name, action]) => [name, describedAction(action)])),
    stopConditions: template.stopConditions,
    ...(startMs === undefined ? {} : { startTime: dateOf(startMs) }),
    ...(endMs === undefined ? {} : { endTime: dateOf(endMs) }),
    ...(template.logConfiguration === undefined ? {} : { logConfiguration: template.logConfiguration }),
    targetAccountConfigurationsCount: 0,
  };
}

export function summary(experiment: Experiment): object {
  const { template, errorCode } = experiment;
  return {
    id: experiment.id,
    arn: experiment.arn,
    experimentTemplateId: experiment.templateId,
    state: { status: experiment.status, reason: experiment.reason, ...(errorCode === undefined ? {} : { error: { code: errorCode } }) },
    creationTime: dateOf(experiment.createdMs),
    tags: Object.fromEntries(experiment.tags),
    experimentOptions: { ...template.experimentOptions, actionsMode: experiment.actionsMode },
  };
}

function describedAction({ action, status, reason, startMs, endMs }: ExperimentAction): object {
  return {
    ...action,
    state: { status, reason },
    ...(startMs === undefined ? {} : { startTime: dateOf(startMs) }),
    ...(endMs === undefined ? {} : { endTime: dateOf(endMs) }),
  };
}
