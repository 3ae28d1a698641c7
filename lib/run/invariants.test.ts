import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type InvariantModule, loadInvariants } from './invariants.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofload-invariants-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(text: string): Promise<InvariantModule> {
  const file = join(folder, 'invariants.ts');
  writeFileSync(file, text);
  return loadInvariants(file, folder);
}

const sound = `{ name: 'none-lost', holds: 'Nothing is lost.', check: async () => ({ checked: 1, violations: [] }) }`;

it('loads invariants and what says that the system is quiet, with the packages that they import', async () => {
  const { invariants, quiet } = await load(`
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Invariant, InvariantContext } from 'proofload';
export const invariants: readonly Invariant[] = [${sound}];
export const quiet = async ({ startedMs }: InvariantContext): Promise<boolean> => startedMs > 0 && ScanCommand.name !== '';
`);
  const context = { startedMs: 1 } as Parameters<NonNullable<typeof quiet>>[0];
  expect(invariants.map(({ name, holds }) => [name, holds])).toEqual([['none-lost', 'Nothing is lost.']]);
  expect([await invariants[0]?.check(context), await quiet?.(context)]).toEqual([{ checked: 1, violations: [] }, true]);
});

it.each([
  ['export const other = 1;', 'exports no list `invariants` of at least one invariant'],
  ['export const invariants = [];', 'exports no list `invariants` of at least one invariant'],
  [`export const invariants = [${sound}, null];`, 'invariants[1] has no name'],
  [`export const invariants = [{ name: 'none-lost' }];`, 'invariant none-lost does not say what holds'],
  [`export const invariants = [{ name: 'none-lost', holds: 'x', check: 1 }];`, 'invariant none-lost has no function check'],
  [`export const invariants = [${sound}, ${sound}];`, 'two invariants have the same name, none-lost'],
  [`export const invariants = [${sound}]; export const quiet = true;`, 'quiet is not a function'],
])('refuses %s', async (text, message) => {
  await expect(load(text)).rejects.toMatchObject({ code: 'bad-invariants', message: `invariants.ts: ${message}` });
});
