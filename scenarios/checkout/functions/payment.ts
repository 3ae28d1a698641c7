import { InvokeCommand, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { lambda, setting } from './clients.ts';

/** What place-order asks of the payment provider; `hint` lets a test choose what the provider does. */
export interface Charge {
  readonly orderId: string;
  readonly customerId: string;
  readonly amountCents: number;
  readonly hint?: string | undefined;
}

/** What the caller knows afterwards: with `unknown` the card may or may not have been charged. */
export type ChargeOutcome = { readonly state: 'charged'; readonly chargeId: string } | { readonly state: 'failed' } | { readonly state: 'unknown' };

/** The name of the error with which the provider says that it charged nothing. */
export const refusal = 'PaymentRefused';

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
    if (name === 'TooManyRequestsException') return { state: 'failed' };
    if ($fault === 'client') throw thrown;
    return { state: 'unknown' };
  }
}

/** A provider that broke off (out of time, out of memory, a defect) may have charged before it did: only its own refusal says that it did not. */
function outcomeOf({ FunctionError, Payload }: InvokeCommandOutput): ChargeOutcome {
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as { readonly chargeId?: unknown; readonly errorType?: unknown };
  if (FunctionError !== undefined) return { state: answer.errorType === refusal ? 'failed' : 'unknown' };
  return typeof answer.chargeId === 'string' ? { state: 'charged', chargeId: answer.chargeId } : { state: 'unknown' };
}
