import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';

export interface CartItem {
  readonly quantity: number;
  /** The price at which it was put into the cart. */
  readonly priceCents: number;
}

export interface Cart {
  readonly cartId: string;
  readonly customerId: string;
  readonly items: Readonly<Record<string, CartItem>>;
  readonly status: 'open' | 'ordered';
  readonly orderId?: string;
}

export async function findCart(cartId: string): Promise<Cart | undefined> {
  const { Item } = await tables.send(new GetCommand({ TableName: setting('CARTS_TABLE'), Key: { cartId }, ConsistentRead: true }));
  return Item as Cart | undefined;
}

/**
 * Ties a cart to its order and gives it as it is then: what came in before counts, nothing comes in afterwards. Undefined when another order has it.
 * Doing it again for the same order is fine.
 */
export async function closeCart(cartId: string, orderId: string): Promise<Cart | undefined> {
  try {
    const { Attributes } = await tables.send(
      new UpdateCommand({
        TableName: setting('CARTS_TABLE'),
        Key: { cartId },
        UpdateExpression: 'SET #status = :ordered, orderId = :orderId',
        ConditionExpression: '#status = :open OR orderId = :orderId',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':ordered': 'ordered', ':open': 'open', ':orderId': orderId },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes as Cart;
  } catch (thrown) {
    if ((thrown as Error).name !== 'ConditionalCheckFailedException') throw thrown;
    return undefined;
  }
}
