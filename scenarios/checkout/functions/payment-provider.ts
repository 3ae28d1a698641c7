import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';
import { type Cancellation, type Charge, refusal, unavailable } from './payment.ts';
import { answerLate, conduct, failByChance } from './third-party.ts';

type Behaviour = 'prompt' | 'slow' | 'late' | 'fail';

/** What the provider has booked under one idempotency key: the order's id, unless the charge names another. */
interface Payment {
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly chargeId?: string;
  readonly amountCents?: number;
  readonly cancelledAt?: string;
  readonly refundedCents?: number;
}

interface Booked {
  readonly chargeId: string;
  readonly amountCents: number;
}

/**
 * A third party's payment API. A charge is booked once an idempotency key, however often it is asked for. It can be slow (waits, then charges), late
 * (charges, then waits) or fail (charges nothing): for shares of the orders, off unless the template says so, or as the request's hint says. Towards
 * everybody it behaves as its parameter says: late answers to charges, and charges that it cannot take. It always takes cancellations.
 */
export async function handler(request: Charge | Cancellation): Promise<Booked | { refundedCents: number }> {
  if ('operation' in request) return { refundedCents: await cancel(request) };
  const behaviour = behaviourOf(request);
  const slowMs = Number(process.env['SLOW_MS'] ?? 0);
  const now = await conduct();
  failByChance(now, unavailable);
  if (behaviour === 'fail') throw refused(request);
  if (behaviour === 'slow') await wait(slowMs);
  const booked = await book(request);
  if (behaviour === 'late') await wait(slowMs);
  return answerLate(now, booked);
}

function refused({ orderId }: Charge): Error {
  return Object.assign(new Error(`the payment provider refuses order ${orderId}`), { name: refusal });
}

/** The same order always meets the same behaviour, so that runs can be compared and a retry does not change the provider's mind. */
function behaviourOf({ orderId, hint }: Charge): Behaviour {
  if (hint === 'slow' || hint === 'late' || hint === 'fail') return hint;
  const share = createHash('sha256').update(`behaviour/${orderId}`).digest().readUInt32BE() / 2 ** 32;
  let upTo = 0;
  for (const behaviour of ['slow', 'late', 'fail'] as const) {
    upTo += Number(process.env[`${behaviour.toUpperCase()}_SHARE`] ?? 0);
    if (share < upTo) return behaviour;
  }
  return 'prompt';
}

async function book(charge: Charge): Promise<Booked> {
  const { orderId, customerId, amountCents, idempotencyKey = orderId } = charge;
  const Item = { idempotencyKey, orderId, customerId, amountCents, chargeId: `ch-${idempotencyKey}`, chargedAt: new Date().toISOString() };
  try {
    await tables.send(new PutCommand({ TableName: setting('PAYMENTS_TABLE'), Item, ConditionExpression: 'attribute_not_exists(idempotencyKey)' }));
    return { chargeId: Item.chargeId, amountCents };
  } catch (thrown) {
    if ((thrown as Error).name !== 'ConditionalCheckFailedException') throw thrown;
    const found = await tables.send(new GetCommand({ TableName: setting('PAYMENTS_TABLE'), Key: { idempotencyKey }, ConsistentRead: true }));
    const payment = found.Item as Payment;
    if (payment.cancelledAt !== undefined) throw refused(charge);
    return { chargeId: String(payment.chargeId), amountCents: Number(payment.amountCents) };
  }
}

/** One write, so that no charge can slip in between looking and cancelling: what is booked is refunded, and nothing can be booked any more. */
async function cancel({ orderId }: Cancellation): Promise<number> {
  const { Attributes } = await tables.send(
    new UpdateCommand({
      TableName: setting('PAYMENTS_TABLE'),
      Key: { idempotencyKey: orderId },
      UpdateExpression:
        'SET orderId = :orderId, cancelledAt = if_not_exists(cancelledAt, :now), refundedCents = if_not_exists(amountCents, :nothing)',
      ExpressionAttributeValues: { ':orderId': orderId, ':now': new Date().toISOString(), ':nothing': 0 },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Number((Attributes as Payment | undefined)?.refundedCents ?? 0);
}
