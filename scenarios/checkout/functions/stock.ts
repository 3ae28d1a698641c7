import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CartItem } from './cart.ts';
import { setting, tables } from './clients.ts';

/**
 * Takes the items out of stock, one product after the other; false, and everything put back, when one of them is not there in that number.
 * The condition is in the write itself, so two customers cannot both get the last piece.
 */
export async function reserveStock(items: Readonly<Record<string, CartItem>>): Promise<boolean> {
  const taken: Record<string, CartItem> = {};
  try {
    for (const [sku, item] of Object.entries(items)) {
      if (!(await changeStock(sku, -item.quantity))) {
        await releaseStock(taken);
        return false;
      }
      taken[sku] = item;
    }
    return true;
  } catch (thrown) {
    await releaseStock(taken);
    throw thrown;
  }
}

/** Puts the items back. */
export async function releaseStock(items: Readonly<Record<string, CartItem>>): Promise<void> {
  for (const [sku, { quantity }] of Object.entries(items)) await changeStock(sku, quantity);
}

async function changeStock(sku: string, by: number): Promise<boolean> {
  try {
    await tables.send(
      new UpdateCommand({
        TableName: setting('INVENTORY_TABLE'),
        Key: { sku },
        UpdateExpression: 'SET stock = stock + :by',
        ConditionExpression: 'stock >= :least',
        ExpressionAttributeValues: { ':by': by, ':least': Math.max(0, -by) },
      }),
    );
    return true;
  } catch (thrown) {
    if ((thrown as Error).name !== 'ConditionalCheckFailedException') throw thrown;
    return false;
  }
}
