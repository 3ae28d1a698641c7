import {
  type AutomationExecution,
  DescribeAutomationExecutionsCommand,
  GetAutomationExecutionCommand,
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
}

/**
 * The automation that an experiment started. FIS does not tell its id, so it is found by its document and its start.
 * @param documentArn `documentArn` of the experiment's action
 */
export async function findAutomation(clients: AwsClients, documentArn: string, sinceMs: number): Promise<string | undefined> {
  const document = documentArn.split('/').at(-1) ?? documentArn;
  const { AutomationExecutionMetadataList = [] } = await clients.ssm.send(
    new DescribeAutomationExecutionsCommand({
      Filters: [
        { Key: 'DocumentNamePrefix', Values: [document] },
        { Key: 'StartTimeAfter', Values: [isoTime(Math.floor(sinceMs / 1_000) * 1_000)] },
      ],
    }),
  );
  const since = AutomationExecutionMetadataList.filter((each) => (each.ExecutionStartTime?.getTime() ?? 0) >= sinceMs - 1_000);
  return since.sort((a, b) => (a.ExecutionStartTime?.getTime() ?? 0) - (b.ExecutionStartTime?.getTime() ?? 0))[0]?.AutomationExecutionId;
}

export async function readAutomation(clients: AwsClients, id: string): Promise<{ execution: AutomationExecution; steps: FaultStep[] }> {
  const { AutomationExecution: execution = {} } = await clients.ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId: id }));
  return { execution, steps: (execution.StepExecutions ?? []).map(faultStep) };
}

function faultStep(step: StepExecution): FaultStep {
  const [startMs, endMs] = [step.ExecutionStartTime?.getTime(), step.ExecutionEndTime?.getTime()];
  return {
    name: step.StepName ?? '',
    state: step.StepStatus ?? '',
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
  };
}

/** From the end of the step `apply` to the end of the last successful step whose name begins with `restore`. */
export function effectWindow(steps: readonly FaultStep[]): Partial<Window> {
  const applied = steps.find((step) => step.name === 'apply' && step.state === 'Success')?.endMs;
  const restored = steps.filter((step) => step.name.startsWith('restore') && step.state === 'Success').map((step) => step.endMs ?? Number.NaN);
  const endMs = restored.length > 0 ? Math.max(...restored) : undefined;
  return { ...(applied === undefined ? {} : { startMs: applied }), ...(endMs === undefined || Number.isNaN(endMs) ? {} : { endMs }) };
}
