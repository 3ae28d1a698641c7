import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { InvariantContext } from 'proofload';

// What the tables hold after a run, of both variants, in the form in which the invariants look at it.

export interface OrderEntry {
  readonly orderId: string;
  readonly status: string;
  readonly items: Readonly<Record<string, { readonly quantity: number }>>;
  readonly totalCents: number;
  readonly placedAt: string;
  /** What the saga has done with the goods; the synchronous variant keeps no such note. */
  readonly goods?: 'reserved' | 'sold' | 'released';
  readonly failure?: string;
  /** Of the synchronous variant: until when (ms since 1970) an invocation may still be placing it. */
  readonly claim?: { readonly untilMs: number };
}

export interface PaymentEntry {
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly chargedAt?: string;
  /** Absent where a charge was cancelled before it was made. */
  readonly amountCents?: number;
  readonly refundedCents?: number;
}

export interface ProductEntry {
  readonly sku: string;
  readonly stock: number;
  /** As it was seeded, and when: at the start of the run. */
  readonly initialStock?: number;
  readonly seededAt?: string;
  readonly sold?: number;
  /** Orders that hold some of it. */
  readonly holds?: ReadonlySet<string>;
}

export interface ShipmentEntry {
  readonly orderId: string;
  readonly labelId?: string;
  readonly voidedAt?: string;
  readonly shippedAt?: string;
}

/** What the customer paid in the end. */
export function netCents({ amountCents = 0, refundedCents = 0 }: PaymentEntry): number {
  return amountCents - refundedCents;
}

/** One run's books: what is older than the seeded stock belongs to earlier runs and is left out. */
export class Books {
  readonly products: readonly ProductEntry[];
  readonly orders: ReadonlyMap<string, OrderEntry>;
  /** Payments of this run by their order; also of an order that nobody knows. */
  readonly payments: ReadonlyMap<string, readonly PaymentEntry[]>;

  constructor(products: readonly ProductEntry[], orders: readonly OrderEntry[], payments: readonly PaymentEntry[]) {
    const since = products.map(({ seededAt = '' }) => seededAt).sort()[0] ?? '';
    const old = new Set(orders.filter(({ placedAt }) => placedAt < since).map(({ orderId }) => orderId));
    this.products = products;
    this.orders = new Map(orders.filter(({ orderId }) => !old.has(orderId)).map((order) => [order.orderId, order]));
    const isOurs = ({ orderId, chargedAt = since }: PaymentEntry): boolean => this.orders.has(orderId) || (!old.has(orderId) && chargedAt >= since);
    this.payments = grouped(payments.filter(isOurs));
  }

  netCentsOf(orderId: string): number {
    return (this.payments.get(orderId) ?? []).reduce((sum, payment) => sum + netCents(payment), 0);
  }

  /** The products of which each order holds some, by the order's id. */
  holds(): Map<string, string[]> {
    const held = this.products.flatMap(({ sku, holds = [] }) => [...holds].map((orderId) => ({ orderId, sku })));
    return new Map([...grouped(held)].map(([orderId, each]) => [orderId, each.map(({ sku }) => sku)]));
  }
}

function grouped<Entry extends { readonly orderId: string }>(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.orderId);
    if (group) group.push(entry);
    else groups.set(entry.orderId, [entry]);
  }
  return groups;
}

export async function readBooks(context: InvariantContext): Promise<Books> {
  const [products, orders, payments] = await Promise.all([
    scan<ProductEntry>(context, 'InventoryTable'),
    scan<OrderEntry>(context, 'OrdersTable'),
    scan<PaymentEntry>(context, 'PaymentsTable'),
  ]);
  return new Books(products, orders, payments);
}

/** The carrier's books by order; undefined for a variant that sends nothing. */
export async function readShipments(context: InvariantContext): Promise<Map<string, ShipmentEntry> | undefined> {
  if (nameOf(context, 'ShipmentsTable') === undefined) return undefined;
  return new Map((await scan<ShipmentEntry>(context, 'ShipmentsTable')).map((entry) => [entry.orderId, entry]));
}

/** Physical name of a resource; undefined where this variant has none. */
export function nameOf({ resolve }: InvariantContext, logicalId: string): string | undefined {
  try {
    return resolve(logicalId);
  } catch {
    return undefined;
  }
}

export async function scan<Entry>({ dynamodb, resolve }: InvariantContext, table: string): Promise<Entry[]> {
  const client = DynamoDBDocumentClient.from(dynamodb);
  const entries: Entry[] = [];
  for await (const page of paginateScan({ client }, { TableName: resolve(table), ConsistentRead: true })) {
    entries.push(...((page.Items ?? []) as Entry[]));
  }
  return entries;
}
