import { type Item, itemBytes } from '../../../models/dynamodb/item-size.ts';
import { type Consistency, readUnits } from '../../../models/dynamodb/units.ts';
import type { Operation } from '../../contract.ts';
import { type Consumed, consumedByScan } from './consumption.ts';
import type { Executed, Json } from './dynalite.ts';
import { type ItemInput, meterOf, withCapacity } from './item-operations.ts';
import type { Tables } from './tables.ts';
import type { Source } from './tally.ts';

interface QueryInput extends ItemInput {
  readonly IndexName?: string;
  readonly Select?: string;
}

export function queryOperations(tables: Tables): Record<string, Operation<QueryInput, Json>> {
  return { Query: reader(tables, 'Query', 'dynamodb.query'), Scan: reader(tables, 'Scan', 'dynamodb.scan') };
}

function reader(tables: Tables, operation: 'Query' | 'Scan', latencyKey: string): Operation<QueryInput, Json> {
  const least = (input: QueryInput): number => readUnits(tables.units, 0, consistencyOf(input));
  return {
    latencyKey,
    admit: (input) => tables.find(input.TableName)?.admitRead(least(input), tables.nowMs(), input.IndexName),
    act: async (input) => {
      const detail = input.ReturnConsumedCapacity;
      const executed = tables.dynalite.run(operation, input);
      const output = await executed.output;
      const consumed = consumedBy(tables, input, executed, output);
      tables.charge(consumed, ({ source }) => (source.index || !input.IndexName ? least(input) : 0));
      return withCapacity(output, consumed, detail);
    },
    meter: (_input, output) => meterOf(tables, output),
    publish: (input, outcome, latencyMs) => {
      const table = tables.find(input.TableName);
      tables.publish(operation, [table], outcome, latencyMs);
      if (outcome.output) table?.metrics.returned(operation, Number(outcome.output['Count'] ?? 0));
    },
  };
}

function consumedBy(tables: Tables, input: QueryInput, { tally }: Executed, output: Json): Consumed[] {
  const { TableName: table, IndexName: name } = input;
  const kind = name !== undefined && tables.find(table)?.hasGlobalIndex(name) ? 'global' : 'local';
  const source: Source = name === undefined ? { table } : { table, index: { name, kind } };
  const consumed = consumedByScan(tables.units, tally, source, Number(output['ScannedCount'] ?? 0), consistencyOf(input));
  return kind === 'local' && input.Select === 'ALL_ATTRIBUTES' ? [...consumed, fetched(tables, input, output)] : consumed;
}

/** A local index that lacks attributes which were asked for: each item is read from the table as well, rounded up by itself. */
function fetched(tables: Tables, input: QueryInput, output: Json): Consumed {
  const items = (output['Items'] ?? []) as readonly Item[];
  const units = items.reduce((sum, item) => sum + readUnits(tables.units, itemBytes(item), consistencyOf(input)), 0);
  return { source: { table: input.TableName }, readUnits: input.IndexName === undefined ? 0 : units, writeUnits: 0 };
}

function consistencyOf({ ConsistentRead }: QueryInput): Consistency {
  return ConsistentRead ? 'strong' : 'eventual';
}
