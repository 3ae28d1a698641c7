import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { setting, tables } from './clients.ts';
import type { Order } from './order.ts';

/**
 * Takes an order's items out of stock, one product after the other; false, and everything put back, when one of them is not there in that number.
 * The condition is in the write itself, so two customers cannot both get the last piece. Each product names in `holds` the orders that took of it and
 * are not settled: that makes every write here one that may be repeated, by the SDK after a time-out or by a second try at the same order.
 */
export async function reserveStock(order: Order): Promise<boolean> {
  for (const [sku, { quantity }] of Object.entries(order.items)) {
    if (await take(sku, order.orderId, quantity)) continue;
    await releaseStock(order);
    return false;
  }
  return true;
}

/** Puts back what the order holds, and nothing of what it does not hold. Tries every product before it fails. */
export async function releaseStock({ orderId, items }: Order): Promise<void> {
  const putBack = Object.entries(items).map(([sku, { quantity }]) =>
    write(sku, orderId, 'SET stock = stock + :quantity DELETE holds :order', 'contains(holds, :orderId)', { ':quantity': quantity }),
  );
  const failed = (await Promise.allSettled(putBack)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** The items are sold, and counted as such: the order's name is no longer needed beside the products. */
export async function settleStock({ orderId, items }: Order): Promise<void> {
  const settle = Object.entries(items).map(([sku, { quantity }]) =>
    write(sku, orderId, 'DELETE holds :order ADD sold :quantity', 'contains(holds, :orderId)', { ':quantity': quantity }),
  );
  await Promise.all(settle);
}

async function take(sku: string, orderId: string, quantity: number): Promise<boolean> {
  const condition = 'stock >= :quantity AND NOT contains(holds, :orderId)';
  const refused = await write(sku, orderId, 'SET stock = stock - :quantity ADD holds :order', condition, { ':quantity': quantity });
  return refused === undefined || refused.includes(orderId);
}

/** Undefined when it was written; when the condition failed, the orders that hold some of the product. */
async function write(
  sku: string,
  orderId: string,
  update: string,
  condition: string,
  values: Record<string, unknown>,
): Promise<readonly string[] | undefined> {
  try {
    await tables.send(
      new UpdateCommand({
        TableName: setting('INVENTORY_TABLE'),
        Key: { sku },
        UpdateExpression: update,
        ConditionExpression: condition,
        ExpressionAttributeValues: { ':order': new Set([orderId]), ':orderId': orderId, ...values },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return undefined;
  } catch (thrown) {
    // The document client leaves the item of an error as it travelled.
    const { name, Item } = thrown as Error & { readonly Item?: { readonly holds?: { readonly SS?: readonly string[] } } };
    if (name !== 'ConditionalCheckFailedException') throw thrown;
    return Item?.holds?.SS ?? [];
  }
}
