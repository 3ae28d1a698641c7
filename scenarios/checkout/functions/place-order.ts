import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Cart, closeCart, findCart } from './cart.ts';
import { answering, bodyOf, json, Problem } from './http.ts';
import { type ClaimedOrder, claimOrder, endOrder, letGoOf, type Order, orderIdOf, shown } from './order.ts';
import { type ChargeOutcome, charge } from './payment.ts';
import { releaseStock, reserveStock, settleStock } from './stock.ts';

/** What a write of an invocation that ran out of time may still take to arrive. */
const lateWriteMs = 1000;

/**
 * POST /orders {cartId} with an Idempotency-Key: reserves the stock, has the card charged and confirms, all while the customer waits.
 * The same key again gives the same order, and goes on with one that was left half-done. This variant's weakness, on purpose: when the provider does
 * not answer in time, the order ends without anybody knowing whether the card was charged; and an order whose invocation died stays pending, charged
 * perhaps, until the customer asks again.
 */
export const handler = answering(async (event, context) => {
  const key = event.headers['idempotency-key'];
  if (key === undefined || key === '') throw new Problem(400, 'bad-request', 'header Idempotency-Key is missing');
  const orderId = orderIdOf(key);
  const { cartId } = bodyOf(event);
  const cart = typeof cartId === 'string' ? await findCart(cartId) : undefined;
  if (!cart) throw new Problem(404, 'no-such-cart', `there is no cart ${String(cartId)}`);
  if (Object.keys(cart.items).length === 0) throw new Problem(409, 'cart-empty', `cart ${cart.cartId} is empty`);
  const closed = await closeCart(cart.cartId, orderId);
  if (!closed) throw new Problem(409, 'cart-not-open', `cart ${cart.cartId} belongs to another order`);
  const { order, mine } = await claimOrder(newOrder(orderId, closed), Date.now() + context.getRemainingTimeInMillis() + lateWriteMs);
  if (!mine) return replay(order);
  try {
    return await place(order, event.headers['x-payment-hint']);
  } catch (thrown) {
    if (!(thrown instanceof Problem)) await attempt('let-go', () => letGoOf(order));
    throw thrown;
  }
});

function newOrder(orderId: string, { cartId, customerId, items }: Cart): Order {
  const totalCents = Object.values(items).reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
  return { orderId, cartId, customerId, items, totalCents, status: 'PENDING', placedAt: new Date().toISOString() };
}

/** What became of the order that this key made before. */
function replay(order: ClaimedOrder): APIGatewayProxyStructuredResultV2 {
  if (order.status === 'CONFIRMED') return json(200, shown(order));
  if (order.status === 'PENDING') return json(202, shown(order));
  throw problemFor(order);
}

async function place(order: ClaimedOrder, hint: string | undefined): Promise<APIGatewayProxyStructuredResultV2> {
  const outcome = await reserveAndCharge(order, hint);
  if (outcome.state !== 'charged') {
    if (outcome.state !== 'out-of-stock') await releaseStock(order);
    return replay(await endOrder(order, endings[outcome.state]));
  }
  const ended = await endOrder(order, 'CONFIRMED', outcome.chargeId);
  if (ended.status !== 'CONFIRMED') return replay(ended);
  // The order is confirmed whether or not this tidying up succeeds.
  await attempt('settle-stock', () => settleStock(order));
  return json(201, shown(ended));
}

const endings = { 'out-of-stock': 'OUT_OF_STOCK', failed: 'PAYMENT_FAILED', unknown: 'PAYMENT_TIMED_OUT' } as const;

/** An error here is one before the charge: the stock goes back, for nobody may ever ask for this order again. */
async function reserveAndCharge(order: ClaimedOrder, hint: string | undefined): Promise<ChargeOutcome | { readonly state: 'out-of-stock' }> {
  try {
    if (!(await reserveStock(order))) return { state: 'out-of-stock' };
    return await charge({ orderId: order.orderId, customerId: order.customerId, amountCents: order.totalCents, hint });
  } catch (thrown) {
    await attempt('release-stock', () => releaseStock(order));
    throw thrown;
  }
}

/** Does what must not hide the answer, or the error, that the customer is about to get; says so when it fails. */
async function attempt(what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    console.error(JSON.stringify({ code: `${what}-failed`, message: String(thrown) }));
  }
}

function problemFor({ orderId, status }: Order): Problem {
  if (status === 'OUT_OF_STOCK') return new Problem(409, 'out-of-stock', `order ${orderId}: a product is not in stock in that number`);
  if (status === 'PAYMENT_TIMED_OUT') return new Problem(504, 'payment-timed-out', `order ${orderId}: the payment provider did not answer in time`);
  return new Problem(502, 'payment-failed', `order ${orderId}: the payment provider failed`);
}
