import { durationSec } from '../../iso-duration.ts';
import type { ActionDefinition } from './action.ts';
import { duration, invocationPercentage, lambdaTargets, percentageOf, preventExecution } from './lambda-parameters.ts';

/** Answers in the form that API Gateway, load balancers and VPC Lattice take from a function, instead of what the handler answers. */
export const lambdaInvocationHttpIntegrationResponse: ActionDefinition = {
  actionId: 'aws:lambda:invocation-http-integration-response',
  description: 'Answers invocations with a status code and content type.',
  parameters: {
    contentTypeHeader: { description: 'The HTTP content type header to return.', required: true, kind: 'text' },
    duration,
    invocationPercentage,
    preventExecution,
    statusCode: { description: 'The HTTP status code to return.', required: true, kind: 'integer', range: 'statusCode' },
  },
  targets: lambdaTargets,
  plan: (parameters) => ({
    kind: 'lambda-fault',
    durationSec: durationSec(parameters['duration'] ?? '') ?? 0,
    fault: {
      kind: 'http-integration-response',
      contentType: parameters['contentTypeHeader'] ?? '',
      statusCode: Number(parameters['statusCode']),
      preventExecution: parameters['preventExecution'] === 'true',
      percentage: percentageOf(parameters),
    },
  }),
};
