import { createHash, randomUUID } from 'node:crypto';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CartItem } from './cart.ts';
import { setting, tables } from './clients.ts';

/** PENDING: being placed. The others are final; CANCELLED is what went wrong after the payment and was taken back. */
export type OrderStatus = 'PENDING' | 'CONFIRMED' | 'OUT_OF_STOCK' | 'PAYMENT_FAILED' | 'PAYMENT_TIMED_OUT' | 'CANCELLED';

export interface Order {
  readonly orderId: string;
  readonly cartId: string;
  readonly customerId: string;
  readonly items: Readonly<Record<string, CartItem>>;
  readonly totalCents: number;
  readonly status: OrderStatus;
  readonly placedAt: string;
  readonly chargeId?: string;
  /** What the saga has done with the goods. */
  readonly goods?: 'reserved' | 'sold' | 'released';
}

/** An order as it is stored: with the invocation that is placing it, and the time (ms since 1970) after which that one is surely over. */
export interface ClaimedOrder extends Order {
  readonly claim: { readonly id: string; readonly untilMs: number };
}

/** One idempotency key is one order, whoever asks how often: the key decides the id. */
export function orderIdOf(idempotencyKey: string): string {
  return `o-${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 24)}`;
}

/**
 * Writes a new order, or finds the one that this key made before. It is `mine` to place when it is new, or when it is pending and whoever was placing
 * it is over. The claim's random id tells our own write, repeated by the SDK because its answer came late, from another invocation's.
 */
export async function claimOrder(order: Order, untilMs: number): Promise<{ readonly order: ClaimedOrder; readonly mine: boolean }> {
  const claimed: ClaimedOrder = { ...order, claim: { id: randomUUID(), untilMs } };
  const put = new PutCommand({ TableName: setting('ORDERS_TABLE'), Item: claimed, ConditionExpression: 'attribute_not_exists(orderId)' });
  let found = (await written(() => tables.send(put))) ? claimed : await storedOrder(order.orderId);
  if (found.status === 'PENDING' && found.claim.id !== claimed.claim.id && found.claim.untilMs <= Date.now()) {
    const taken = await changePending(found, 'SET #claim = :claim', { ':claim': claimed.claim });
    found = taken ? { ...found, claim: claimed.claim } : await storedOrder(order.orderId);
  }
  return { order: found, mine: found.status === 'PENDING' && found.claim.id === claimed.claim.id };
}

export async function findOrder(orderId: string): Promise<Order | undefined> {
  const { Item } = await tables.send(new GetCommand({ TableName: setting('ORDERS_TABLE'), Key: { orderId }, ConsistentRead: true }));
  return Item as Order | undefined;
}

/** Lets the customer's next try with the same key go on with the order at once, instead of when our time is over. */
export async function letGoOf(order: ClaimedOrder): Promise<void> {
  await changePending(order, 'SET #claim.untilMs = :now', { ':now': 0 });
}

/** Ends an order that we claimed. Gives the order as it stands afterwards: as wanted, or as somebody else ended or claimed it before. */
export async function endOrder(order: ClaimedOrder, status: OrderStatus, chargeId?: string): Promise<ClaimedOrder> {
  const charged = chargeId === undefined ? {} : { chargeId };
  const values = { ':status': status, ...(chargeId === undefined ? {} : { ':chargeId': chargeId }) };
  const ended = await changePending(order, chargeId === undefined ? 'SET #status = :status' : 'SET #status = :status, chargeId = :chargeId', values);
  return ended ? { ...order, ...charged, status } : await storedOrder(order.orderId);
}

/** What is stored with an order and is none of the customer's business. */
const internal = ['claim', 'goods', 'failure'];

/** What customers see of an order. */
export function shown(order: Order): Order {
  return Object.fromEntries(Object.entries(order).filter(([name]) => !internal.includes(name))) as unknown as Order;
}

/** Changes an order as long as it is pending and claimed as we know it; false when it is not. */
function changePending({ orderId, claim }: ClaimedOrder, update: string, values: Readonly<Record<string, unknown>>): Promise<boolean> {
  const names = { '#status': 'status', '#claim': 'claim' };
  const change = new UpdateCommand({
    TableName: setting('ORDERS_TABLE'),
    Key: { orderId },
    UpdateExpression: update,
    ConditionExpression: '#status = :pending AND #claim.id = :claimId',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':pending': 'PENDING', ':claimId': claim.id, ...values },
  });
  return written(() => tables.send(change));
}

async function storedOrder(orderId: string): Promise<ClaimedOrder> {
  const order = await findOrder(orderId);
  if (!order) throw new Error(`order ${orderId} was there and is gone`);
  return order as ClaimedOrder;
}

/** False when the write's condition did not hold. */
export async function written(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (thrown) {
    if ((thrown as Error).name !== 'ConditionalCheckFailedException') throw thrown;
    return false;
  }
}
