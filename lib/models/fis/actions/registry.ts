import type { ActionDefinition } from './action.ts';
import { cloudwatchAssertAlarmState } from './cloudwatch-assert-alarm-state.ts';
import { lambdaInvocationAddDelay } from './lambda-invocation-add-delay.ts';
import { lambdaInvocationError } from './lambda-invocation-error.ts';
import { lambdaInvocationHttpIntegrationResponse } from './lambda-invocation-http-integration-response.ts';
import { ssmStartAutomationExecution } from './ssm-start-automation-execution.ts';
import { wait } from './wait.ts';

/** Every action that the lab runs; adding one is a file and a line here. */
export const actions: readonly ActionDefinition[] = [
  cloudwatchAssertAlarmState,
  wait,
  lambdaInvocationAddDelay,
  lambdaInvocationError,
  lambdaInvocationHttpIntegrationResponse,
  ssmStartAutomationExecution,
];

/** The action with this id, when the lab runs it. */
export function actionById(actionId: string): ActionDefinition | undefined {
  return actions.find((action) => action.actionId === actionId);
}
