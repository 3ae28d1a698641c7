import type { Json } from '../../../../models/states/types.ts';
import { argumentsOf, type ServiceIntegration, sdkMetadata } from './integration.ts';
import { invokeFunction } from './lambda-payload.ts';

/** `arn:aws:states:::lambda:invoke`: Payload is JSON both ways. */
export const lambdaInvoke: ServiceIntegration = {
  name: 'lambda:invoke',
  patterns: ['request-response', 'waitForTaskToken'],
  async run(request, tools) {
    const { Payload, ...input } = argumentsOf(request);
    const { json, StatusCode, ExecutedVersion, LogResult } = await invokeFunction(tools, input, Payload);
    const output: Record<string, Json> = { Payload: json, ...sdkMetadata(tools), StatusCode: StatusCode ?? 200 };
    if (ExecutedVersion !== undefined) output['ExecutedVersion'] = ExecutedVersion;
    if (LogResult !== undefined) output['LogResult'] = LogResult;
    return { output };
  },
};
