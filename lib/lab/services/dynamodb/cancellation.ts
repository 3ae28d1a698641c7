import { AwsError } from '../../../core/errors.ts';
import type { Json } from './dynalite.ts';
import { isThrottle } from './throttling.ts';

/** Why one action of a transaction cancelled it, or that it did not: in the order of the actions. */
export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'TransactionConflict' | 'ProvisionedThroughputExceeded' | 'ThrottlingError' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Json;
}

export const noReason: CancellationReason = { Code: 'None' };

/** AWS's error for a transaction of which at least one action has a reason. */
export function cancelled(reasons: readonly CancellationReason[]): AwsError {
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`;
  return new AwsError('TransactionCanceledException', message, 400, { CancellationReasons: reasons });
}

export function cancels(reasons: readonly CancellationReason[]): boolean {
  return reasons.some((reason) => reason !== noReason);
}

/** The reason that an error of one action stands for; undefined for what ends the call as it is. */
export function reasonOf(thrown: unknown): CancellationReason | undefined {
  if (!(thrown instanceof AwsError)) return undefined;
  const { name, message: Message, members } = thrown;
  if (isThrottle(thrown)) return { Code: name === 'ThrottlingException' ? 'ThrottlingError' : 'ProvisionedThroughputExceeded', Message };
  if (name === 'ConditionalCheckFailedException') return { Code: 'ConditionalCheckFailed', Message, ...(members as { Item?: Json }) };
  return name === 'ValidationException' ? { Code: 'ValidationError', Message } : undefined;
}

/** The reasons of an error that `cancelled` made; undefined for any other. */
export function reasonsIn(thrown: unknown): readonly CancellationReason[] | undefined {
  if (!(thrown instanceof AwsError) || thrown.name !== 'TransactionCanceledException') return undefined;
  return thrown.members['CancellationReasons'] as readonly CancellationReason[];
}
