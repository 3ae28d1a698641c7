import type { OrderStatus } from './order.ts';
import { endSaga, type Step } from './saga-order.ts';

const endings: Readonly<Record<string, OrderStatus>> = {
  OutOfStock: 'OUT_OF_STOCK',
  PaymentRefused: 'PAYMENT_FAILED',
  PaymentUnavailable: 'PAYMENT_FAILED',
  PaymentTimedOut: 'PAYMENT_TIMED_OUT',
};

/** The last compensation: ends the order, and keeps with it the error for which it was taken back. */
export async function handler({ orderId, error }: Step & { readonly error: string }): Promise<{ status: OrderStatus }> {
  const status = endings[error] ?? 'CANCELLED';
  await endSaga(orderId, status, { failure: error });
  return { status };
}
