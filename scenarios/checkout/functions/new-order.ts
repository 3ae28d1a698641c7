import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Cart, closeCart, findCart } from './cart.ts';
import { bodyOf, json, Problem } from './http.ts';
import { type Order, orderIdOf, shown } from './order.ts';

/** The order that POST /orders {cartId} with an Idempotency-Key asks for: closes the cart, so that it is what was in it then. The same key gives the same id. */
export async function newOrder(event: APIGatewayProxyEventV2): Promise<Order> {
  const key = event.headers['idempotency-key'];
  if (key === undefined || key === '') throw new Problem(400, 'bad-request', 'header Idempotency-Key is missing');
  const orderId = orderIdOf(key);
  const { cartId } = bodyOf(event);
  const cart = typeof cartId === 'string' ? await findCart(cartId) : undefined;
  if (!cart) throw new Problem(404, 'no-such-cart', `there is no cart ${String(cartId)}`);
  if (Object.keys(cart.items).length === 0) throw new Problem(409, 'cart-empty', `cart ${cart.cartId} is empty`);
  const closed = await closeCart(cart.cartId, orderId);
  if (!closed) throw new Problem(409, 'cart-not-open', `cart ${cart.cartId} belongs to another order`);
  return orderOf(orderId, closed);
}

function orderOf(orderId: string, { cartId, customerId, items }: Cart): Order {
  return { orderId, cartId, customerId, items, totalCents: totalOf(items), status: 'PENDING', placedAt: new Date().toISOString() };
}

/** What the items cost together. */
export function totalOf(items: Order['items']): number {
  return Object.values(items).reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
}

/** What the customer hears of an order that is there. Throws the problem that ended it. */
export function answerFor(order: Order): APIGatewayProxyStructuredResultV2 {
  if (order.status === 'CONFIRMED') return json(200, shown(order));
  if (order.status === 'PENDING') return json(202, shown(order));
  throw problemFor(order);
}

function problemFor({ orderId, status }: Order): Problem {
  if (status === 'OUT_OF_STOCK') return new Problem(409, 'out-of-stock', `order ${orderId}: a product is not in stock in that number`);
  if (status === 'PAYMENT_TIMED_OUT') return new Problem(504, 'payment-timed-out', `order ${orderId}: the payment provider did not answer in time`);
  if (status === 'CANCELLED') return new Problem(502, 'cancelled', `order ${orderId}: it could not be sent, and was cancelled`);
  return new Problem(502, 'payment-failed', `order ${orderId}: the payment provider failed`);
}
