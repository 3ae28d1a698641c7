import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pricesCommand } from '../../cli/prices.ts';
import type { Env } from '../../lib/core/env.ts';
import { Numbers } from '../../lib/core/numbers.ts';
import { packageRoot } from '../../lib/core/package-root.ts';
import { priceOf, usdFor } from '../../lib/models/price.ts';
import { priceListFiles } from '../price-list/offers.ts';

const packaged = join(packageRoot(), 'config', 'prices', 'us-east-1.yaml');
let server: Server;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proofload-prices-'));
  server = createServer((request, response) => {
    const [, region = '', path = ''] = /^\/([a-z0-9-]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const files = { ...priceListFiles('us-east-1'), ...(region === 'mirror' ? {} : priceListFiles('eu-west-1')) };
    const found = (region === 'broken' ? {} : files)[path];
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs `prices refresh` against the list at `/<mirror>` of the server. */
async function refresh(mirror: string, values: Record<string, string | boolean>): Promise<{ code: number; out: string }> {
  const written: string[] = [];
  const env = { cwd: folder, stdout: { write: (text: string) => written.push(text) }, stderr: { write: () => {} } } as unknown as Env;
  const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${mirror}`;
  const code = await pricesCommand.run(env, { from, ...values }, ['refresh']);
  return { code, out: written.join('') };
}

test('refresh writes what the AWS Price List has, with date and source, and leaves the rest to the letter', async () => {
  const { code, out } = await refresh('mirror', { out: 'new.yaml' });
  const numbers = Numbers.fromFile(join(folder, 'new.yaml'));
  expect([code, numbers.keys()]).toEqual([0, Numbers.fromFile(packaged).keys()]);
  expect(numbers.entry('lambda.gb-second-x86')).toEqual({
    ...{ value: { per: 1, 0: 0.000015, 6000000000: 0.000014 }, unit: 'GB-s', date: '2026-11-01', status: 'documented' },
    source: 'AWS Price List, offer AWSLambda version 20261101093012, usage type Lambda-GB-Second',
  });
  expect(usdFor(priceOf(numbers, 'dynamodb.storage-gb-month')!, 10)).toBeCloseTo(2.5, 12);
  expect(numbers.entry('lambda.storage-gb-second').value).toEqual({ per: 1, 0: 0.0000000309 });
  const linesOf = (text: string): string[] => text.split('\n').filter((line) => !/Price List, offer|^lambda.gb-second-x86|^sqs.request:/.test(line));
  const before = linesOf(readFileSync(packaged, 'utf8'));
  expect(linesOf(readFileSync(join(folder, 'new.yaml'), 'utf8')).every((line) => before.includes(line))).toBe(true);
  expect(out).toMatch(/lambda\.gb-second-x86 +changed +\$0\.0000166667.* -> \$0\.000015, \$0\.000014 from 6000000000, 2026-11-01/);
  expect(out).toMatch(/lambda\.request +as before +\$0\.2 per 1000000, 2026-11-01/);
  expect(out).toMatch(/sqs\.fifo-request +not found +stays .* of 2026-10-08: offer AWSQueueService has 2 prices for usage type/);
  expect(out).toMatch(/fis\.action-minute +not found +stays \$0\.1 of 2026-08-01: the price list has no offer AWSFIS/);
});

test("another Region's list has only the prices that are its own", async () => {
  const { out } = await refresh('eu', { out: 'eu.yaml', region: 'eu-west-1', json: true });
  const numbers = Numbers.fromFile(join(folder, 'eu.yaml'));
  expect([numbers.has('lambda.request'), numbers.has('fis.action-minute'), numbers.number('price.month-hours')]).toEqual([true, false, 730]);
  expect(numbers.entry('sqs.request').source).toContain('EU-Requests-Tier1');
  const { prices } = JSON.parse(out) as { prices: { key: string; outcome: string }[] };
  expect(prices.find(({ key }) => key === 'fis.action-minute')?.outcome).toBe('left-out');
  expect(readFileSync(join(folder, 'eu.yaml'), 'utf8')).toMatch(/^# List prices of eu-west-1 in USD/);
});

test('a list that cannot be read, a Region that is none: refused, and nothing is written', async () => {
  await expect(refresh('broken', { out: 'none.yaml' })).rejects.toMatchObject({ code: 'price-list-unreachable', exit: 'usage' });
  await expect(refresh('mirror', { out: 'none.yaml', region: 'Ireland' })).rejects.toMatchObject({ code: 'usage' });
  expect(() => readFileSync(join(folder, 'none.yaml'))).toThrow('ENOENT');
});
