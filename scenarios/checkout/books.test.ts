import { expect, it } from 'vitest';
import { Books, type OrderEntry } from './books.ts';
import { conductOf } from './functions/third-party.ts';

const order = (orderId: string, placedAt: string): OrderEntry => ({ orderId, placedAt, status: 'CONFIRMED', items: {}, totalCents: 100 });
const paid = (orderId: string, key = orderId) => ({ orderId, idempotencyKey: key, amountCents: 100, chargedAt: '2026-02-01T00:00:05Z' });

it('leaves orders of earlier runs out, keeps charges of orders that nobody knows, and sums up what a customer paid', () => {
  const products = [
    { sku: 'tea', stock: 1, seededAt: '2026-02-01T00:00:01Z', holds: new Set(['new', 'other']) },
    { sku: 'pot', stock: 1, seededAt: '2026-02-01T00:00:00Z', holds: new Set(['new']) },
  ];
  const orders = [order('old', '2026-01-31T23:59:59Z'), order('new', '2026-02-01T00:00:02Z')];
  const earlier = { ...paid('gone'), chargedAt: '2026-01-31T00:00:00Z' };
  const books = new Books(products, orders, [paid('old'), paid('new'), { ...paid('new', 'again'), refundedCents: 100 }, paid('nobody'), earlier]);
  expect([...books.orders.keys()]).toEqual(['new']);
  expect([...books.payments.keys()]).toEqual(['new', 'nobody']);
  expect(books.netCentsOf('new')).toBe(100);
  expect(books.netCentsOf('nothing')).toBe(0);
  expect([...books.holds()]).toEqual([
    ['new', ['tea', 'pot']],
    ['other', ['tea']],
  ]);
});

it.each([
  ['delayMs=5000 errorRate=0.5', { delayMs: 5000, errorRate: 0.5 }],
  ['errorRate=1', { delayMs: 0, errorRate: 1 }],
  ['', { delayMs: 0, errorRate: 0 }],
  ['delayMs=soon errorRate', { delayMs: 0, errorRate: 0 }],
])('reads the conduct %j of a third party', (text, conduct) => {
  expect(conductOf(text)).toEqual(conduct);
});
