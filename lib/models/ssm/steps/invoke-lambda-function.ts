import type { StepAction } from './step-action.ts';

export const invokeLambdaFunction: StepAction = {
  action: 'aws:invokeLambdaFunction',
  check: (inputs) => (typeof inputs['FunctionName'] === 'string' ? [] : ['it needs the input FunctionName']),
  plan: ({ InputPayload, Payload, ...rest }) => {
    const payload = InputPayload === undefined ? Payload : JSON.stringify(InputPayload);
    const bytes = payload === undefined ? {} : { Payload: new TextEncoder().encode(String(payload)) };
    return { kind: 'call', call: { service: 'lambda', operation: 'Invoke', input: { ...rest, ...bytes } } };
  },
  outputs: ['StatusCode', 'FunctionError', 'LogResult', 'Payload'],
  declaresOutputs: true,
};
