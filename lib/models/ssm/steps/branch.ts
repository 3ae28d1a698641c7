import { checkBranch } from '../branch.ts';
import type { StepAction } from './step-action.ts';

export const branch: StepAction = {
  action: 'aws:branch',
  check: (inputs) => checkBranch(inputs).errors,
  plan: () => ({ kind: 'branch' }),
  outputs: [],
  declaresOutputs: false,
};
