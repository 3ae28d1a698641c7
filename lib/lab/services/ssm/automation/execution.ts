import { dateOf } from '../../../../core/time-format.ts';
import type { AutomationStatus, Bindings, DocumentStep, StepStatus } from '../../../../models/ssm/types.ts';
import { asStrings } from '../../../../models/ssm/values.ts';
import type { DocumentVersion } from '../documents.ts';
import type { Tags } from '../tags.ts';

/** One run of one step. */
export interface StepRun {
  readonly id: string;
  readonly step: DocumentStep;
  status: StepStatus;
  startMs: number | undefined;
  endMs: number | undefined;
  inputs: Readonly<Record<string, string>>;
  outputs: Record<string, unknown>;
  failure: string | undefined;
  jumpTo: string | undefined;
}

/** One execution of an Automation document, as far as it has come. */
export interface AutomationExecution {
  readonly id: string;
  readonly documentName: string;
  readonly document: DocumentVersion;
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly clientToken: string | undefined;
  readonly executedBy: string;
  readonly tags: Tags;
  /** In document order until they run; a step that runs again is added again. */
  readonly steps: StepRun[];
  readonly startMs: number;
  endMs: number | undefined;
  status: AutomationStatus;
  current: StepRun | undefined;
  failure: string | undefined;
  outputs: Record<string, string[]>;
}

export function isEnded(status: AutomationStatus): boolean {
  return ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(status);
}

/** What GetAutomationExecution says of an execution. */
export function fullExecution(execution: AutomationExecution): object {
  const { current, endMs } = execution;
  return {
    AutomationExecutionId: execution.id,
    DocumentName: execution.documentName,
    DocumentVersion: String(execution.document.version),
    ExecutionStartTime: dateOf(execution.startMs),
    ...(endMs === undefined ? {} : { ExecutionEndTime: dateOf(endMs) }),
    AutomationExecutionStatus: execution.status,
    StepExecutions: execution.steps.map(stepExecution),
    StepExecutionsTruncated: false,
    Parameters: reported(execution.parameters),
    Outputs: execution.outputs,
    ...(execution.failure === undefined ? {} : { FailureMessage: execution.failure }),
    Mode: 'Auto',
    ExecutedBy: execution.executedBy,
    ...(current && !isEnded(execution.status) ? { CurrentStepName: current.step.name, CurrentAction: current.step.action } : {}),
    Targets: [],
    ResolvedTargets: { ParameterValues: [], Truncated: false },
    ProgressCounters: counters(execution),
  };
}

/** One line of DescribeAutomationExecutions. */
export function executionSummary(execution: AutomationExecution): object {
  const { StepExecutions, StepExecutionsTruncated, Parameters, ProgressCounters, ...rest } = fullExecution(execution) as Record<string, unknown>;
  return { ...rest, AutomationType: 'Local' };
}

export function stepExecution(run: StepRun): object {
  const { step } = run;
  return {
    StepExecutionId: run.id,
    StepName: step.name,
    Action: step.action,
    StepStatus: run.status,
    OnFailure: step.onFailure.kind === 'step' ? `step:${step.onFailure.step}` : step.onFailure.kind === 'continue' ? 'Continue' : 'Abort',
    MaxAttempts: step.maxAttempts,
    ...(step.timeoutSec === undefined ? {} : { TimeoutSeconds: step.timeoutSec }),
    ...(run.startMs === undefined ? {} : { ExecutionStartTime: dateOf(run.startMs) }),
    ...(run.endMs === undefined ? {} : { ExecutionEndTime: dateOf(run.endMs) }),
    Inputs: run.inputs,
    Outputs: reported(new Map(Object.entries(run.outputs))),
    ...(run.failure === undefined ? {} : { FailureMessage: run.failure }),
    IsEnd: step.isEnd,
    ...(step.nextStep === undefined ? {} : { NextStep: step.nextStep }),
    ...(step.isCritical === undefined ? {} : { IsCritical: step.isCritical }),
  };
}

function reported(values: Bindings): Record<string, string[]> {
  return Object.fromEntries([...values].map(([name, value]) => [name, asStrings(value)]));
}

function counters(execution: AutomationExecution): object {
  const count = (status: StepStatus): number => execution.steps.filter((run) => run.status === status).length;
  return {
    TotalSteps: execution.steps.length,
    SuccessSteps: count('Success'),
    FailedSteps: count('Failed'),
    CancelledSteps: count('Cancelled'),
    TimedOutSteps: count('TimedOut'),
  };
}
