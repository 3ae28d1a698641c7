import { check, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http, { type Params, type RefinedResponse } from 'k6/http';
import type { Options } from 'k6/options';

// What one customer does: browse, open a cart, put one to three products into it, place the order, look until it is confirmed.
// How many customers come, and when, is the exercise's business: proofload sets the k6 scenarios.

interface Product {
  sku: string;
}
interface Customer {
  customerId: string;
}
type Response = RefinedResponse<'text'>;

// What must hold with any fault that this scenario knows: none of them touches browsing.
export const options: Options = {
  thresholds: { 'http_req_failed{name:browse}': ['rate<0.01'] },
};

const baseUrl = (__ENV['BASE_URL'] ?? '').replace(/\/$/, '');
const folder = __ENV['DATA_FOLDER'] ?? '.';
const thinkMinSec = Number(__ENV['THINK_MIN_SEC'] ?? 0.5);
const thinkMaxSec = Number(__ENV['THINK_MAX_SEC'] ?? 2);
const orderRetries = 3;
const orderPolls = 10;

const catalogue = new SharedArray<Product>('catalogue', () => JSON.parse(open(`${folder}/catalogue.json`)));
const customers = new SharedArray<Customer>('customers', () => JSON.parse(open(`${folder}/customers.json`)));

export default function (): void {
  const visit = exec.scenario.iterationInTest;
  const random = generator(`${__ENV['SEED'] ?? ''}/${exec.scenario.name}/${visit}`);
  const think = (): void => sleep(thinkMinSec + random() * (thinkMaxSec - thinkMinSec));

  const browsed = http.get(`${baseUrl}/products?after=${pick(catalogue, random).sku}`, named('browse'));
  if (!check(browsed, { 'browse: a page of products': ({ status }) => status === 200 })) return;
  think();

  const cart = post('/carts', { customerId: pick(customers, random).customerId }, named('create-cart'));
  if (!check(cart, { 'create-cart: a cart': ({ status }) => status === 201 })) return;
  const cartId = String(cart.json('cartId'));

  const items = 1 + Math.floor(random() * 3);
  for (let item = 0; item < items; item++) {
    think();
    const product = { sku: pick(catalogue, random).sku, quantity: 1 + Math.floor(random() * 2) };
    const added = post(`/carts/${cartId}/items`, product, named('add-item'));
    if (!check(added, { 'add-item: in the cart': ({ status }) => status === 200 })) return;
  }
  think();

  const placed = placeOrder(cartId, `${__ENV['SEED'] ?? ''}-${visit}-${cartId}`, random);
  if (!check(placed, { 'place-order: an order': ({ status }) => status === 200 || status === 201 || status === 202 })) return;
  const confirmed = pollOrder(String(placed.json('orderId')), random);
  check(confirmed, { 'get-order: confirmed': (done) => done });
}

/** As a real client does: told that the shop is busy (503), it tries again a few times, with the same key, so that it cannot order twice. */
function placeOrder(cartId: string, key: string, random: () => number): Response {
  const params = named('place-order', { 'Idempotency-Key': key });
  let response = post('/orders', { cartId }, params);
  for (let retry = 0; response.status === 503 && retry < orderRetries; retry++) {
    sleep((0.5 + random()) * 2 ** retry);
    response = post('/orders', { cartId }, params);
  }
  return response;
}

/** Whether the order came to be confirmed within the polls that a patient customer makes. */
function pollOrder(orderId: string, random: () => number): boolean {
  for (let poll = 0; poll < orderPolls; poll++) {
    const response = http.get(`${baseUrl}/orders/${orderId}`, named('get-order'));
    if (response.status === 200 && response.json('status') === 'CONFIRMED') return true;
    sleep(0.5 + random() * 0.5);
  }
  return false;
}

/** The `name` tag is what reports call the request; without it every cart's URL would be an operation of its own. */
function named(name: string, headers: Record<string, string> = {}): Params & { responseType: 'text' } {
  return { tags: { name }, headers: { 'Content-Type': 'application/json', ...headers }, responseType: 'text', timeout: '35s' };
}

function post(path: string, body: unknown, params: Params & { responseType: 'text' }): Response {
  return http.post(`${baseUrl}${path}`, JSON.stringify(body), params);
}

function pick<Item>(list: Item[], random: () => number): Item {
  return list[Math.floor(random() * list.length)] as Item;
}

/** Numbers in [0, 1) that the seed and the visit alone decide (FNV-1a into mulberry32), so that a run can be repeated. */
function generator(seed: string): () => number {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
