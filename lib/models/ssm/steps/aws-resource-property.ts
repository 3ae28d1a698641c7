import { selectorProblem } from '../branch.ts';
import { apiCall, checkApiCall } from './api-call.ts';
import type { StepAction } from './step-action.ts';

const own = ['PropertySelector', 'DesiredValues'];

function check(inputs: Readonly<Record<string, unknown>>): string[] {
  const errors = checkApiCall(inputs);
  const selector = inputs['PropertySelector'];
  if (typeof selector !== 'string') errors.push('it needs the input PropertySelector');
  const problem = typeof selector === 'string' ? selectorProblem(selector) : undefined;
  if (problem) errors.push(problem);
  if (!Array.isArray(inputs['DesiredValues'])) errors.push('it needs the list DesiredValues');
  return errors;
}

function desired(inputs: Readonly<Record<string, unknown>>): readonly string[] {
  return ((inputs['DesiredValues'] ?? []) as readonly unknown[]).map(String);
}

/** Fails unless the property has one of the desired values now. */
export const assertAwsResourceProperty: StepAction = {
  action: 'aws:assertAwsResourceProperty',
  check,
  plan: (inputs) => ({ kind: 'assert', call: apiCall(inputs, own), selector: String(inputs['PropertySelector']), desired: desired(inputs) }),
  outputs: [],
  declaresOutputs: false,
};

/** Reads until the property has one of the desired values, or the step times out. */
export const waitForAwsResourceProperty: StepAction = {
  action: 'aws:waitForAwsResourceProperty',
  check,
  plan: (inputs) => ({ kind: 'wait', call: apiCall(inputs, own), selector: String(inputs['PropertySelector']), desired: desired(inputs) }),
  outputs: [],
  declaresOutputs: false,
};
