import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CartItem } from './cart.ts';
import { setting, tables } from './clients.ts';
import { answering, bodyOf, json, Problem } from './http.ts';

/** POST /carts/{cartId}/items {sku, quantity}: puts a product into an open cart, at today's price. Repeating it changes nothing. */
export const handler = answering(async (event) => {
  const cartId = event.pathParameters?.['cartId'] ?? '';
  const { sku, quantity } = bodyOf(event);
  if (typeof sku !== 'string' || sku === '') throw new Problem(400, 'bad-request', 'sku is missing');
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1)
    throw new Problem(400, 'bad-request', 'quantity must be a whole number above 0');
  const item: CartItem = { quantity, priceCents: await priceOf(sku) };
  await putIntoCart(cartId, sku, item);
  return json(200, { cartId, sku, ...item });
});

async function priceOf(sku: string): Promise<number> {
  const { Item } = await tables.send(new GetCommand({ TableName: setting('INVENTORY_TABLE'), Key: { sku }, ProjectionExpression: 'priceCents' }));
  if (!Item) throw new Problem(404, 'no-such-product', `there is no product ${sku}`);
  return Item['priceCents'] as number;
}

async function putIntoCart(cartId: string, sku: string, item: CartItem): Promise<void> {
  try {
    await tables.send(
      new UpdateCommand({
        TableName: setting('CARTS_TABLE'),
        Key: { cartId },
        UpdateExpression: 'SET #items.#sku = :item',
        ConditionExpression: '#status = :open',
        ExpressionAttributeNames: { '#items': 'items', '#sku': sku, '#status': 'status' },
        ExpressionAttributeValues: { ':item': item, ':open': 'open' },
      }),
    );
  } catch (thrown) {
    if ((thrown as Error).name !== 'ConditionalCheckFailedException') throw thrown;
    throw new Problem(409, 'cart-not-open', `there is no open cart ${cartId}`);
  }
}
