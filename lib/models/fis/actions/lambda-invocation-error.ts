import { durationSec } from '../../iso-duration.ts';
import type { ActionDefinition } from './action.ts';
import { duration, invocationPercentage, lambdaTargets, percentageOf, preventExecution } from './lambda-parameters.ts';

/** Marks invocations as failed, without running the handler or after it has run. */
export const lambdaInvocationError: ActionDefinition = {
  actionId: 'aws:lambda:invocation-error',
  description: 'Marks Lambda function invocations as failed.',
  parameters: { duration, invocationPercentage, preventExecution },
  targets: lambdaTargets,
  plan: (parameters) => ({
    kind: 'lambda-fault',
    durationSec: durationSec(parameters['duration'] ?? '') ?? 0,
    fault: { kind: 'error', preventExecution: parameters['preventExecution'] === 'true', percentage: percentageOf(parameters) },
  }),
};
