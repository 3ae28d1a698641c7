import type { Usage } from '../../contract.ts';
import type { Consumed } from './consumption.ts';
import type { Tables } from './tables.ts';

/** Request units that AWS bills: those of on-demand tables and their indexes; provisioned ones are billed by the hour, whatever is used. */
export function usageOf(tables: Tables, consumed: readonly Consumed[]): Usage[] {
  const usage: Usage[] = [];
  for (const { source, readUnits, writeUnits } of consumed) {
    if (!tables.find(source.table)?.onDemand) continue;
    if (readUnits > 0) usage.push({ resource: source.table, dimension: 'dynamodb.read-request-unit', quantity: readUnits });
    if (writeUnits > 0) usage.push({ resource: source.table, dimension: 'dynamodb.write-request-unit', quantity: writeUnits });
  }
  return usage;
}
