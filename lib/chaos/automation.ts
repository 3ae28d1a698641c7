import {
  type AutomationExecutionMetadata,
  GetAutomationExecutionCommand,
  paginateDescribeAutomationExecutions,
  type StepExecution,
} from '@aws-sdk/client-ssm';
import type { AwsClients } from '../core/aws-clients.ts';
import { isoTime } from '../core/time-format.ts';
import type { Window } from '../record/types.ts';

/** A step of a fault's document: its state and its times, which bound the effect. */
export interface FaultStep {
  readonly name: string;
  readonly state: string;
  readonly startMs?: number;
  readonly endMs?: number;
  /** API that the step called, where it called one. */
  readonly api?: string;
}

/**
 * The automation that an experiment started. FIS does not tell its id, so it is found by its document and its start.
 * @param documentArn `documentArn` of the experiment's action
 * @param sinceMs when FIS created the experiment, by the site's own clock
 */
export async function findAutomation(clients: AwsClients, documentArn: string, sinceMs: number): Promise<string | undefined> {
  const document = documentArn.split('/').at(-1)?.split(':')[0] ?? documentArn;
  // Times travel as whole seconds in the filter, and some come back so.
  const sinceSecondMs = Math.floor(sinceMs / 1_000) * 1_000;
  const Filters = [
    { Key: 'DocumentNamePrefix' as const, Values: [document] },
    { Key: 'StartTimeAfter' as const, Values: [isoTime(sinceSecondMs)] },
  ];
  const found: AutomationExecutionMetadata[] = [];
  for await (const page of paginateDescribeAutomationExecutions({ client: clients.ssm }, { Filters })) {
    found.push(...(page.AutomationExecutionMetadataList ?? []).filter((each) => each.DocumentName === document && startMs(each) >= sinceSecondMs));
  }
  return found.sort((a, b) => startMs(a) - startMs(b))[0]?.AutomationExecutionId;
}

function startMs(execution: AutomationExecutionMetadata): number {
  return execution.ExecutionStartTime?.getTime() ?? 0;
}

export async function readSteps(clients: AwsClients, automationId: string): Promise<FaultStep[]> {
  const { AutomationExecution: execution = {} } = await clients.ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId: automationId }));
  return (execution.StepExecutions ?? []).map(faultStep);
}

function faultStep(step: StepExecution): FaultStep {
  const [startedMs, endMs] = [step.ExecutionStartTime?.getTime(), step.ExecutionEndTime?.getTime()];
  // Inputs are JSON texts: `"PutFunctionConcurrency"`.
  const api = step.Inputs?.['Api']?.replaceAll('"', '');
  return {
    name: step.StepName ?? '',
    state: step.StepStatus ?? '',
    ...(startedMs === undefined ? {} : { startMs: startedMs }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(api === undefined ? {} : { api }),
  };
}

/**
 * From the end of the step `apply` to the end of the last successful step whose name begins with `restore` and that
 * changes something: one that only reads has restored nothing. Start or end is absent where no step says it.
 */
export function effectWindow(steps: readonly FaultStep[]): Partial<Window> {
  const succeeded = steps.filter((step) => step.state === 'Success' && step.endMs !== undefined);
  const applied = succeeded.find((step) => step.name === 'apply')?.endMs;
  const restored = succeeded.filter((step) => step.name.startsWith('restore') && step.api !== undefined && !readsOnly(step.api));
  const endMs = restored.length > 0 ? Math.max(...restored.map((step) => step.endMs ?? 0)) : undefined;
  return { ...(applied === undefined ? {} : { startMs: applied }), ...(endMs === undefined ? {} : { endMs }) };
}

function readsOnly(api: string): boolean {
  return /^(get|list|describe|batch_?get)/i.test(api);
}
