import { noteGoods, orderOf, type Step } from './saga-order.ts';
import { reserveStock } from './stock.ts';

/** Step Reserve: takes the items out of stock, once an order. */
export async function handler({ orderId }: Step): Promise<void> {
  const order = await orderOf({ orderId });
  if (order.goods !== undefined) return;
  if (!(await reserveStock(order))) {
    throw Object.assign(new Error(`order ${orderId}: a product is not in stock in that number`), { name: 'OutOfStock' });
  }
  await noteGoods(orderId, 'reserved');
}
