import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answering, json, Problem } from './http.ts';
import { answerFor, newOrder } from './new-order.ts';
import { type ClaimedOrder, claimOrder, endOrder, letGoOf, shown } from './order.ts';
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
  const { order, mine } = await claimOrder(await newOrder(event), Date.now() + context.getRemainingTimeInMillis() + lateWriteMs);
  if (!mine) return answerFor(order);
  try {
    return await place(order, event.headers['x-payment-hint']);
  } catch (thrown) {
    if (!(thrown instanceof Problem)) await attempt('let-go', () => letGoOf(order));
    throw thrown;
  }
});

async function place(order: ClaimedOrder, hint: string | undefined): Promise<APIGatewayProxyStructuredResultV2> {
  const outcome = await reserveAndCharge(order, hint);
  if (outcome.state !== 'charged') {
    if (outcome.state !== 'out-of-stock') await releaseStock(order);
    return answerFor(await endOrder(order, endings[outcome.state]));
  }
  const ended = await endOrder(order, 'CONFIRMED', outcome.chargeId);
  if (ended.status !== 'CONFIRMED') return answerFor(ended);
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
