import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Cart } from './cart.ts';
import { setting, tables } from './clients.ts';
import { answering, bodyOf, json, Problem } from './http.ts';

/** POST /carts {customerId}: an empty cart. */
export const handler = answering(async (event) => {
  const { customerId } = bodyOf(event);
  if (typeof customerId !== 'string' || customerId === '') throw new Problem(400, 'bad-request', 'customerId is missing');
  const cart: Cart = { cartId: `c-${randomUUID()}`, customerId, items: {}, status: 'open' };
  await tables.send(new PutCommand({ TableName: setting('CARTS_TABLE'), Item: cart, ConditionExpression: 'attribute_not_exists(cartId)' }));
  return json(201, cart);
});
