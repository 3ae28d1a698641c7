import type { Direction } from '../../../models/dynamodb/capacity.ts';
import { nowhere } from '../../../models/dynamodb/key-position.ts';
import { type Consistency, readUnits, writeUnits } from '../../../models/dynamodb/units.ts';
import type { Operation } from '../../contract.ts';
import { type Consumed, consumedByGets, consumedByWrites, consumedCapacities, together } from './consumption.ts';
import type { Json } from './dynalite.ts';
import { meterOf, orGivenBack, rememberConsumed } from './item-operations.ts';
import { keyOf, refuseConflict } from './locks.ts';
import type { Tables } from './tables.ts';
import type { Tally, Write } from './tally.ts';
import { isConflict, isThrottle } from './throttling.ts';

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
        (name, key) => {
          const own = tables.find(name)?.own;
          own?.admit('read', least(name), own.position(key), tables.nowMs());
        },
      );
      const executed = orGivenBack(
        () => tables.dynalite.run('BatchGetItem', { ...input, RequestItems: split.admitted }),
        () => {
          for (const { name, part } of partsIn(split.admitted, keysOf)) giveBack(tables, name, 'read', least(name), part);
        },
      );
      const output = await executed.output;
      const consumed = chargeGets(tables, executed.tally, split, consistencyOf);
      output['Responses'] = inOrder(tables, split.admitted, output['Responses'] as Record<string, Json[]>);
      output['UnprocessedKeys'] = unprocessedKeys(requests, [output['UnprocessedKeys'], split.refused]);
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
        (name, write) => admitWrite(tables, name, write, least),
      );
      const executed = orGivenBack(
        () => tables.dynalite.run('BatchWriteItem', { ...input, RequestItems: split.admitted }, { hold: true }),
        () => {
          for (const { name, part } of partsIn(split.admitted, writesOf)) giveBack(tables, name, 'write', least, itemOf(part));
        },
      );
      const written = writeItems(tables, executed.tally, split, least);
      const output = await executed.output;
      output['UnprocessedItems'] = split.refused;
      return finished(output, written, detail);
    },
    meter: (_input, output) => meterOf(tables, output),
    publish: (input, outcome, latencyMs) => tables.publish('BatchWriteItem', tablesOf(tables, input), outcome, latencyMs),
  };
}

/** Charges each key's partition; dynalite reads the keys in the order of the request. */
function chargeGets(tables: Tables, tally: Tally, split: Split, consistencyOf: (table: string) => Consistency): Consumed[] {
  const keys = partsIn(split.admitted, keysOf);
  const consumed = tally.gets.map((get, i) => {
    const { name, part: key } = keys[i] ?? { name: get.source.table, part: undefined };
    const units = consumedByGets(tables.units, [get], consistencyOf);
    const least = readUnits(tables.units, 0, consistencyOf(name));
    tables.charge(
      units,
      () => least,
      () => tables.find(name)?.own.position(key) ?? nowhere,
    );
    return units;
  });
  return together(consumed);
}

function admitWrite(tables: Tables, name: string, write: Json, least: number): void {
  const table = tables.find(name);
  if (!table) return;
  const item = itemOf(write);
  if (item) refuseConflict(tables, table, item);
  table.own.admit('write', least, table.own.writePosition(item), tables.nowMs());
}

/**
 * Does the held writes of a batch, item by item; an item whose index is short of capacity goes back as unprocessed, and when no item
 * passes, the batch is refused as a whole.
 */
function writeItems(tables: Tables, tally: Tally, split: Split, least: number): Consumed[] {
  const consumed: Consumed[][] = [];
  const requests = partsIn(split.admitted, writesOf);
  let refusal: unknown;
  for (const [i, writes] of itemsOf(tally.writes).entries()) {
    const { name, part: write } = requests[i] as (typeof requests)[number];
    const table = tables.find(name);
    const position = table?.own.position(itemOf(write)) ?? nowhere;
    try {
      if (table) tables.admitEntries(table, writes);
    } catch (thrown) {
      if (!isThrottle(thrown)) throw thrown;
      refusal = thrown;
      giveBack(tables, name, 'write', least, itemOf(write));
      split.refused[name] = [...writesOf(split.refused[name]), write];
      continue;
    }
    for (const { apply } of writes) apply?.();
    const units = consumedByWrites(tables.units, writes);
    tables.charge(
      units,
      ({ source }) => (source.index ? 0 : least),
      () => position,
    );
    consumed.push(units);
  }
  if (refusal !== undefined && consumed.length === 0) throw refusal;
  return together(consumed);
}

