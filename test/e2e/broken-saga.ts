import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot } from './cli.ts';

const saga = (file: string): string => readFileSync(inRoot(`scenarios/checkout/saga/${file}`), 'utf8');

/**
 * Writes the saga with two defects into `folder`: Label has no Catch, so that an order whose label cannot be had stops half-way, and Charge gives no
 * idempotency key, so that a retry charges again. Everything else is what is deployed.
 * @returns the template
 */
export function brokenSagaIn(folder: string): string {
  const order = JSON.parse(saga('workflows/order.asl.json')) as { States: Record<string, { Catch?: unknown }> };
  delete order.States['Label']?.Catch;
  mkdirSync(join(folder, 'workflows'));
  writeFileSync(join(folder, 'workflows/order.asl.json'), JSON.stringify(order));
  writeFileSync(join(folder, 'workflows/tail.asl.json'), saga('workflows/tail.asl.json'));
  const code = (path: string): string => `${relative(folder, inRoot(path))}/`;
  const template = saga('template.yaml')
    .replace('CodeUri: ../functions/', `CodeUri: ${code('scenarios/checkout/functions')}`)
    .replace('EntryPoints: [charge.ts]', 'EntryPoints: [charge-anew.ts]')
    .replace('Handler: charge.handler', `Handler: charge-anew.handler\n      CodeUri: ${code('test/conformance/functions')}`);
  const file = join(folder, 'template.yaml');
  writeFileSync(file, template);
  return file;
}
