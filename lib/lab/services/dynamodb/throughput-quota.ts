import { AwsError } from '../../../core/errors.ts';
import type { Direction } from '../../../models/dynamodb/capacity.ts';
import type { Json } from './dynalite.ts';
import { listOf } from './table-input.ts';
import { isOnDemand, type ProvisionedUnits } from './table-settings.ts';
import type { Tables } from './tables.ts';

const units = { read: 'ReadCapacityUnits', write: 'WriteCapacityUnits' } as const satisfies Record<Direction, keyof ProvisionedUnits>;

/** Provisioned throughput of a table and its indexes, in an input or a description. */
export function throughputsOf(table: Json): Partial<ProvisionedUnits>[] {
  return [table, ...listOf(table['GlobalSecondaryIndexes'])].flatMap((part) => (part['ProvisionedThroughput'] as ProvisionedUnits | undefined) ?? []);
}

/**
 * Refuses what would take a table with its indexes, or the account, over its quota of provisioned throughput, when table `changed` (undefined
 * for a new one) gets `wanted`. AWS's error and name; the quotas' figures are in its message as ours are.
 */
export function refuseOverQuota(tables: Tables, changed: string | undefined, wanted: readonly Partial<ProvisionedUnits>[]): void {
  const { accountMax, throughput } = tables.rules;
  for (const direction of ['read', 'write'] as const) {
    const amounts = wanted.map((each) => Number(each[units[direction]] ?? 0));
    // The quota of a table holds for it and its global indexes together.
    if (sum(amounts) > throughput.capacity.tableMax[direction]) {
      throw overQuota(`The requested ${units[direction]} exceed the per-table limit of ${throughput.capacity.tableMax[direction]}`);
    }
    const total = sum(amounts) + sum([...tables.all].map(({ name }) => (name === changed ? 0 : provisioned(tables, name, direction))));
    if (total > accountMax[direction]) {
      throw overQuota(`This operation would cause the account to exceed its ${units[direction]} limit of ${accountMax[direction]}`);
    }
  }
}

function provisioned(tables: Tables, name: string, direction: Direction): number {
  const description = tables.dynalite.table(name) ?? {};
  return isOnDemand(description) ? 0 : sum(throughputsOf(description).map((each) => each[units[direction]] ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function overQuota(message: string): AwsError {
  return new AwsError('LimitExceededException', `Subscriber limit exceeded: ${message}`);
}
