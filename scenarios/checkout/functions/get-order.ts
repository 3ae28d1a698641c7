import { answering, json, Problem } from './http.ts';
import { findOrder, shown } from './order.ts';

/** GET /orders/{orderId}: the order as it stands. */
export const handler = answering(async (event) => {
  const orderId = event.pathParameters?.['orderId'] ?? '';
  const order = await findOrder(orderId);
  if (!order) throw new Problem(404, 'no-such-order', `there is no order ${orderId}`);
  return json(200, shown(order));
});
