import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import type { Invariant, InvariantContext, InvariantResult } from 'proofload';
import { type Books, nameOf, netCents, type OrderEntry, readBooks, readShipments, type ShipmentEntry, scan } from './books.ts';

type Violation = InvariantResult['violations'][number];

/** What must hold of orders, payments, stock and shipments once everything is quiet, whichever variant took the orders. */
export const invariants: readonly Invariant[] = [
  {
    name: 'no-charge-without-goods',
    holds: 'No card is charged for an order whose goods are not reserved or sold.',
    check: async (context) => {
      const books = await readBooks(context);
      return overPayments(books, (orderId, cents) => {
        const order = books.orders.get(orderId);
        if (!order) return `${cents} cents were charged for an order that is not there`;
        return cents > 0 && !hasGoods(order, books) ? `${cents} cents were charged, and none of its goods are kept: ${stateOf(order)}` : undefined;
      });
    },
  },
  {
    name: 'no-failure-without-refund',
    holds: 'No order has failed and kept the money of its customer.',
    check: async (context) => {
      const books = await readBooks(context);
      return overOrders(books, (order) => {
        const cents = books.netCentsOf(order.orderId);
        return hasFailed(order) && cents > 0 ? `${stateOf(order)}, and ${cents} cents are not refunded` : undefined;
      });
    },
  },
  {
    name: 'one-charge-an-order',
    holds: 'No order is charged more than once, or more than it costs.',
    check: async (context) => {
      const books = await readBooks(context);
      return overPayments(books, (orderId, cents) => {
        const kept = (books.payments.get(orderId) ?? []).filter((payment) => netCents(payment) > 0);
        const totalCents = books.orders.get(orderId)?.totalCents ?? 0;
        return kept.length > 1 || cents > totalCents ? `${kept.length} charges of ${cents} cents in all, for ${totalCents} cents` : undefined;
      });
    },
  },
  {
    name: 'no-oversell',
    holds: 'Of each product as much is gone from the stock as is sold or reserved, and never more than there was.',
    check: async (context) => stockOf(await readBooks(context)),
  },
  {
    name: 'no-open-reservation',
    holds: 'Each reservation was released, or became a sale.',
    check: async (context) => {
      const books = await readBooks(context);
      const open = [...books.holds()].map(([id, skus]) => ({ id, detail: `holds ${skus.join(', ')}: ${stateOf(books.orders.get(id))}` }));
      return { checked: books.orders.size, violations: open };
    },
  },
  {
    name: 'orders-end',
    holds: 'Each accepted order is confirmed and paid, or was taken back completely.',
    check: ordersEnd,
  },
];

/** True when no order is on its way: no workflow runs, or no invocation can still be placing an order. */
export async function quiet(context: InvariantContext): Promise<boolean> {
  const stateMachineArn = nameOf(context, 'OrderWorkflow');
  if (stateMachineArn !== undefined) {
    const { executions = [] } = await context.sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }));
    return executions.length === 0;
  }
  const orders = await scan<OrderEntry>(context, 'OrdersTable');
  return !orders.some(({ status, claim }) => status === 'PENDING' && (claim?.untilMs ?? 0) > Date.now());
}

function overOrders({ orders }: Books, wrong: (order: OrderEntry) => string | undefined): InvariantResult {
  const violations = [...orders.values()].flatMap((order) => violation(order.orderId, wrong(order)));
  return { checked: orders.size, violations };
}

/** Looks at every order that has payments, with what its customer paid in the end. */
function overPayments(books: Books, wrong: (orderId: string, cents: number) => string | undefined): InvariantResult {
  const violations = [...books.payments.keys()].flatMap((orderId) => violation(orderId, wrong(orderId, books.netCentsOf(orderId))));
  return { checked: books.payments.size, violations };
}

function violation(id: string, detail: string | undefined): Violation[] {
  return detail === undefined ? [] : [{ id, detail }];
}

