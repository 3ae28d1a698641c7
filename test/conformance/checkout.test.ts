import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { packageRoot } from '../../lib/core/package-root.ts';
import type { RunningLab } from '../../lib/lab/lab.ts';
import type { Handler } from '../../scenarios/checkout/functions/http.ts';
import { credentials, startTestLab } from './lab-fixture.ts';

// The handlers run here, with the SDK's own HTTP client, and reach the lab through a wire that can be made to misbehave.

interface Call {
  /** "UpdateItem InventoryTable", "Invoke". */
  readonly name: string;
  readonly body: string;
}
/** What the wire does with a call: `late` delivers it and loses the answer, an error answers in AWS's place. */
type Trouble = 'late' | { readonly status: number; readonly error: string } | undefined;

let lab: RunningLab;
let wire: Server;
let dynamodb: DynamoDBDocumentClient;
let placeOrder: Handler;
let trouble: (call: Call) => Trouble | Promise<Trouble> = () => undefined;
let number = 0;
const names: Record<string, string> = {};

beforeAll(async () => {
  lab = await startTestLab({ stacks: [{ file: join(packageRoot(), 'scenarios/checkout/sync/template.yaml') }] });
  const config = { region: 'us-east-1', endpoint: lab.endpoint, credentials };
  const stack = await new CloudFormationClient(config).send(new DescribeStackResourcesCommand({ StackName: 'checkout-sync' }));
  for (const { LogicalResourceId = '', PhysicalResourceId = '' } of stack.StackResources ?? []) names[LogicalResourceId] = PhysicalResourceId;
  dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  wire = createServer((request, response) => void carry(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => wire.once('listening', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(wire.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  for (const table of ['Carts', 'Orders', 'Inventory']) vi.stubEnv(`${table.toUpperCase()}_TABLE`, names[`${table}Table`]);
  vi.stubEnv('PAYMENT_FUNCTION', names['PaymentProviderFunction']);
  vi.stubEnv('PAYMENT_TIMEOUT_MS', '400');
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  ({ handler: placeOrder } = await import('../../scenarios/checkout/functions/place-order.ts'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  wire?.closeAllConnections();
  wire?.close();
  await lab?.stop();
});
beforeEach(async () => {
  number++;
  trouble = () => undefined;
  await dynamodb.send(new PutCommand({ TableName: names['InventoryTable'], Item: { sku: 'tea', priceCents: 300, stock: 10 } }));
  await dynamodb.send(new PutCommand({ TableName: names['InventoryTable'], Item: { sku: 'pot', priceCents: 900, stock: 5 } }));
  const items = { tea: { quantity: 2, priceCents: 300 }, pot: { quantity: 1, priceCents: 900 } };
  await dynamodb.send(new PutCommand({ TableName: names['CartsTable'], Item: { cartId: cart(), customerId: 'c', items, status: 'open' } }));
});

const cart = (): string => `cart-${number}`;

async function carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  const operation = String(request.headers['x-amz-target'] ?? 'DynamoDB_20120810.Invoke').split('.')[1];
  const table = Object.entries(names).find(([, name]) => body.includes(`"TableName":"${name}"`))?.[0];
  const wanted = await trouble({ name: table ? `${operation} ${table}` : String(operation), body: body.toString() });
  if (typeof wanted === 'object') {
    response.writeHead(wanted.status, { 'content-type': 'application/json', 'x-amzn-errortype': wanted.error });
    return void response.end(JSON.stringify({ __type: wanted.error, message: 'no' }));
  }
  const { 'content-type': type = '', 'x-amz-target': target } = request.headers;
  const headers = { 'content-type': type, authorization: request.headers.authorization ?? '', ...(target ? { 'x-amz-target': String(target) } : {}) };
  const answer = await fetch(`${lab.endpoint}${request.url}`, { method: 'POST', headers, body: new Uint8Array(body) });
  const answered = Buffer.from(await answer.arrayBuffer());
  if (wanted === 'late') return;
  const error = answer.headers.get('x-amz-function-error');
  response.writeHead(answer.status, { 'content-type': 'application/json', ...(error ? { 'x-amz-function-error': error } : {}) });
  response.end(answered);
}

/** Makes trouble for the first `times` calls that `which` picks. */
function makeTrouble(wanted: Trouble, which: (call: Call) => boolean, times = 1): void {
  let left = times;
  trouble = (call) => (which(call) && left-- > 0 ? wanted : undefined);
}

async function order(hint?: string) {
  const headers = { 'idempotency-key': cart(), ...(hint === undefined ? {} : { 'x-payment-hint': hint }) };
  const event = { headers, body: JSON.stringify({ cartId: cart() }), rawPath: '/orders' } as unknown as APIGatewayProxyEventV2;
  const { statusCode, body } = await placeOrder(event, { getRemainingTimeInMillis: () => 10_000 });
  return { status: statusCode, body: JSON.parse(body ?? '{}') as Record<string, unknown> };
}

async function itemOf(table: string, Key: Record<string, string>): Promise<Record<string, unknown> | undefined> {
  return (await dynamodb.send(new GetCommand({ TableName: names[table], Key }))).Item;
}
const stock = async () => ({ tea: await itemOf('InventoryTable', { sku: 'tea' }), pot: await itemOf('InventoryTable', { sku: 'pot' }) });
const full = { tea: { sku: 'tea', priceCents: 300, stock: 10 }, pot: { sku: 'pot', priceCents: 900, stock: 5 } };
const sold = { tea: { ...full.tea, stock: 8, sold: 2 }, pot: { ...full.pot, stock: 4, sold: 1 } };
const storedOrder = async () => {
  const { orderIdOf } = await import('../../scenarios/checkout/functions/order.ts');
  const orderId = orderIdOf(cart());
  return { order: await itemOf('OrdersTable', { orderId }), charge: await itemOf('PaymentsTable', { idempotencyKey: orderId }) };
};

it('takes and puts back stock once, though the answer to a write is lost and the SDK repeats it', async () => {
  makeTrouble('late', ({ name, body }) => name === 'UpdateItem InventoryTable' && body.includes('ADD holds'));
  expect(await order()).toMatchObject({ status: 201 });
  expect(await stock()).toEqual(sold);
});

it('puts stock back once, though the answer is lost, and nothing that it did not take', async () => {
  makeTrouble('late', ({ name, body }) => name === 'UpdateItem InventoryTable' && body.includes('DELETE holds'));
  expect(await order('fail')).toMatchObject({ status: 502, body: { error: 'payment-failed' } });
  expect(await stock()).toEqual(full);
});

it('puts back what it took when no answer comes at all, tells of that, and lets the next try go on', async () => {
  makeTrouble('late', ({ name, body }) => name === 'UpdateItem InventoryTable' && body.includes('"pot"') && body.includes('ADD holds'), 3);
  expect(await order()).toMatchObject({ status: 504, body: { error: 'too-slow' } });
  expect(await stock()).toEqual(full);
  expect(await order()).toMatchObject({ status: 201, body: { status: 'CONFIRMED' } });
  expect(await stock()).toEqual(sold);
}, 15_000);

it.each(['PutItem OrdersTable', 'UpdateItem OrdersTable', 'UpdateItem CartsTable'])(
  'confirms at once though the answer to %s is lost',
  async (write) => {
    makeTrouble('late', ({ name }) => name === write);
    const placed = await order();
    expect(placed).toMatchObject({ status: 201, body: { status: 'CONFIRMED', totalCents: 1500 } });
    expect(placed.body).not.toHaveProperty('claim');
    expect(await storedOrder()).toMatchObject({ order: { status: 'CONFIRMED' }, charge: { amountCents: 1500 } });
  },
);

it('goes on with a charged order that could not be confirmed, without a second charge', async () => {
  const refused = { status: 400, error: 'ThrottlingException' };
  makeTrouble(refused, ({ name, body }) => name === 'UpdateItem OrdersTable' && body.includes('CONFIRMED'), 3);
  expect(await order()).toMatchObject({ status: 503, body: { error: 'busy' } });
  const { charge } = await storedOrder();
  expect(await order()).toMatchObject({ status: 201, body: { chargeId: charge?.['chargeId'] } });
  expect(await storedOrder()).toMatchObject({ charge });
  expect(await stock()).toEqual(sold);
});

it('leaves a pending order to whoever is placing it, until that one is surely over', async () => {
  makeTrouble({ status: 400, error: 'AccessDeniedException' }, ({ name }) => name === 'UpdateItem OrdersTable', 2);
  expect(await order()).toMatchObject({ status: 500 });
  expect(await order()).toMatchObject({ status: 202, body: { status: 'PENDING' } });
  const { order: pending } = await storedOrder();
  const Key = { orderId: pending?.['orderId'] };
  const change = {
    UpdateExpression: 'SET #c.untilMs = :past',
    ExpressionAttributeNames: { '#c': 'claim' },
    ExpressionAttributeValues: { ':past': 1 },
  };
  await dynamodb.send(new UpdateCommand({ TableName: names['OrdersTable'], Key, ...change }));
  expect(await order()).toMatchObject({ status: 201, body: { status: 'CONFIRMED' } });
  expect(await stock()).toEqual(sold);
});

it('tells of the problem that there was, not of one in tidying up after it', async () => {
  trouble = ({ name }) => {
    if (name === 'UpdateItem InventoryTable') return { status: 400, error: 'AccessDeniedException' };
    return name === 'UpdateItem OrdersTable' ? { status: 400, error: 'ResourceNotFoundException' } : undefined;
  };
  expect(await order()).toMatchObject({ status: 500, body: { message: 'AccessDeniedException: no' } });
});

it('knows only of a refusal that nothing was charged', async () => {
  expect(await order('fail')).toMatchObject({ status: 502 });
  expect(await storedOrder()).toMatchObject({ order: { status: 'PAYMENT_FAILED' }, charge: undefined });
});

it('does not take a provider that broke off for one that charged nothing', async () => {
  const functions = new LambdaClient({ region: 'us-east-1', endpoint: lab.endpoint, credentials });
  const FunctionName = names['PaymentProviderFunction'];
  await functions.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 1 }));
  vi.stubEnv('PAYMENT_TIMEOUT_MS', '3000');
  expect(await order('late')).toMatchObject({ status: 504, body: { error: 'payment-timed-out' } });
  expect(await storedOrder()).toMatchObject({ order: { status: 'PAYMENT_TIMED_OUT' }, charge: { amountCents: 1500 } });
  vi.stubEnv('PAYMENT_TIMEOUT_MS', '400');
  await functions.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 15 }));
});

