import type { Integration, Json, TaskRequest } from '../../../../models/states/types.ts';
import type { LabContext } from '../../../contract.ts';

/** What an integration may use. */
export interface IntegrationTools {
  readonly context: LabContext;
  /** Calls another service of the lab, as Step Functions. */
  call<Output>(service: string, operation: string, input: unknown): Promise<Output>;
  /** What the execution `arn` of a Standard state machine comes to once it has ended. */
  whenEnded(arn: string): Promise<EndedChild>;
  requestId(): string;
}

/** An execution that a `.sync` task waited for. */
export interface EndedChild {
  readonly succeeded: boolean;
  /** DescribeExecution with capital letters; input and output as text. */
  readonly description: { readonly [member: string]: Json };
}

/** What a task's request led to. */
export interface TaskWork {
  /** The service's answer: the task's output, or for `.sync` and `.waitForTaskToken` that of its submission. */
  readonly output: Json;
  /** `.sync`: what the job comes to. */
  readonly completion?: Promise<Json>;
  /** `.sync`: ends the job, because the task is not waited for any more. */
  readonly abandon?: () => void;
}

/** One optimized integration, or all of the AWS SDK's. */
export interface ServiceIntegration {
  /** What follows `arn:aws:states:::`, without the pattern: `lambda:invoke`; ends in a colon where it stands for many. */
  readonly name: string;
  readonly patterns: readonly Integration[];
  /** Refuses, by name, what the lab lacks of it; undefined when it is there. */
  readonly missing?: (resource: string) => string | undefined;
  /** Throws a TaskFailure. */
  run(request: TaskRequest, tools: IntegrationTools): Promise<TaskWork>;
}

/** How a task failed: the error name that Retry and Catch match, and its cause. */
export class TaskFailure extends Error {
  readonly error: string;
  readonly failureCause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.failureCause = cause;
  }
}

/** The arguments as an object; other JSON is none that any service takes. */
export function argumentsOf(request: TaskRequest): { readonly [key: string]: Json } {
  const { arguments: given } = request;
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as { readonly [key: string]: Json };
  throw new TaskFailure('States.Runtime', `The arguments of the state '${request.stateName}' are not a JSON object.`);
}

/** What AWS's own HTTP client tells in the output of an optimized integration; of the headers none are made up. */
export function sdkMetadata(tools: IntegrationTools): { SdkHttpMetadata: Json; SdkResponseMetadata: Json } {
  return { SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: tools.requestId() } };
}
