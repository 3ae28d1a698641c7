import type { StartExecutionCommandOutput } from '@aws-sdk/client-sfn';
import type { Json, TaskRequest } from '../../../../models/states/types.ts';
import { argumentsOf, type IntegrationTools, type ServiceIntegration, sdkMetadata, TaskFailure } from './integration.ts';
import { type ErrorNaming, serviceFailure } from './service-errors.ts';

const naming: ErrorNaming = {
  prefix: 'StepFunctions',
  service: 'states',
  unmodelled: 'AWSStepFunctionsException',
  causeName: 'AWSStepFunctions',
  causeForm: 'v1',
};

/** `arn:aws:states:::states:startExecution`: `.sync` waits for the execution and gives its output as text, `.sync:2` as JSON. */
export const statesStartExecution: ServiceIntegration = {
  name: 'states:startExecution',
  patterns: ['request-response', 'sync', 'sync:2', 'waitForTaskToken'],
  async run(request, tools) {
    const { executionArn = '', startDate } = await start(request, tools);
    const output: Json = { ExecutionArn: executionArn, StartDate: startDate?.getTime() ?? 0, ...sdkMetadata(tools) };
    if (request.integration !== 'sync' && request.integration !== 'sync:2') return { output };
    const completion = tools.whenEnded(executionArn).then(({ succeeded, description }) => {
      if (!succeeded) throw new TaskFailure('States.TaskFailed', JSON.stringify(description));
      return request.integration === 'sync' ? description : withJson(description);
    });
    const abandon = (): void => {
      // AWS stops the nested execution on a best-effort basis; what it answers is of no interest any more.
      tools.call('states', 'StopExecution', { executionArn }).catch(() => undefined);
    };
    return { output, completion, abandon };
  },
};

type Started = Pick<StartExecutionCommandOutput, 'executionArn' | 'startDate'>;

async function start(request: TaskRequest, tools: IntegrationTools): Promise<Started> {
  const { StateMachineArn, Name, Input, TraceHeader } = argumentsOf(request);
  // A text is taken as the JSON that it is.
  const input = Input === undefined || typeof Input === 'string' ? Input : JSON.stringify(Input);
  try {
    const members = { stateMachineArn: StateMachineArn, name: Name, traceHeader: TraceHeader, input };
    return await tools.call('states', 'StartExecution', members);
  } catch (thrown) {
    throw await serviceFailure(thrown, naming, tools.requestId());
  }
}

/** `.sync:2`: input and output as the JSON that they are. */
function withJson(description: { readonly [member: string]: Json }): Json {
  const parsed = ['Input', 'Output'].filter((member) => typeof description[member] === 'string');
  return { ...description, ...Object.fromEntries(parsed.map((member) => [member, JSON.parse(String(description[member])) as Json])) };
}
