import { AwsError } from '../../../../core/errors.ts';
import { isoTime } from '../../../../core/time-format.ts';
import type { GiveUp } from '../../../../models/lambda/async-invocation.ts';
import type { Caller, LabContext } from '../../../contract.ts';
import type { LambdaFunction } from '../lambda-function.ts';
import type { InvocationReport } from '../report.ts';
import type { AsyncMetrics } from './async-metrics.ts';
import type { EventInvokeConfigs } from './event-invoke-configs.ts';

const lambda: Caller = { kind: 'service', service: 'lambda' };

/** What is told of an event whose asynchronous invocation is over. */
export interface Ended {
  readonly found: LambdaFunction;
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly condition: 'Success' | GiveUp;
  /** How often the function ran. */
  readonly invokeCount: number;
  /** Of the last time that it ran. */
  readonly report: InvocationReport | undefined;
}

/** Tells destinations and dead-letter queues how asynchronous invocations ended. */
export class Deliveries {
  readonly #context: LabContext;
  readonly #configs: EventInvokeConfigs;
  readonly #metrics: AsyncMetrics;
  readonly #errorTextBytes: number;

  constructor(context: LabContext, configs: EventInvokeConfigs, metrics: AsyncMetrics) {
    this.#context = context;
    this.#configs = configs;
    this.#metrics = metrics;
    this.#errorTextBytes = context.quotas.number('lambda.dead-letter-error-text');
  }

  async deliver(ended: Ended): Promise<void> {
    const { found, condition } = ended;
    const { onSuccess, onFailure } = this.#configs.destinations(found);
    const destination = condition === 'Success' ? onSuccess : onFailure;
    if (destination !== undefined) await this.#counting('DestinationDeliveryFailures', found, () => this.#toDestination(destination, ended));
    const letters = found.settings.deadLetterArn;
    if (condition !== 'Success' && letters !== '') await this.#counting('DeadLetterErrors', found, () => this.#toQueue(letters, ended));
  }

  async #counting(metric: 'DestinationDeliveryFailures' | 'DeadLetterErrors', found: LambdaFunction, deliver: () => Promise<unknown>): Promise<void> {
    try {
      await deliver();
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      this.#metrics.add(metric, found.name, 1);
    }
  }

  #toDestination(arn: string, ended: Ended): Promise<unknown> {
    const record = JSON.stringify(recordOf(ended, this.#context.clock.now()));
    if (/^arn:[^:]+:lambda:/.test(arn)) {
      return this.#context.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(record) }, lambda);
    }
    return this.#context.call('sqs', 'SendMessage', { QueueUrl: this.#urlOf(arn), MessageBody: record }, lambda);
  }

  /** The event itself, with what is known of the error in attributes. */
  #toQueue(arn: string, { requestId, payload, report }: Ended): Promise<unknown> {
    const text = (value: string) => ({ DataType: 'String', StringValue: value });
    const MessageAttributes = {
      RequestID: text(requestId),
      ErrorCode: { DataType: 'Number', StringValue: report ? '200' : '429' },
      ErrorMessage: text(Buffer.from(errorText(report)).subarray(0, this.#errorTextBytes).toString()),
    };
    return this.#context.call('sqs', 'SendMessage', { QueueUrl: this.#urlOf(arn), MessageBody: payload, MessageAttributes }, lambda);
  }

  #urlOf(queueArn: string): string {
    const [account, name] = queueArn.split(':').slice(4);
    return `${this.#context.endpoint()}/${account}/${name}`;
  }
}

/** A record as AWS sends it to a destination. */
function recordOf({ found, requestId, payload, condition, invokeCount, report }: Ended, nowMs: number): object {
  const response = report && {
    responseContext: { statusCode: 200, executedVersion: '$LATEST', ...(report.failed ? { functionError: 'Unhandled' } : {}) },
    responsePayload: JSON.parse(report.payload === '' ? 'null' : report.payload),
  };
  return {
    version: '1.0',
    timestamp: isoTime(nowMs),
    requestContext: { requestId, functionArn: `${found.arn}:$LATEST`, condition, approximateInvokeCount: invokeCount },
    requestPayload: JSON.parse(payload),
    ...response,
  };
}

function errorText(report: InvocationReport | undefined): string {
  if (!report) return 'Rate Exceeded.';
  const error: unknown = JSON.parse(report.payload);
  const message = typeof error === 'object' && error !== null ? (error as { errorMessage?: unknown }).errorMessage : undefined;
  return typeof message === 'string' && message !== '' ? message : 'unknown error';
}
