import { readUnits, writeUnits } from '../../../models/dynamodb/units.ts';
import type { Operation } from '../../contract.ts';
import { type Consumed, consumedByGets, consumedByWrites, consumedCapacities } from './consumption.ts';
import type { Json } from './dynalite.ts';
import { meterOf, rememberConsumed } from './item-operations.ts';
import type { Tables } from './tables.ts';
import { isThrottle } from './throttling.ts';

interface BatchInput extends Json {
  RequestItems: Record<string, unknown>;
  readonly ReturnConsumedCapacity?: string;
}

interface Keys extends Json {
  readonly Keys: readonly Json[];
  readonly ConsistentRead?: boolean;
}

export function batchOperations(tables: Tables): Record<string, Operation<BatchInput, Json>> {
  return { BatchGetItem: batchGet(tables), BatchWriteItem: batchWrite(tables) };
}

function batchGet(tables: Tables): Operation<BatchInput, Json> {
  return {
    latencyKey: 'dynamodb.batch-get-item',
    act: async (input) => {
      const detail = input.ReturnConsumedCapacity;
      const requests = requestsOf(input);
      const consistencyOf = (table: string) => ((requests[table] as Keys | undefined)?.ConsistentRead ? 'strong' : 'eventual');
      const least = (table: string): number => readUnits(tables.units, 0, consistencyOf(table));
      const split = splitByCapacity(
        requests,
        keysOf,
        (request, kept) => ({ ...(request as Keys), Keys: kept }),
        (table) => tables.find(table)?.admitRead(least(table), tables.nowMs()),
      );
      const executed = tables.dynalite.run('BatchGetItem', { ...input, RequestItems: split.admitted });
      const output = await executed.output;
      const consumed = consumedByGets(tables.units, executed.tally, consistencyOf);
      tables.charge(consumed, ({ source }) => least(source.table) * keysOf(split.admitted[source.table]).length);
      output['UnprocessedKeys'] = { ...(output['UnprocessedKeys'] as Json | undefined), ...split.refused };
      return finished(output, consumed, detail);
    },
    meter: (_input, output) => meterOf(tables, output),
    publish: (input, outcome, latencyMs) => tables.publish('BatchGetItem', tablesOf(tables, input), outcome, latencyMs),
  };
}

function batchWrite(tables: Tables): Operation<BatchInput, Json> {
  const least = writeUnits(tables.units, 0);
  return {
    latencyKey: 'dynamodb.batch-write-item',
    act: async (input) => {
      const detail = input.ReturnConsumedCapacity;
      const split = splitByCapacity(
        requestsOf(input),
        writesOf,
        (_request, kept) => kept,
        (table) => tables.find(table)?.admitWrite(least, tables.nowMs()),
      );
      const executed = tables.dynalite.run('BatchWriteItem', { ...input, RequestItems: split.admitted });
      const output = await executed.output;
      const consumed = consumedByWrites(tables.units, executed.tally);
      tables.charge(consumed, ({ source }) => (source.index ? 0 : least * writesOf(split.admitted[source.table]).length));
      output['UnprocessedItems'] = split.refused;
      return finished(output, consumed, detail);
    },
    meter: (_input, output) => meterOf(tables, output),
    publish: (input, outcome, latencyMs) => tables.publish('BatchWriteItem', tablesOf(tables, input), outcome, latencyMs),
  };
}

interface Split {
  readonly admitted: Record<string, unknown>;
  readonly refused: Record<string, unknown>;
}

/**
 * Asks for capacity for each request of a batch, in order; what is refused goes back as unprocessed. When nothing at all was
 * admitted the batch as a whole is refused, as on AWS. Requests of a form that dynalite will refuse are left to it.
 */
function splitByCapacity(
  requests: Record<string, unknown>,
  partsOf: (request: unknown) => readonly unknown[],
  rebuild: (request: unknown, kept: readonly Json[]) => unknown,
  admit: (table: string) => void,
): Split {
  const split: Split = { admitted: {}, refused: {} };
  let refusal: unknown;
  for (const [table, request] of Object.entries(requests)) {
    const parts = partsOf(request) as readonly Json[];
    let count = 0;
    try {
      for (; count < parts.length; count++) admit(table);
    } catch (thrown) {
      if (!isThrottle(thrown)) throw thrown;
      refusal = thrown;
    }
    if (count > 0 || parts.length === 0) split.admitted[table] = count === parts.length ? request : rebuild(request, parts.slice(0, count));
    if (count < parts.length) split.refused[table] = rebuild(request, parts.slice(count));
  }
  if (refusal !== undefined && Object.keys(split.admitted).length === 0) throw refusal;
  return split;
}

function finished(output: Json, consumed: readonly Consumed[], detail: string | undefined): Json {
  if (detail === 'TOTAL' || detail === 'INDEXES') output['ConsumedCapacity'] = consumedCapacities(consumed, detail);
  rememberConsumed(output, consumed);
  return output;
}

function requestsOf({ RequestItems }: BatchInput): Record<string, unknown> {
  return typeof RequestItems === 'object' && RequestItems !== null ? RequestItems : {};
}

function keysOf(request: unknown): readonly Json[] {
  const keys = (request as Partial<Keys> | undefined)?.Keys;
  return Array.isArray(keys) ? keys : [];
}

function writesOf(request: unknown): readonly Json[] {
  return Array.isArray(request) ? request : [];
}

function tablesOf(tables: Tables, input: BatchInput) {
  return Object.keys(requestsOf(input)).map((name) => tables.find(name));
}
