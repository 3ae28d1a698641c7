import { durationSec } from '../../iso-duration.ts';
import type { ActionDefinition } from './action.ts';
import { duration, invocationPercentage, lambdaTargets, percentageOf } from './lambda-parameters.ts';

/** What is waited where the template does not say (documented default). */
const defaultDelayMs = '1000';

/** Delays the start of the handler: the time is billed, and counts towards the function's time-out. */
export const lambdaInvocationAddDelay: ActionDefinition = {
  actionId: 'aws:lambda:invocation-add-delay',
  description: 'Delays starting a function for a number of milliseconds.',
  parameters: {
    duration,
    invocationPercentage,
    startupDelayMilliseconds: {
      description: 'The time in milliseconds to wait between invocation and execution of the function code.',
      required: false,
      kind: 'integer',
      range: 'startupDelayMs',
    },
  },
  targets: lambdaTargets,
  plan: (parameters) => ({
    kind: 'lambda-fault',
    durationSec: durationSec(parameters['duration'] ?? '') ?? 0,
    fault: { kind: 'add-delay', delayMs: Number(parameters['startupDelayMilliseconds'] ?? defaultDelayMs), percentage: percentageOf(parameters) },
  }),
};
