import { answering } from './http.ts';
import { answerFor, newOrder } from './new-order.ts';
import { createOrder } from './saga-order.ts';
import { startOrder } from './workflow.ts';

/**
 * POST /orders {cartId} with an Idempotency-Key: takes the order and has the workflow see to it; the customer looks at the order until it is confirmed.
 * The same key again gives the same order, and starts its workflow where the first try could not.
 */
export const handler = answering(async (event) => {
  const order = await createOrder(await newOrder(event));
  if (order.status === 'PENDING') await startOrder(order.orderId, event.headers['x-payment-hint']);
  return answerFor(order);
});
