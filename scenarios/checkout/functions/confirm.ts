import { endSaga, orderOf, type Step } from './saga-order.ts';
import { settleStock } from './stock.ts';

/** Step Confirm: the parcel is on its way, so the goods are sold and the order stands. */
export async function handler({ orderId, parcelId }: Step & { readonly parcelId: string }): Promise<void> {
  await settleStock(await orderOf({ orderId }));
  await endSaga(orderId, 'CONFIRMED', { goods: 'sold', parcelId });
}