/** Writes by the item that they are of: dynalite writes an item's index entries, then the item, in the order of the requests. */
function itemsOf(writes: readonly Write[]): Write[][] {
  const items: Write[][] = [[]];
  for (const write of writes) {
    items.at(-1)?.push(write);
    if (!write.source.index) items.push([]);
  }
  return items.filter(({ length }) => length > 0);
}

interface Split {
  readonly admitted: Record<string, unknown>;
  readonly refused: Record<string, unknown>;
}

/**
 * Asks for capacity for each request of a batch; what is refused goes back as unprocessed, since each key has a partition of its own.
 * When nothing at all was admitted the batch as a whole is refused, as on AWS. Requests of a form that dynalite will refuse are left to it.
 */
function splitByCapacity(
  requests: Record<string, unknown>,
  partsOf: (request: unknown) => readonly Json[],
  rebuild: (request: unknown, kept: readonly Json[]) => unknown,
  admit: (table: string, part: Json) => void,
): Split {
  const split: Split = { admitted: {}, refused: {} };
  let refusal: unknown;
  for (const [table, request] of Object.entries(requests)) {
    const admitted: Json[] = [];
    const refused: Json[] = [];
    for (const part of partsOf(request)) {
      try {
        admit(table, part);
        admitted.push(part);
      } catch (thrown) {
        if (!isThrottle(thrown) && !isConflict(thrown)) throw thrown;
        refusal = thrown;
        refused.push(part);
      }
    }
    if (refused.length === 0) split.admitted[table] = request;
    else if (admitted.length > 0) split.admitted[table] = rebuild(request, admitted);
    if (refused.length > 0) split.refused[table] = rebuild(request, refused);
  }
  if (refusal !== undefined && Object.keys(split.admitted).length === 0) throw refusal;
  return split;
}

/** The requests of a batch one by one, in its order. */
function partsIn(requests: Record<string, unknown>, partsOf: (request: unknown) => readonly Json[]): { name: string; part: Json }[] {
  return Object.entries(requests).flatMap(([name, request]) => partsOf(request).map((part) => ({ name, part })));
}

/** Undoes the admission of one request, which is not served. */
function giveBack(tables: Tables, name: string, direction: Direction, units: number, key: Json | undefined): void {
  const own = tables.find(name)?.own;
  own?.throughput.charge(direction, -units, own.position(key));
}

/**
 * What was found, in the order of its keys: dynalite shuffles it, since AWS gives it in none, but runs of the lab can be repeated. What lacks
 * its key for a projection comes last, in the order of its text.
 */
function inOrder(tables: Tables, requests: Record<string, unknown>, responses: Record<string, Json[]>): Json {
  const found = Object.entries(responses).map(([name, items]) => {
    const places = new Map(keysOf(requests[name]).map((key, i) => [tables.dynalite.keyText(name, key), i]));
    const placed = items.map((item) => ({ item, place: places.get(tables.dynalite.keyText(name, keyOf(tables, name, item))) ?? places.size }));
    placed.sort((a, b) => a.place - b.place || (JSON.stringify(a.item) < JSON.stringify(b.item) ? -1 : 1));
    return [name, placed.map(({ item }) => item)];
  });
  return Object.fromEntries(found);
}

/** `UnprocessedKeys`: the keys that dynalite left out of a large response and those without capacity, each table as it was asked for. */
function unprocessedKeys(requests: Record<string, unknown>, parts: readonly unknown[]): Json {
  const left: Json = {};
  for (const { name, part } of parts.flatMap((each) => partsIn((each ?? {}) as Json, keysOf))) {
    left[name] = { ...(requests[name] as Json), Keys: [...keysOf(left[name]), part] };
  }
  return left;
}

/** The item, or the key, of one request of BatchWriteItem. */
function itemOf(write: Json): Json | undefined {
  const { PutRequest, DeleteRequest } = (write ?? {}) as { PutRequest?: { Item?: Json }; DeleteRequest?: { Key?: Json } };
  return PutRequest?.Item ?? DeleteRequest?.Key;
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
