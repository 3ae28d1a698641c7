import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Rng, seededRng } from '../../lib/core/rng.ts';
import type { Customer, Product } from '../../scenarios/checkout/data.ts';
import type { SagaLab } from './lab.ts';

const caller = { kind: 'service', service: 'bench' } as const;

/** Takes seeded orders as place-order does, cart, order and execution, without the front door. */
export class Orders {
  readonly #saga: SagaLab;
  readonly #rng: Rng = seededRng('orders');
  readonly #catalogue: readonly Product[];
  readonly #customers: readonly Customer[];
  readonly #hotShare: number;
  /** Those whose workflow was started: the shop owes each an end. */
  accepted = 0;

  constructor(saga: SagaLab, hotShare: number) {
    this.#saga = saga;
    this.#hotShare = hotShare;
    const read = (file: string): unknown => JSON.parse(readFileSync(join(saga.folder, file), 'utf8'));
    this.#catalogue = read('catalogue.json') as Product[];
    this.#customers = read('customers.json') as Customer[];
  }

  /** Takes `count` orders at once. */
  async take(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#take()));
  }

  async #take(): Promise<void> {
    const { names } = this.#saga;
    const id = this.#rng.hex(24);
    const [orderId, cartId] = [`o-${id}`, `c-${id}`];
    const { customerId } = this.#customers[this.#rng.int(this.#customers.length)] as Customer;
    const { items, totalCents } = this.#basket();
    const cart = { cartId: { S: cartId }, customerId: { S: customerId }, items: { M: items }, status: { S: 'ordered' }, orderId: { S: orderId } };
    await this.#call('dynamodb', 'PutItem', { TableName: names['CartsTable'], Item: cart });
    const order = {
      ...{ orderId: { S: orderId }, cartId: { S: cartId }, customerId: { S: customerId }, items: { M: items } },
      ...{ totalCents: { N: String(totalCents) }, status: { S: 'PENDING' }, placedAt: { S: new Date().toISOString() } },
    };
    await this.#call('dynamodb', 'PutItem', { TableName: names['OrdersTable'], Item: order });
    const input = JSON.stringify({ orderId, hint: '' });
    await this.#call('states', 'StartExecution', { stateMachineArn: names['OrderWorkflow'], name: orderId, input });
    this.accepted++;
  }

  #basket(): { readonly items: Record<string, object>; readonly totalCents: number } {
    const items: Record<string, object> = {};
    let totalCents = 0;
    const products = Array.from({ length: 1 + this.#rng.int(3) }, () => this.#catalogue[this.#rng.int(this.#catalogue.length)] as Product);
    if (this.#rng.next() < this.#hotShare) products.push(this.#catalogue[0] as Product);
    for (const { sku, priceCents } of new Set(products)) {
      const quantity = 1 + this.#rng.int(2);
      items[sku] = { M: { quantity: { N: String(quantity) }, priceCents: { N: String(priceCents) } } };
      totalCents += quantity * priceCents;
    }
    return { items, totalCents };
  }

  #call(service: string, operation: string, input: object): Promise<unknown> {
    return this.#saga.lab.context.call(service, operation, input, caller);
  }
}
