import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openRecord } from '../../lib/record/reader.ts';
import { cli, fastLab, inRoot, removeScratch } from './cli.ts';

afterAll(removeScratch);

it('keeps the connections of customers who think for 4 to 7 s', async () => {
  const { code, stdout, folder } = await cli(['run', inRoot('test/exercises/slow-customers.ts'), '--site', fastLab, '--seed', 'slow']);
  expect(code, stdout).toBe(0);
  const [run = ''] = readdirSync(join(folder, 'reports'));
  const requests = { all: 0, orders: 0, failed: [] as string[] };
  openRecord(join(folder, 'reports', run)).forEachSampleChunk(({ count, names, operation, status, error }) => {
    for (let row = 0; row < count; row++) {
      const what = names[operation[row] ?? 0];
      requests.all++;
      if (what === 'place-order') requests.orders++;
      if (error[row] !== 0) requests.failed.push(`${what}: ${names[error[row] ?? 0]} (${status[row]})`);
    }
  });
  expect(requests.failed).toEqual([]);
  // Each order comes after at least three thoughts on one connection.
  expect(requests.orders).toBeGreaterThan(40);
  expect(requests.all).toBeGreaterThan(4 * requests.orders);
});
