import { createHash } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CartItem } from './cart.ts';
import { setting, tables } from './clients.ts';

/** PENDING: being placed. The others are final. */
export type OrderStatus = 'PENDING' | 'CONFIRMED' | 'OUT_OF_STOCK' | 'PAYMENT_FAILED' | 'PAYMENT_TIMED_OUT';

export interface Order {
  readonly orderId: string;
  readonly cartId: string;
  readonly customerId: string;
  readonly items: Readonly<Record<string, CartItem>>;
  readonly totalCents: number;
  readonly status: OrderStatus;
  readonly placedAt: string;
  readonly chargeId?: string;
}

/** One idempotency key is one order, whoever asks how often: the key decides the id. */
export function orderIdOf(idempotencyKey: string): string {
  return `o-${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 24)}`;
}

/** Writes a new order; gives back the one that is there already when this key came before. */
export async function claimOrder(order: Order): Promise<Order | undefined> {
  try {
    await tables.send(new PutCommand({ TableName: setting('ORDERS_TABLE'), Item: order, ConditionExpression: 'attribute_not_exists(orderId)' }));
    return undefined;
  } catch (thrown) {
    if ((thrown as Error).name !== 'ConditionalCheckFailedException') throw thrown;
    return await findOrder(order.orderId);
  }
}

export async function findOrder(orderId: string): Promise<Order | undefined> {
  const { Item } = await tables.send(new GetCommand({ TableName: setting('ORDERS_TABLE'), Key: { orderId }, ConsistentRead: true }));
  return Item as Order | undefined;
}

/** Takes a claim back before anything came of it, so that the customer's next try with this key starts afresh. */
export async function forgetOrder(orderId: string): Promise<void> {
  await tables.send(
    new DeleteCommand({
      TableName: setting('ORDERS_TABLE'),
      Key: { orderId },
      ConditionExpression: '#status = :pending',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':pending': 'PENDING' },
    }),
  );
}

/** Ends a pending order; an order that was ended before stays as it is, and the write fails. */
export async function endOrder(orderId: string, status: OrderStatus, chargeId?: string): Promise<void> {
  await tables.send(
    new UpdateCommand({
      TableName: setting('ORDERS_TABLE'),
      Key: { orderId },
      UpdateExpression: chargeId === undefined ? 'SET #status = :status' : 'SET #status = :status, chargeId = :chargeId',
      ConditionExpression: '#status = :pending',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status, ':pending': 'PENDING', ...(chargeId === undefined ? {} : { ':chargeId': chargeId }) },
    }),
  );
}
