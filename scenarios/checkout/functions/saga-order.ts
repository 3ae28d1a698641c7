import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';
import { findOrder, type Order, type OrderStatus, written } from './order.ts';

/** What every step of the workflow is told: the order, by its id. The steps read the rest themselves, so that no order is too large for a payload. */
export interface Step {
  readonly orderId: string;
}

/** Writes a new order, or gives the one that this id has already. */
export async function createOrder(order: Order): Promise<Order> {
  const put = new PutCommand({ TableName: setting('ORDERS_TABLE'), Item: order, ConditionExpression: 'attribute_not_exists(orderId)' });
  return (await written(() => tables.send(put))) ? order : orderOf(order);
}

export async function orderOf({ orderId }: Step): Promise<Order> {
  const order = await findOrder(orderId);
  if (!order) throw Object.assign(new Error(`there is no order ${orderId}`), { name: 'NoSuchOrder' });
  return order;
}

/** Keeps with an order what was done with its goods. */
export async function noteGoods(orderId: string, goods: NonNullable<Order['goods']>): Promise<void> {
  const UpdateExpression = 'SET goods = :goods';
  await tables.send(
    new UpdateCommand({ TableName: setting('ORDERS_TABLE'), Key: { orderId }, UpdateExpression, ExpressionAttributeValues: { ':goods': goods } }),
  );
}

/**
 * Ends a pending order, with further attributes. Doing it again is fine; an order that has ended otherwise is not ended anew, and its step fails.
 */
export async function endSaga(orderId: string, status: OrderStatus, attributes: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(attributes);
  const change = new UpdateCommand({
    TableName: setting('ORDERS_TABLE'),
    Key: { orderId },
    UpdateExpression: `SET #status = :status${names.map((name) => `, #${name} = :${name}`).join('')}`,
    ConditionExpression: '#status = :pending OR #status = :status',
    ExpressionAttributeNames: { '#status': 'status', ...Object.fromEntries(names.map((name) => [`#${name}`, name])) },
    ExpressionAttributeValues: {
      ':status': status,
      ':pending': 'PENDING',
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
    },
  });
  if (await written(() => tables.send(change))) return;
  throw Object.assign(new Error(`order ${orderId} has ended already, and not as ${status}`), { name: 'OrderEndedOtherwise' });
}