function hasFailed({ status }: OrderEntry): boolean {
  return status !== 'PENDING' && status !== 'CONFIRMED';
}

function stateOf(order: OrderEntry | undefined): string {
  if (!order) return 'the order is not there';
  return `the order is ${order.status}${order.failure === undefined ? '' : ` (${order.failure})`}`;
}

/** Whether the goods of an order are kept for it: by its own note, by its confirmation, or because every product names it. */
function hasGoods(order: OrderEntry, { products }: Books): boolean {
  if (order.goods !== undefined) return order.goods !== 'released';
  if (order.status === 'CONFIRMED') return true;
  return products.every(({ sku, holds }) => order.items[sku] === undefined || holds?.has(order.orderId));
}

function stockOf({ products, orders }: Books): InvariantResult {
  const violations = products.flatMap(({ sku, stock, initialStock = stock, sold = 0, holds = new Set<string>() }) => {
    const held = [...holds].reduce((sum, orderId) => sum + (orders.get(orderId)?.items[sku]?.quantity ?? 0), 0);
    if (stock >= 0 && initialStock - stock === sold + held) return [];
    const by = holds.size === 0 ? '' : ` by ${[...holds].join(', ')}`;
    return [{ id: sku, detail: `of ${initialStock} there are ${stock} left, ${sold} sold and ${held} held${by}` }];
  });
  return { checked: products.length, violations };
}

async function ordersEnd(context: InvariantContext): Promise<InvariantResult> {
  const [books, shipments] = await Promise.all([readBooks(context), readShipments(context)]);
  const holds = books.holds();
  const violations: Violation[] = [];
  for (const order of books.orders.values()) {
    const { orderId, status } = order;
    const wrong = status === 'PENDING' ? await pending(order, books, holds, context) : ended(order, books, shipments?.get(orderId));
    violations.push(...violation(orderId, wrong));
  }
  return { checked: books.orders.size, violations };
}

/** What is wrong with an order that has ended. That a failed one is refunded and holds nothing is said by invariants of their own. */
function ended(order: OrderEntry, books: Books, shipment: ShipmentEntry | undefined): string | undefined {
  const { orderId, totalCents } = order;
  if (hasFailed(order))
    return shipment?.labelId !== undefined && shipment.voidedAt === undefined ? `${stateOf(order)}, and its label is not void` : undefined;
  const cents = books.netCentsOf(orderId);
  if (cents !== totalCents) return `the order is CONFIRMED, and ${cents} of ${totalCents} cents are paid`;
  return shipment !== undefined && shipment.shippedAt === undefined ? 'the order is CONFIRMED, and nothing was sent' : undefined;
}

/**
 * What is wrong with an order that is still pending. One whose customer was told to try again, and which nobody works on, holds nothing and has no
 * workflow: it was not accepted.
 */
async function pending(order: OrderEntry, books: Books, holds: Map<string, string[]>, context: InvariantContext): Promise<string | undefined> {
  const { orderId } = order;
  const workflow = await workflowOf(orderId, context);
  if (workflow !== undefined) return `the order is PENDING, its workflow ${workflow}`;
  if (books.netCentsOf(orderId) > 0) return 'the order is PENDING, charged, and nobody works on it';
  return holds.has(orderId) ? 'the order is PENDING, holds goods, and nobody works on it' : undefined;
}

/** How the workflow of an order stands; undefined where there is none. */
async function workflowOf(orderId: string, context: InvariantContext): Promise<string | undefined> {
  const stateMachineArn = nameOf(context, 'OrderWorkflow');
  if (stateMachineArn === undefined) return undefined;
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${orderId}`;
  try {
    const { status, error } = await context.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return error === undefined ? status : `${status} (${error})`;
  } catch (thrown) {
    if ((thrown as Error).name === 'ExecutionDoesNotExist') return undefined;
    throw thrown;
  }
}
