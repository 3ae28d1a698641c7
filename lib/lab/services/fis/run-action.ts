import { messageOf } from '../../../core/errors.ts';
import type { ActionWork } from '../../../models/fis/actions/action.ts';
import type { LabContext } from '../../contract.ts';
import { type ActionEnding, type ActionTools, sleptWell } from './action-tools.ts';
import { assertAlarmState } from './assert-alarm-state.ts';
import { runLambdaFault } from './lambda-fault.ts';

const caller = { kind: 'service', service: 'fis' } as const;

/** Does what an action is for; resolves with how it ended, and rejects only when the lab stops. */
export async function runAction(work: ActionWork, tools: ActionTools): Promise<ActionEnding> {
  if (work.kind === 'automation') return runAutomation(work, tools);
  if (work.kind === 'lambda-fault') return runLambdaFault(work, tools);
  if (work.kind === 'assert-alarm-state') return assertAlarmState(work, tools);
  tools.onRunning();
  return (await sleptWell(work.durationSec * 1000, tools)) ? { status: 'completed' } : { status: 'stopped' };
}

interface AutomationState {
  readonly AutomationExecution?: { readonly AutomationExecutionStatus?: string; readonly FailureMessage?: string };
}

/** Starts the document and waits for its end; stopping cancels it, so that its onCancel steps run before the action is over. */
async function runAutomation(work: Extract<ActionWork, { kind: 'automation' }>, tools: ActionTools): Promise<ActionEnding> {
  const { context, stopped, closing } = tools;
  const pollMs = context.latency.number(context.asAwsIs ? 'fis.automation-poll-slow' : 'fis.automation-poll') * 1000;
  const id = await started(work, context);
  if (typeof id !== 'string') return id;
  tools.onRunning();
  const deadlineMs = context.clock.now() + work.maxDurationSec * 1000;
  let why: 'stopped' | 'too long' | undefined;
  for (;;) {
    const { AutomationExecution: { AutomationExecutionStatus: status = '', FailureMessage = '' } = {} } = await context.call<AutomationState>(
      'ssm',
      'GetAutomationExecution',
      { AutomationExecutionId: id },
      caller,
    );
    if (isEnd(status)) return endingOf(status, FailureMessage, why);
    if (why === undefined) {
      const leftMs = deadlineMs - context.clock.now();
      if (stopped.aborted || !(leftMs > 0 && (await sleptWell(Math.min(pollMs, leftMs), tools)))) {
        why = stopped.aborted ? 'stopped' : 'too long';
        await cancel(id, context);
      }
    } else await context.clock.sleep(pollMs, closing);
  }
}

async function started(work: Extract<ActionWork, { kind: 'automation' }>, context: LabContext): Promise<string | ActionEnding> {
  try {
    const { AutomationExecutionId } = await context.call<{ AutomationExecutionId?: string }>(
      'ssm',
      'StartAutomationExecution',
      {
        DocumentName: work.documentArn,
        ...(work.documentVersion === undefined ? {} : { DocumentVersion: work.documentVersion }),
        ...(Object.keys(work.parameters).length > 0 ? { Parameters: work.parameters } : {}),
      },
      caller,
    );
    return AutomationExecutionId ?? '';
  } catch (error) {
    return { status: 'failed', reason: `Unable to start the SSM automation execution. ${messageOf(error)}` };
  }
}

/** An automation that ended by itself in this instant is no error: the next read shows it. */
async function cancel(id: string, context: LabContext): Promise<void> {
  await context.call('ssm', 'StopAutomationExecution', { AutomationExecutionId: id, Type: 'Cancel' }, caller).catch(() => undefined);
}

function isEnd(status: string): boolean {
  return ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(status);
}

/** Assumed, AWS documents none of it: too long fails the action; a document that somebody else cancels fails it too. */
function endingOf(status: string, failure: string, why: 'stopped' | 'too long' | undefined): ActionEnding {
  if (why === 'too long') return { status: 'failed', reason: 'The SSM automation execution exceeded maxDuration and was cancelled.' };
  if (why === 'stopped') return { status: 'stopped' };
  if (status === 'Success') return { status: 'completed' };
  return { status: 'failed', reason: `The SSM automation execution ended as ${status}. ${failure}`.trim().slice(0, 512) };
}
