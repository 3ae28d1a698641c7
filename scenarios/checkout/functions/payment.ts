import { InvokeCommand } from '@aws-sdk/client-lambda';
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

/**
 * Has the card charged. A caller that gives up cancels nothing: the provider goes on, and may charge after nobody listens any more.
 */
export async function charge(request: Charge): Promise<ChargeOutcome> {
  try {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: setting('PAYMENT_FUNCTION'), Payload: JSON.stringify(request) }), {
      abortSignal: AbortSignal.timeout(Number(setting('PAYMENT_TIMEOUT_MS'))),
    });
    if (answer.FunctionError !== undefined || !answer.Payload) return { state: 'failed' };
    const { chargeId } = JSON.parse(Buffer.from(answer.Payload).toString('utf8')) as { chargeId: string };
    return { state: 'charged', chargeId };
  } catch (thrown) {
    // Refused before it ran: nothing was charged.
    if ((thrown as Error).name === 'TooManyRequestsException') return { state: 'failed' };
    return { state: 'unknown' };
  }
}
