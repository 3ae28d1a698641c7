import { AwsError } from '../../../core/errors.ts';
import type { Direction, Refusal } from '../../../models/dynamodb/capacity.ts';

/** Which resource refused a request, and why. */
export interface Throttle {
  readonly direction: Direction;
  readonly refusal: Refusal;
  readonly onDemand: boolean;
  /** ARN of the table, or of the index whose capacity is missing. */
  readonly resource: string;
  readonly isIndex: boolean;
}

/**
 * AWS's error for a lack of capacity: an exception of its own for each mode and for the account's quota, with the reasons under a name
 * whose first letter differs. Source: Amazon DynamoDB API reference, ProvisionedThroughputExceededException, ThrottlingException and
 * RequestLimitExceeded.
 */
export function throttleError({ direction, refusal, onDemand, resource, isIndex }: Throttle): AwsError {
  const reason = `${isIndex ? 'Index' : 'Table'}${direction === 'read' ? 'Read' : 'Write'}${refusal}Exceeded`;
  const reasons = [{ reason, resource }];
  if (refusal === 'AccountLimit') return new AwsError('RequestLimitExceeded', accountMessage, 400, { ThrottlingReasons: reasons });
  const onDemandText =
    refusal === 'MaxOnDemandThroughput' ? maximumMessage : isIndex && direction === 'write' ? onDemandIndexMessage : onDemandMessage;
  return onDemand
    ? new AwsError('ThrottlingException', onDemandText, 400, { throttlingReasons: reasons })
    : new AwsError('ProvisionedThroughputExceededException', isIndex ? indexMessage : tableMessage, 400, { ThrottlingReasons: reasons });
}

/** Whether an error is one of those that `throttleError` makes. */
export function isThrottle(thrown: unknown): boolean {
  return thrown instanceof AwsError && throttles.has(thrown.name);
}

/** Whether an error says that a transaction under way has the item in hand. */
export function isConflict(thrown: unknown): boolean {
  return thrown instanceof AwsError && thrown.name === 'TransactionConflictException';
}

const throttles = new Set(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded']);

const tableMessage =
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';
const indexMessage =
  'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. ' +
  'Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API.';
const accountMessage =
  'Throughput exceeds the current throughput limit for your account. Please contact AWS Support at https://aws.amazon.com/support request a limit increase.';
const onDemandMessage =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. ' +
  'If exceptions persist, check if you have a hot key: ' +
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';
/** Of an index that holds up its table's writes. */
const onDemandIndexMessage =
  'Throughput exceeds the current capacity for one or more global secondary indexes. ' +
  'DynamoDB is automatically scaling your index so please try again shortly.';
const maximumMessage = 'Throughput exceeds the maximum OnDemandThroughput configured on table or index';
