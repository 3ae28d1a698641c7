import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';
import { type Charge, refusal } from './payment.ts';

type Behaviour = 'prompt' | 'slow' | 'late' | 'fail';

/**
 * A third party's payment API. A charge is booked once an order, however often it is asked for. It can be slow (waits, then charges), late (charges,
 * then waits) or fail (charges nothing): for shares of the orders, off unless the template says so, or as the request's hint says.
 */
export async function handler(request: Charge): Promise<{ chargeId: string; amountCents: number }> {
  const behaviour = behaviourOf(request);
  const slowMs = Number(process.env['SLOW_MS'] ?? 0);
  if (behaviour === 'fail') throw Object.assign(new Error(`the payment provider refuses order ${request.orderId}`), { name: refusal });
  if (behaviour === 'slow') await wait(slowMs);
  const booked = await book(request);
  if (behaviour === 'late') await wait(slowMs);
  return booked;
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

async function book({ orderId, customerId, amountCents }: Charge): Promise<{ chargeId: string; amountCents: number }> {
  const payment = { orderId, customerId, amountCents, chargeId: `ch-${orderId}`, chargedAt: new Date().toISOString() };
  try {
    await tables.send(new PutCommand({ TableName: setting('PAYMENTS_TABLE'), Item: payment, ConditionExpression: 'attribute_not_exists(orderId)' }));
    return { chargeId: payment.chargeId, amountCents };
  } catch (thrown) {
    if ((thrown as Error).name !== 'ConditionalCheckFailedException') throw thrown;
    const { Item } = await tables.send(new GetCommand({ TableName: setting('PAYMENTS_TABLE'), Key: { orderId }, ConsistentRead: true }));
    return { chargeId: String(Item?.['chargeId']), amountCents: Number(Item?.['amountCents']) };
  }
}
