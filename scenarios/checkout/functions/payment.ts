import { InvokeCommand, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { lambda, setting } from './clients.ts';

/** What place-order asks of the payment provider; `hint` lets a test choose what the provider does. */
export interface Charge {
  readonly orderId: string;
  readonly customerId: string;
  readonly amountCents: number;
  readonly hint?: string | undefined;
  /** Under which the charge is booked once; the order's id unless given. */
  readonly idempotencyKey?: string;
}

/** What the caller knows afterwards: with `unknown` the card may or may not have been charged. */
export type ChargeOutcome =
  | { readonly state: 'charged'; readonly chargeId: string }
  | { readonly state: 'failed'; readonly error: typeof refusal | typeof unavailable }
  | { readonly state: 'unknown' };

/** The names of the errors with which the provider says that it charged nothing: it will not, or it cannot now. */
export const refusal = 'PaymentRefused';
export const unavailable = 'PaymentUnavailable';

/**
 * Asks the provider to undo an order's charge, whatever became of it: one that was booked is refunded, one that was not, or is still on its way, will
 * never be booked.
 */
export interface Cancellation {
  readonly operation: 'cancel';
  readonly orderId: string;
}

/**
 * Has the card charged. A caller that gives up cancels nothing: the provider goes on, and may charge after nobody listens any more.
 * Throws what AWS refuses for a reason that is ours (no permission, no such function): nothing was charged then.
 */
export async function charge(request: Charge): Promise<ChargeOutcome> {
  const command = new InvokeCommand({ FunctionName: setting('PAYMENT_FUNCTION'), Payload: JSON.stringify(request) });
  const timeoutMs = Number(setting('PAYMENT_TIMEOUT_MS'));
  try {
    return outcomeOf(await lambda.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) }));
  } catch (thrown) {
    const { name, $fault } = thrown as Error & { readonly $fault?: 'client' | 'server' };
    // Refused before it ran: nothing was charged.
    if (name === 'TooManyRequestsException') return { state: 'failed', error: unavailable };
    if ($fault === 'client') throw thrown;
    return { state: 'unknown' };
  }
}

/** A provider that broke off (out of time, out of memory, a defect) may have charged before it did: only its own refusal says that it did not. */
function outcomeOf({ FunctionError, Payload }: InvokeCommandOutput): ChargeOutcome {
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as { readonly chargeId?: unknown; readonly errorType?: unknown };
  if (FunctionError !== undefined) {
    const { errorType } = answer;
    return errorType === refusal || errorType === unavailable ? { state: 'failed', error: errorType } : { state: 'unknown' };
  }
  return typeof answer.chargeId === 'string' ? { state: 'charged', chargeId: answer.chargeId } : { state: 'unknown' };
}

/** Has the charge of an order undone; gives what was refunded. Repeating it changes nothing. */
export async function cancelCharge(orderId: string): Promise<number> {
  const cancellation: Cancellation = { operation: 'cancel', orderId };
  const command = new InvokeCommand({ FunctionName: setting('PAYMENT_FUNCTION'), Payload: JSON.stringify(cancellation) });
  const { FunctionError, Payload } = await lambda.send(command, { abortSignal: AbortSignal.timeout(Number(setting('PAYMENT_TIMEOUT_MS'))) });
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as { readonly refundedCents?: number; readonly errorMessage?: string };
  if (FunctionError !== undefined || answer.refundedCents === undefined) throw new Error(`order ${orderId} is not refunded: ${answer.errorMessage}`);
  return answer.refundedCents;
}
