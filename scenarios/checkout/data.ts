import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { base, en, Faker } from '@faker-js/faker';

export interface Product {
  readonly sku: string;
  readonly title: string;
  readonly category: string;
  readonly priceCents: number;
  readonly stock: number;
}

export interface Customer {
  readonly customerId: string;
  readonly name: string;
  readonly email: string;
}

export interface GenerateContext {
  /** The same seed makes the same files, to the byte. */
  readonly seed: string;
  /** Where the flows read them; made if absent. */
  readonly folder: string;
}

export interface SeedContext {
  /** Where `generate` wrote. */
  readonly folder: string;
  readonly dynamodb: DynamoDBClient;
  /** Physical id of a resource of the system, by its logical id. */
  readonly resolve: (logicalId: string) => string | Promise<string>;
}

const productCount = 500;
const customerCount = 2000;
// Far above what a run can sell (a thousand orders a second for a day would not empty it): running out is a scenario of its own.
const stockPerProduct = 1_000_000;

/** Writes `catalogue.json` and `customers.json`, which the flows read and `seed` loads. */
export async function generate({ seed: text, folder }: GenerateContext): Promise<void> {
  const faker = new Faker({ locale: [en, base] });
  faker.seed([...text].map((character) => character.codePointAt(0) ?? 0));
  const catalogue = Array.from({ length: productCount }, (_, index) => product(faker, index));
  const customers = Array.from({ length: customerCount }, (_, index) => customer(faker, index));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'catalogue.json'), `${JSON.stringify(catalogue)}\n`);
  await writeFile(join(folder, 'customers.json'), `${JSON.stringify(customers)}\n`);
}

function product(faker: Faker, index: number): Product {
  return {
    sku: `sku-${String(index + 1).padStart(4, '0')}`,
    title: faker.commerce.productName(),
    category: faker.commerce.department(),
    priceCents: faker.number.int({ min: 199, max: 49_999 }),
    stock: stockPerProduct,
  };
}

function customer(faker: Faker, index: number): Customer {
  const customerId = `customer-${String(index + 1).padStart(5, '0')}`;
  return { customerId, name: faker.person.fullName(), email: `${customerId}@example.com` };
}

/**
 * Fills the inventory with the catalogue; the other tables start empty and fill by what customers do. Each product keeps how many there were and since
 * when: the invariants compare with it, and leave older orders to the runs that they were placed in.
 */
export async function seed({ folder, dynamodb, resolve }: SeedContext): Promise<void> {
  const table = await resolve('InventoryTable');
  const catalogue = JSON.parse(await readFile(join(folder, 'catalogue.json'), 'utf8')) as Product[];
  const seededAt = new Date().toISOString();
  const writes = catalogue.map((each) => writeOf(each, seededAt));
  const batchSize = 25;
  for (let from = 0; from < writes.length; from += batchSize) await writeAll(dynamodb, table, writes.slice(from, from + batchSize));
}

function writeOf({ sku, title, category, priceCents, stock }: Product, seededAt: string): WriteRequest {
  const Item = {
    sku: { S: sku },
    title: { S: title },
    category: { S: category },
    priceCents: { N: String(priceCents) },
    stock: { N: String(stock) },
    initialStock: { N: String(stock) },
    seededAt: { S: seededAt },
  };
  return { PutRequest: { Item } };
}

/** A batch is not all or nothing: what DynamoDB hands back goes in again. */
async function writeAll(dynamodb: DynamoDBClient, table: string, writes: readonly WriteRequest[]): Promise<void> {
  let left = [...writes];
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > 10) throw new Error(`${left.length} products could not be written to ${table}`);
    const { UnprocessedItems } = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
    left = UnprocessedItems?.[table] ?? [];
  }
}
