import type { ActionDefinition } from './action.ts';
import { ssmStartAutomationExecution } from './ssm-start-automation-execution.ts';
import { wait } from './wait.ts';

/** Every action that the lab runs; adding one is a file and a line here. */
export const actions: readonly ActionDefinition[] = [ssmStartAutomationExecution, wait];

/** The action with this id, when the lab runs it. */
export function actionById(actionId: string): ActionDefinition | undefined {
  return actions.find((action) => action.actionId === actionId);
}
