import { SendTaskHeartbeatCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { setting } from './clients.ts';

const stepFunctions = new SFNClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2000, throwOnRequestTimeout: true },
});

/** Starts the workflow of an order, once: the execution has the order's name, and Step Functions keeps a name for one execution. */
export async function startOrder(orderId: string, hint = ''): Promise<void> {
  const input = JSON.stringify({ orderId, hint });
  try {
    await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: setting('ORDER_WORKFLOW'), name: orderId, input }));
  } catch (thrown) {
    if ((thrown as Error).name !== 'ExecutionAlreadyExists') throw thrown;
  }
}

/** Tells the workflow that its task is in hand; false when it waits no longer, and the work is not wanted any more. */
export function inHand(taskToken: string): Promise<boolean> {
  return awaited(() => stepFunctions.send(new SendTaskHeartbeatCommand({ taskToken })));
}

/** Gives the workflow what it waits for; false when it waits no longer. */
export function callBack(taskToken: string, output: unknown): Promise<boolean> {
  return awaited(() => stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
}

async function awaited(tell: () => Promise<unknown>): Promise<boolean> {
  try {
    await tell();
    return true;
  } catch (thrown) {
    if (!['TaskTimedOut', 'TaskDoesNotExist'].includes((thrown as Error).name)) throw thrown;
    return false;
  }
}
