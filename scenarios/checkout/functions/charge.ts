import { charge } from './payment.ts';
import type { Step } from './saga-order.ts';

/**
 * Step Charge: has the card charged under the order's id, so that a retry finds the charge of the try before. What it throws says what is known:
 * PaymentRefused and PaymentUnavailable that nothing was charged, PaymentTimedOut that nobody knows.
 */
export async function handler({ orderId, customerId, totalCents, hint }: ChargeStep): Promise<{ chargeId: string }> {
  const outcome = await charge({ orderId, customerId, amountCents: totalCents, hint });
  if (outcome.state === 'charged') return { chargeId: outcome.chargeId };
  const name = outcome.state === 'failed' ? outcome.error : 'PaymentTimedOut';
  throw Object.assign(new Error(`order ${orderId} is not known to be charged`), { name });
}

interface ChargeStep extends Step {
  readonly customerId: string;
  readonly totalCents: number;
  readonly hint?: string;
}
