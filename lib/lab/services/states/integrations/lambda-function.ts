import type { ServiceIntegration } from './integration.ts';
import { invokeFunction } from './lambda-payload.ts';

/** A Task whose Resource is a function's ARN: its input is the event, its output the response. */
export const lambdaFunction: ServiceIntegration = {
  name: 'lambda:function',
  patterns: ['request-response'],
  async run(request, tools) {
    const { json } = await invokeFunction(tools, { FunctionName: request.resource }, request.arguments);
    return { output: json };
  },
};
