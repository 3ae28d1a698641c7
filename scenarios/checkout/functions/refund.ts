import { cancelCharge } from './payment.ts';
import type { Step } from './saga-order.ts';

/**
 * Compensates Charge, whatever is known of it: the provider is asked to cancel the order's charge. One that was booked is refunded; one that was not,
 * or that is still on its way, will not be booked any more.
 */
export async function handler({ orderId }: Step): Promise<{ refundedCents: number }> {
  return { refundedCents: await cancelCharge(orderId) };
}
