import { randomUUID } from 'node:crypto';
import { charge } from '../../../scenarios/checkout/functions/payment.ts';

interface ChargeStep {
  readonly orderId: string;
  readonly customerId: string;
  readonly totalCents: number;
}

/** The saga's step Charge without its idempotency key: each try is a charge of its own, and a refund by the order's id finds none of them. */
export async function handler({ orderId, customerId, totalCents }: ChargeStep): Promise<{ chargeId: string }> {
  const outcome = await charge({ orderId, customerId, amountCents: totalCents, idempotencyKey: randomUUID() });
  if (outcome.state === 'charged') return { chargeId: outcome.chargeId };
  throw Object.assign(new Error(`order ${orderId} is not known to be charged`), { name: 'PaymentTimedOut' });
}
