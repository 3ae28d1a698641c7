import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Cart, closeCart, findCart } from './cart.ts';
import { answering, bodyOf, json, Problem } from './http.ts';
import { claimOrder, endOrder, findOrder, forgetOrder, type Order, orderIdOf } from './order.ts';
import { type ChargeOutcome, charge } from './payment.ts';
import { releaseStock, reserveStock } from './stock.ts';

/**
 * POST /orders {cartId} with an Idempotency-Key: reserves the stock, has the card charged and confirms, all while the customer waits.
 * The same key again gives the same order. This variant's weakness, on purpose: when the provider does not answer in time, the order ends without
 * anybody knowing whether the card was charged; and an invocation that dies after the charge leaves its order pending for good.
 */
export const handler = answering(async (event) => {
  const key = event.headers['idempotency-key'];
  if (key === undefined || key === '') throw new Problem(400, 'bad-request', 'header Idempotency-Key is missing');
  const orderId = orderIdOf(key);
  const { cartId } = bodyOf(event);
  const cart = typeof cartId === 'string' ? await findCart(cartId) : undefined;
  if (!cart) throw new Problem(404, 'no-such-cart', `there is no cart ${String(cartId)}`);
  if (Object.keys(cart.items).length === 0) throw new Problem(409, 'cart-empty', `cart ${cart.cartId} is empty`);
  if (!(await closeCart(cart.cartId, orderId))) throw new Problem(409, 'cart-not-open', `cart ${cart.cartId} belongs to another order`);
  const order = newOrder(orderId, cart);
  const earlier = await claimOrder(order);
  return earlier ? replay(earlier) : await place(order, event.headers['x-payment-hint']);
});

function newOrder(orderId: string, { cartId, customerId, items }: Cart): Order {
  const totalCents = Object.values(items).reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
  return { orderId, cartId, customerId, items, totalCents, status: 'PENDING', placedAt: new Date().toISOString() };
}

/** What became of the order that this key made before. */
function replay(order: Order): APIGatewayProxyStructuredResultV2 {
  if (order.status === 'CONFIRMED') return json(200, order);
  if (order.status === 'PENDING') return json(202, order);
  throw problemFor(order);
}

async function place(order: Order, hint: string | undefined): Promise<APIGatewayProxyStructuredResultV2> {
  const { orderId, customerId, items, totalCents } = order;
  const reserved = await reserveStock(items).catch(async (thrown: unknown) => {
    await forgetOrder(orderId);
    throw thrown;
  });
  if (!reserved) {
    await endOrder(orderId, 'OUT_OF_STOCK');
    throw problemFor({ ...order, status: 'OUT_OF_STOCK' });
  }
  const outcome = await charge({ orderId, customerId, amountCents: totalCents, hint });
  if (outcome.state !== 'charged') return await giveUp(order, outcome);
  await endOrder(orderId, 'CONFIRMED', outcome.chargeId);
  return json(201, { ...order, status: 'CONFIRMED', chargeId: outcome.chargeId });
}

async function giveUp(order: Order, outcome: ChargeOutcome): Promise<never> {
  const status = outcome.state === 'unknown' ? 'PAYMENT_TIMED_OUT' : 'PAYMENT_FAILED';
  await releaseStock(order.items);
  await endOrder(order.orderId, status);
  throw problemFor((await findOrder(order.orderId)) ?? { ...order, status });
}

function problemFor({ orderId, status }: Order): Problem {
  if (status === 'OUT_OF_STOCK') return new Problem(409, 'out-of-stock', `order ${orderId}: a product is not in stock in that number`);
  if (status === 'PAYMENT_TIMED_OUT') return new Problem(504, 'payment-timed-out', `order ${orderId}: the payment provider did not answer in time`);
  return new Problem(502, 'payment-failed', `order ${orderId}: the payment provider failed`);
}
