import { AwsError } from '../../../core/errors.ts';
import type { Json } from './dynalite.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

export const conflictMessage = 'Transaction is ongoing for the item';

/** What a transaction under way has in hand of a table, as one text; undefined for a key that does not fit the table. */
export function lockOf(tables: Tables, table: Table, key: Json): string | undefined {
  const text = tables.dynalite.keyText(table.name, key);
  return text === undefined ? undefined : `${table.name} ${text}`;
}

/** Refuses a single write of an item (or its key) that a transaction under way has in hand. */
export function refuseConflict(tables: Tables, table: Table, item: Json | undefined): void {
  if (tables.inFlight.size === 0 || item === undefined) return;
  const lock = lockOf(tables, table, keyOf(tables, table.name, item));
  if (lock === undefined || !tables.inFlight.has(lock)) return;
  table.metrics.transactionConflict();
  throw new AwsError('TransactionConflictException', conflictMessage);
}

/** The key within an item. */
export function keyOf(tables: Tables, tableName: string, item: Json): Json {
  const { KeySchema = [] } = (tables.dynalite.table(tableName) ?? {}) as { KeySchema?: readonly { AttributeName: string }[] };
  return Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
}
