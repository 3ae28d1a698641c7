import type { Json } from '../../../../models/states/types.ts';
import { type IntegrationTools, TaskFailure } from './integration.ts';
import { type ErrorNaming, serviceFailure } from './service-errors.ts';

const naming: ErrorNaming = { prefix: 'Lambda', service: 'lambda', unmodelled: 'AWSLambdaException', causeName: 'AWSLambda', causeForm: 'v1' };

interface InvokeOutput {
  readonly StatusCode?: number;
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
  readonly LogResult?: string;
  readonly Payload?: Uint8Array;
}

/** Invokes a function; an error of the function fails the task under its own errorType, one of Lambda under `Lambda.<name>`. */
export async function invokeFunction(tools: IntegrationTools, input: object, payload: Json | undefined): Promise<InvokeOutput & { json: Json }> {
  let output: InvokeOutput;
  try {
    const Payload = payload === undefined ? undefined : Buffer.from(JSON.stringify(payload));
    output = await tools.call<InvokeOutput>('lambda', 'Invoke', { ...input, Payload });
  } catch (thrown) {
    throw await serviceFailure(thrown, naming, tools.requestId());
  }
  const text = output.Payload === undefined ? '' : Buffer.from(output.Payload).toString();
  if (output.FunctionError !== undefined) throw functionFailure(text);
  return { ...output, json: text === '' ? null : (JSON.parse(text) as Json) };
}

/** The function's own errorType is the error's name, its whole payload the cause; without one it is Lambda.Unknown. */
function functionFailure(payload: string): TaskFailure {
  const parsed: unknown = JSON.parse(payload);
  const errorType = typeof parsed === 'object' && parsed !== null ? (parsed as { errorType?: unknown }).errorType : undefined;
  if (typeof errorType === 'string' && errorType !== '') return new TaskFailure(errorType, payload);
  const why = 'The cause could not be determined because Lambda did not return an error type.';
  return new TaskFailure('Lambda.Unknown', `${why} Returned payload: ${payload}`);
}