it.each([
  ['AccessDeniedException', 403],
  ['ResourceNotFoundException', 404],
])('does not call %s a time-out: nothing was charged, and the order can go on', async (error, status) => {
  makeTrouble({ status, error }, ({ name }) => name === 'Invoke');
  expect(await order()).toMatchObject({ status: 500, body: { error: 'internal', message: `${error}: no` } });
  expect(await stock()).toEqual(full);
  expect(await order()).toMatchObject({ status: 201 });
});

it('keeps its weakness: a charge that nobody waited for is booked, and its order is not fulfilled', async () => {
  makeTrouble('late', ({ name }) => name === 'Invoke');
  expect(await order()).toMatchObject({ status: 504, body: { error: 'payment-timed-out' } });
  expect(await storedOrder()).toMatchObject({ order: { status: 'PAYMENT_TIMED_OUT' }, charge: { amountCents: 1500 } });
  expect(await order()).toMatchObject({ status: 504, body: { error: 'payment-timed-out' } });
  expect(await stock()).toEqual(full);
});

it('orders what is in the cart when it is closed, an item of the last moment included', async () => {
  let added = false;
  trouble = async ({ name }) => {
    if (name !== 'UpdateItem CartsTable' || added) return undefined;
    added = true;
    const change = { UpdateExpression: 'SET #i.cup = :cup', ExpressionAttributeNames: { '#i': 'items' } };
    const ExpressionAttributeValues = { ':cup': { quantity: 1, priceCents: 50 } };
    await dynamodb.send(new PutCommand({ TableName: names['InventoryTable'], Item: { sku: 'cup', stock: 1 } }));
    await dynamodb.send(new UpdateCommand({ TableName: names['CartsTable'], Key: { cartId: cart() }, ...change, ExpressionAttributeValues }));
    return undefined;
  };
  expect(await order()).toMatchObject({ status: 201, body: { totalCents: 1550, items: { cup: { quantity: 1 } } } });
});
