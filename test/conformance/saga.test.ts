import { join } from 'node:path';
import { DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AwsClients, createAwsClients } from '../../lib/core/aws-clients.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import { invariants, quiet } from '../../scenarios/checkout/invariants.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// scenarios/checkout/saga as it is deployed, behind its front door, 20 times as fast as the wall.
let lab: RunningLab;
let clients: AwsClients;
let dynamodb: DynamoDBDocumentClient;
let api: string;
let carts = 0;
const names: Record<string, string> = {};

beforeAll(async () => {
  const file = join(packageRoot(), 'scenarios/checkout/saga/template.yaml');
  lab = await startTestLab({ timeScale: 20, stacks: [{ file, parameters: { PaymentTimeoutMs: '400', PaymentSlowMs: '900' } }] });
  clients = createAwsClients({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  dynamodb = DynamoDBDocumentClient.from(clients.dynamodb);
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'checkout-saga' }));
  api = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiUrl')?.OutputValue ?? '';
  const { StackResources = [] } = await clients.cloudformation.send(new DescribeStackResourcesCommand({ StackName: 'checkout-saga' }));
  for (const { LogicalResourceId = '', PhysicalResourceId = '' } of StackResources) names[LogicalResourceId] = PhysicalResourceId;
  const seededAt = new Date().toISOString();
  for (const [sku, priceCents] of Object.entries({ tea: 300, pot: 900 }))
    await put('InventoryTable', { sku, title: sku, category: 'c', priceCents, stock: 1000, initialStock: 1000, seededAt });
});
afterAll(async () => {
  clients?.destroy();
  await lab?.stop();
});
beforeEach(() => Promise.all([behave('PaymentConduct', 'delayMs=0 errorRate=0'), behave('LabelConduct', 'delayMs=0 errorRate=0')]));

async function put(table: string, Item: Record<string, unknown>): Promise<void> {
  await dynamodb.send(new PutCommand({ TableName: names[table], Item }));
}
async function itemOf(table: string, Key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
  return (await dynamodb.send(new GetCommand({ TableName: names[table], Key }))).Item;
}
/** The functions notice it within two seconds of the wall. */
async function behave(parameter: string, Value: string): Promise<void> {
  await clients.ssm.send(new PutParameterCommand({ Name: names[parameter], Value, Overwrite: true }));
}
async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await fetch(`${api}${path}`, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function place(hint?: string, quantity = 2) {
  const { body: cart } = await send('POST', '/carts', { customerId: 'c' });
  for (const [sku, of] of [['tea', quantity] as const, ['pot', 1] as const])
    await send('POST', `/carts/${cart['cartId']}/items`, { sku, quantity: of });
  const headers = { 'Idempotency-Key': `k-${++carts}`, ...(hint === undefined ? {} : { 'x-payment-hint': hint }) };
  const again = () => send('POST', '/orders', { cartId: cart['cartId'] }, headers);
  const placed = await again();
  return { placed, again, orderId: String(placed.body['orderId']) };
}

async function ended(orderId: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await send('GET', `/orders/${orderId}`);
    if (body['status'] !== 'PENDING') return body;
    await lab.context.wall.sleep(30);
  }
}

/** Every violation of every invariant, once nothing is on its way. */
async function violations(): Promise<string[]> {
  const resolve = (logicalId: string): string => names[logicalId] ?? expect.unreachable(`no ${logicalId}`);
  const context = { dynamodb: clients.dynamodb, sfn: clients.sfn, resolve, startedMs: 0 };
  while (!(await quiet(context))) await lab.context.wall.sleep(30);
  const found: string[] = [];
  for (const { name, check } of invariants) for (const { id, detail } of (await check(context)).violations) found.push(`${name} ${id}: ${detail}`);
  return found;
}

it('takes an order at once, confirms it when the parcel is on its way, and gives the same order for the same key', async () => {
  const { placed, again, orderId } = await place();
  expect(placed).toMatchObject({ status: 202, body: { status: 'PENDING', totalCents: 1500 } });
  expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED', chargeId: `ch-${orderId}`, parcelId: `p-${orderId}` });
  expect(await again()).toMatchObject({ status: 200, body: { orderId, status: 'CONFIRMED' } });
  expect(await itemOf('InventoryTable', { sku: 'tea' })).toMatchObject({ stock: 998, sold: 2 });
  expect(await violations()).toEqual([]);
  await expect.poll(() => itemOf('OrdersTable', { orderId })).toHaveProperty('confirmationSentAt');
});

it('takes back what it took when labels cannot be had: label, charge, goods, order', async () => {
  await behave('LabelConduct', 'delayMs=0 errorRate=1');
  await lab.context.wall.sleep(2100);
  const { orderId } = await place();
  expect(await ended(orderId)).toMatchObject({ status: 'CANCELLED' });
  expect(await itemOf('PaymentsTable', { idempotencyKey: orderId })).toMatchObject({ amountCents: 1500, refundedCents: 1500 });
  expect(await itemOf('ShipmentsTable', { orderId })).toHaveProperty('voidedAt');
  expect(await itemOf('OrdersTable', { orderId })).toMatchObject({ goods: 'released', failure: 'LabelUnavailable' });
  expect(await violations()).toEqual([]);
});

it.each([
  ['late', 'PAYMENT_TIMED_OUT', { refundedCents: 1500 }],
  ['slow', 'PAYMENT_TIMED_OUT', { cancelledAt: expect.any(String) }],
  ['fail', 'PAYMENT_FAILED', { refundedCents: 0 }],
])('leaves nobody charged when the payment is %s', async (hint, status, payment) => {
  const { orderId, again } = await place(hint);
  expect(await ended(orderId)).toMatchObject({ status });
  // Longer than the slowest charge takes: one that comes after its cancellation is not booked.
  await lab.context.wall.sleep(1000);
  expect(await itemOf('PaymentsTable', { idempotencyKey: orderId })).toMatchObject(payment);
  expect(await again()).toMatchObject({ status: status === 'PAYMENT_TIMED_OUT' ? 504 : 502 });
  expect(await violations()).toEqual([]);
});

it('sells no more than there is', async () => {
  const { orderId } = await place(undefined, 5000);
  expect(await ended(orderId)).toMatchObject({ status: 'OUT_OF_STOCK' });
  expect(await itemOf('InventoryTable', { sku: 'pot' })).not.toHaveProperty('holds');
  expect(await violations()).toEqual([]);
});

it('finds by its id an order that was charged and not sent', async () => {
  const { orderId } = await place();
  await ended(orderId);
  const order = (await itemOf('OrdersTable', { orderId })) ?? {};
  await put('OrdersTable', { ...order, status: 'CANCELLED', goods: 'released' });
  expect(await violations()).toEqual([
    expect.stringContaining(`no-charge-without-goods ${orderId}`),
    expect.stringContaining(`no-failure-without-refund ${orderId}`),
    expect.stringContaining(`orders-end ${orderId}: the order is CANCELLED, and its label is not void`),
  ]);
  await put('OrdersTable', order);
  expect(await violations()).toEqual([]);
});
