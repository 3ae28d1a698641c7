import { wallClock } from '../../../core/clock.ts';
import type { FunctionDefinition, InvokeMessage } from '../messages.ts';

const clock = wallClock();

/** The context object of one invocation, with the members of Lambda's Node runtime. */
export class LambdaContext {
  callbackWaitsForEmptyEventLoop = true;
  readonly functionVersion = '$LATEST';
  readonly functionName: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly clientContext = undefined;
  readonly identity = undefined;
  /** A function member, not a method, because handlers take it out of the object. */
  readonly getRemainingTimeInMillis: () => number;

  constructor(definition: FunctionDefinition, logStream: string, message: InvokeMessage) {
    const deadlineMs = clock.now() + message.timeoutMs;
    this.functionName = definition.name;
    this.memoryLimitInMB = String(definition.memoryMb);
    this.logGroupName = definition.logGroup;
    this.logStreamName = logStream;
    this.invokedFunctionArn = definition.arn;
    this.awsRequestId = message.requestId;
    this.getRemainingTimeInMillis = () => Math.max(0, Math.floor(deadlineMs - clock.now()));
  }
}
