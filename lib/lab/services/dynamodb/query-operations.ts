import { type Item, itemBytes } from '../../../models/dynamodb/item-size.ts';
import { keyPosition, nowhere, ringSize } from '../../../models/dynamodb/key-position.ts';
import { type Consistency, readUnits } from '../../../models/dynamodb/units.ts';
import type { Operation } from '../../contract.ts';
import { type Consumed, consumedByScan } from './consumption.ts';
import type { Executed, Json } from './dynalite.ts';
import { type ItemInput, meterOf, orGivenBack, withCapacity } from './item-operations.ts';
import { type KeyCondition, partitionKeyOf } from './key-condition.ts';
import type { TablePart } from './table-part.ts';
import type { Tables } from './tables.ts';
import type { Source } from './tally.ts';

interface QueryInput extends ItemInput, KeyCondition {
  readonly IndexName?: string;
  readonly Select?: string;
  readonly ExclusiveStartKey?: Json;
  readonly Segment?: number;
  readonly TotalSegments?: number;
}

export function queryOperations(tables: Tables): Record<string, Operation<QueryInput, Json>> {
  return { Query: reader(tables, 'Query', 'dynamodb.query'), Scan: reader(tables, 'Scan', 'dynamodb.scan') };
}

function reader(tables: Tables, operation: 'Query' | 'Scan', latencyKey: string): Operation<QueryInput, Json> {
  const least = (input: QueryInput): number => readUnits(tables.units, 0, consistencyOf(input));
  return {
    latencyKey,
    admit: (input) => {
      const part = tables.find(input.TableName)?.part(input.IndexName);
      part?.admit('read', least(input), startOf(part, input), tables.nowMs());
    },
    act: async (input) => {
      const detail = input.ReturnConsumedCapacity;
      const part = tables.find(input.TableName)?.part(input.IndexName);
      const executed = orGivenBack(
        () => tables.dynalite.run(operation, input),
        () => part?.throughput.charge('read', -least(input), startOf(part, input)),
      );
      const output = await executed.output;
      const consumed = consumedBy(tables, input, executed, output);
      const admitted = ({ source }: Consumed): number => (source.index || !input.IndexName ? least(input) : 0);
      tables.charge(consumed, admitted, () => (part ? startOf(part, input) : nowhere));
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
  const kind = name !== undefined && tables.find(table)?.indexes.has(name) ? 'global' : 'local';
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

/** Where a page is read: of a query, where its partition key lies; of a scan, where the page begins (in its segment). */
function startOf(part: TablePart, input: QueryInput): number {
  const { ExclusiveStartKey, Segment, TotalSegments } = input;
  if (input.KeyConditionExpression !== undefined || input['KeyConditions'] !== undefined) {
    return keyPosition(partitionKeyOf(input, part.hash));
  }
  if (ExclusiveStartKey) return part.position(ExclusiveStartKey);
  return typeof Segment === 'number' && typeof TotalSegments === 'number' && Segment < TotalSegments && Segment >= 0
    ? Math.floor((Segment / TotalSegments) * ringSize)
    : 0;
}

function consistencyOf({ ConsistentRead }: QueryInput): Consistency {
  return ConsistentRead ? 'strong' : 'eventual';
}
