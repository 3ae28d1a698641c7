import { noteGoods, orderOf, type Step } from './saga-order.ts';
import { releaseStock } from './stock.ts';

/** Compensates Reserve: puts back what the order holds, also where Reserve broke off in the middle. */
export async function handler({ orderId }: Step): Promise<void> {
  await releaseStock(await orderOf({ orderId }));
  await noteGoods(orderId, 'released');
}
