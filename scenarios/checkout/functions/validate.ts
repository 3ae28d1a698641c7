import { totalOf } from './new-order.ts';
import { orderOf, type Step } from './saga-order.ts';

/** What the rest of the workflow carries along. */
interface Validated {
  readonly orderId: string;
  readonly cartId: string;
  readonly customerId: string;
  readonly totalCents: number;
  readonly hint: string;
}

/** Step Validate: an order that is there, waits to be placed, and costs what its items cost. */
export async function handler({ orderId, hint = '' }: Step & { readonly hint?: string }): Promise<Validated> {
  const order = await orderOf({ orderId });
  const problem = problemOf(order);
  if (problem !== undefined) throw Object.assign(new Error(`order ${orderId}: ${problem}`), { name: 'InvalidOrder' });
  const { cartId, customerId, totalCents } = order;
  return { orderId, cartId, customerId, totalCents, hint };
}

function problemOf({ status, items, totalCents }: Awaited<ReturnType<typeof orderOf>>): string | undefined {
  if (status !== 'PENDING') return `it is ${status}`;
  const quantities = Object.values(items).map(({ quantity }) => quantity);
  if (quantities.length === 0) return 'it has no items';
  if (!quantities.every((quantity) => Number.isInteger(quantity) && quantity > 0)) return 'a quantity is no whole number above 0';
  return totalOf(items) === totalCents ? undefined : 'its total is not the sum of its items';
}
