import { assertAwsResourceProperty, waitForAwsResourceProperty } from './aws-resource-property.ts';
import { branch } from './branch.ts';
import { executeAwsApi } from './execute-aws-api.ts';
import { invokeLambdaFunction } from './invoke-lambda-function.ts';
import { sleep } from './sleep.ts';
import type { StepAction } from './step-action.ts';

/** Every Automation action that the lab runs; adding one is a file and a line here. */
const stepActions: readonly StepAction[] = [
  assertAwsResourceProperty,
  branch,
  executeAwsApi,
  invokeLambdaFunction,
  sleep,
  waitForAwsResourceProperty,
];

export function stepAction(action: string): StepAction | undefined {
  return stepActions.find((each) => each.action === action);
}

export function stepActionNames(): string[] {
  return stepActions.map((each) => each.action);
}
