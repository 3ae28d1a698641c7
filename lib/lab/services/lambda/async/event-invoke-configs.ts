import type { FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import { AwsError } from '../../../../core/errors.ts';
import { dateOf } from '../../../../core/time-format.ts';
import type { AsyncLimits } from '../../../../models/lambda/async-invocation.ts';
import type { LabContext } from '../../../contract.ts';
import { constraint, invalidParameter } from '../errors.ts';
import type { LambdaFunction } from '../lambda-function.ts';

/** Members of PutFunctionEventInvokeConfig, and properties of AWS::Lambda::EventInvokeConfig. */
export interface EventInvokeInput {
  readonly MaximumRetryAttempts?: number | undefined;
  readonly MaximumEventAgeInSeconds?: number | undefined;
  readonly DestinationConfig?:
    | {
        readonly OnSuccess?: { readonly Destination?: string | undefined } | undefined;
        readonly OnFailure?: { readonly Destination?: string | undefined } | undefined;
      }
    | undefined;
}

interface EventInvokeConfig extends EventInvokeInput {
  readonly modifiedMs: number;
}

/** Where records of asynchronous invocations go. */
export interface Destinations {
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
}

/** How functions want their asynchronous invocations; of their version $LATEST, the only one that there is. */
export class EventInvokeConfigs {
  readonly #context: LabContext;
  readonly #configs = new WeakMap<LambdaFunction, EventInvokeConfig>();
  readonly #maxRetries: number;
  readonly #age: { readonly min: number; readonly max: number };

  constructor(context: LabContext) {
    this.#context = context;
    this.#maxRetries = context.quotas.number('lambda.async-retries');
    const { min = 0, max = 0 } = context.quotas.table('lambda.async-event-age');
    this.#age = { min, max };
  }

  /** Sets what `input` names; `keep` leaves the rest as it is, else that goes back to AWS's defaults. */
  put(found: LambdaFunction, input: EventInvokeInput, keep: boolean): FunctionEventInvokeConfig {
    const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: ageSec, DestinationConfig: destinations } = input;
    if (retries !== undefined) checkRange(retries, 'maximumRetryAttempts', 0, this.#maxRetries);
    if (ageSec !== undefined) checkRange(ageSec, 'maximumEventAgeInSeconds', this.#age.min, this.#age.max);
    checkDestination(destinations?.OnSuccess?.Destination);
    checkDestination(destinations?.OnFailure?.Destination);
    const before = keep ? this.#get(found) : undefined;
    this.#configs.set(found, {
      MaximumRetryAttempts: retries ?? before?.MaximumRetryAttempts,
      MaximumEventAgeInSeconds: ageSec ?? before?.MaximumEventAgeInSeconds,
      DestinationConfig: destinations ?? before?.DestinationConfig,
      modifiedMs: this.#context.clock.now(),
    });
    return this.describe(found);
  }

  describe(found: LambdaFunction): FunctionEventInvokeConfig {
    const { modifiedMs, MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = this.#get(found);
    return {
      LastModified: dateOf(modifiedMs),
      FunctionArn: `${found.arn}:$LATEST`,
      ...(MaximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts }),
      ...(MaximumEventAgeInSeconds === undefined ? {} : { MaximumEventAgeInSeconds }),
      DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...DestinationConfig },
    };
  }

  has(found: LambdaFunction): boolean {
    return this.#configs.has(found);
  }

  remove(found: LambdaFunction): void {
    this.#get(found);
    this.#configs.delete(found);
  }

  limits(found: LambdaFunction): AsyncLimits {
    const config = this.#configs.get(found);
    return {
      maxRetries: config?.MaximumRetryAttempts ?? this.#maxRetries,
      maxAgeMs: (config?.MaximumEventAgeInSeconds ?? this.#age.max) * 1000,
    };
  }

  destinations(found: LambdaFunction): Destinations {
    const { OnSuccess, OnFailure } = this.#configs.get(found)?.DestinationConfig ?? {};
    return { onSuccess: OnSuccess?.Destination, onFailure: OnFailure?.Destination };
  }

  #get(found: LambdaFunction): EventInvokeConfig {
    const config = this.#configs.get(found);
    if (config) return config;
    throw new AwsError('ResourceNotFoundException', `The function ${found.arn}:$LATEST doesn't have an EventInvokeConfig`, 404, { Type: 'User' });
  }
}

function checkDestination(arn: string | undefined): void {
  if (arn === undefined || /^arn:[^:]+:(sqs|lambda):/.test(arn)) return;
  throw invalidParameter(`The lab supports destinations in SQS and Lambda only, not ${arn}.`);
}

function checkRange(value: number, member: string, min: number, max: number): void {
  if (!(value >= min)) throw constraint(value, member, `have value greater than or equal to ${min}`);
  if (value > max) throw constraint(value, member, `have value less than or equal to ${max}`);
}
