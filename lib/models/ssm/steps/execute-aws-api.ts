import { apiCall, checkApiCall } from './api-call.ts';
import type { StepAction } from './step-action.ts';

export const executeAwsApi: StepAction = {
  action: 'aws:executeAwsApi',
  check: checkApiCall,
  plan: (inputs) => ({ kind: 'call', call: apiCall(inputs) }),
  outputs: ['OutputPayload'],
  declaresOutputs: true,
};
