import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Customer, generate, type Product } from './data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkout-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function filesOf(seed: string): Promise<{ catalogue: string; customers: string }> {
  await generate({ seed, folder });
  return { catalogue: await readFile(join(folder, 'catalogue.json'), 'utf8'), customers: await readFile(join(folder, 'customers.json'), 'utf8') };
}

it('makes the same data of the same seed, and other data of another', async () => {
  const first = await filesOf('seed-1');
  expect(await filesOf('seed-1')).toEqual(first);
  expect((await filesOf('seed-2')).catalogue).not.toBe(first.catalogue);
});

it('gives every product its own sku and every customer an address that nobody owns', async () => {
  const { catalogue, customers } = await filesOf('seed-1');
  const products = JSON.parse(catalogue) as Product[];
  expect(new Set(products.map(({ sku }) => sku)).size).toBe(products.length);
  expect(products.every(({ priceCents, stock }) => Number.isInteger(priceCents) && priceCents > 0 && stock > 0)).toBe(true);
  expect((JSON.parse(customers) as Customer[]).every(({ email }) => /^[a-z0-9-]+@example\.com$/.test(email))).toBe(true);
});
