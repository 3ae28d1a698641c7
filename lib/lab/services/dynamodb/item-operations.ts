import { AwsError } from '../../../core/errors.ts';
import { nowhere } from '../../../models/dynamodb/key-position.ts';
import { readUnits, writeUnits } from '../../../models/dynamodb/units.ts';
import type { Operation, Usage } from '../../contract.ts';
import { type Consumed, consumedByFailedCondition, consumedByGets, consumedByWrites, consumedCapacities } from './consumption.ts';
import type { DynaliteOperation, Json } from './dynalite.ts';
import { keyOf, refuseConflict } from './locks.ts';
import { usageOf } from './metering.ts';
import type { Tables } from './tables.ts';

/** What inputs of single items have in common, as they travel. */
export interface ItemInput extends Json {
  readonly TableName: string;
  readonly Key?: Json;
  readonly Item?: Json;
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

/** Carries what a call consumed from its action to its meter; no wire format sees a member under a symbol. */
const consumedKey = Symbol('consumed');

export function itemOperations(tables: Tables): Record<string, Operation<ItemInput, Json>> {
  return {
    GetItem: getItem(tables),
    PutItem: writeItem(tables, 'PutItem', 'dynamodb.put-item'),
    UpdateItem: writeItem(tables, 'UpdateItem', 'dynamodb.update-item'),
    DeleteItem: writeItem(tables, 'DeleteItem', 'dynamodb.delete-item'),
  };
}

function getItem(tables: Tables): Operation<ItemInput, Json> {
  const strong = readUnits(tables.units, 0, 'strong');
  const eventual = readUnits(tables.units, 0, 'eventual');
  return {
    latencyKey: 'dynamodb.get-item',
    admit: (input) => {
      const own = tables.find(input.TableName)?.own;
      own?.admit('read', input.ConsistentRead ? strong : eventual, own.position(input.Key), tables.nowMs());
    },
    act: (input) => {
      const detail = input.ReturnConsumedCapacity;
      const least = input.ConsistentRead ? strong : eventual;
      const { output, tally } = orGivenBack(
        () => tables.dynalite.run('GetItem', input),
        () => tables.find(input.TableName)?.own.throughput.charge('read', -least, positionOf(tables, input)),
      );
      const consumed = consumedByGets(tables.units, tally.gets, () => (input.ConsistentRead ? 'strong' : 'eventual'));
      tables.charge(
        consumed,
        () => least,
        () => positionOf(tables, input),
      );
      return withCapacity(output as Json, consumed, detail);
    },
    meter: (_input, output) => meterOf(tables, output),
    publish: (input, outcome, latencyMs) => tables.publish('GetItem', [tables.find(input.TableName)], outcome, latencyMs),
  };
}

function writeItem(tables: Tables, operation: DynaliteOperation, latencyKey: string): Operation<ItemInput, Json> {
  const least = writeUnits(tables.units, 0);
  const admitted = ({ source }: Consumed): number => (source.index ? 0 : least);
  return {
    latencyKey,
    admit: (input) => {
      const table = tables.find(input.TableName);
      if (!table) return;
      refuseConflict(tables, table, input.Key ?? input.Item);
      table.own.admit('write', least, table.own.writePosition(input.Key ?? input.Item), tables.nowMs());
    },
    act: (input) => {
      const { ReturnConsumedCapacity: detail, ReturnValuesOnConditionCheckFailure: returnOld } = input;
      const table = tables.find(input.TableName);
      const position = (): number => positionOf(tables, input);
      // An index that is short of capacity holds up the write, and which entries change is known only once the item is.
      const hold = table !== undefined && table.indexes.size > 0;
      try {
        const { output, tally } = tables.dynalite.run(operation, input, {
          hold,
          failed: (error, failed) => {
            if (!isFailedCondition(error)) return;
            const consumed = consumedByFailedCondition(tables.units, failed);
            tables.charge(consumed, admitted, position);
            rememberConsumed(error, consumed);
          },
        });
        if (hold) {
          tables.admitEntries(table, tally.writes);
          tally.commit();
        }
        const consumed = consumedByWrites(tables.units, tally.writes);
        tables.charge(consumed, admitted, position);
        return withCapacity(output as Json, consumed, detail);
      } catch (thrown) {
        if (!isFailedCondition(thrown)) table?.own.throughput.charge('write', -least, position());
        throw returnOld === 'ALL_OLD' ? withItem(tables, thrown, input) : thrown;
      }
    },
    meter: (_input, output) => meterOf(tables, output),
    meterError: (_input, error) => (isFailedCondition(error) ? meterOf(tables, error) : []),
    publish: (input, outcome, latencyMs) => tables.publish(operation, [tables.find(input.TableName)], outcome, latencyMs),
  };
}

function positionOf(tables: Tables, input: ItemInput): number {
  return tables.find(input.TableName)?.own.position(input.Key ?? input.Item) ?? nowhere;
}

/** What `run` gives; where it throws, the call is refused and costs nothing: `giveBack` undoes its admission. */
export function orGivenBack<Result>(run: () => Result, giveBack: () => void): Result {
  try {
    return run();
  } catch (thrown) {
    giveBack();
    throw thrown;
  }
}

/** Completes an output with `ConsumedCapacity`, where the caller asked for it, and remembers what was consumed. */
export function withCapacity(output: Json, consumed: readonly Consumed[], detail: string | undefined): Json {
  if (detail === 'TOTAL' || detail === 'INDEXES') output['ConsumedCapacity'] = consumedCapacities(consumed, detail)[0];
  rememberConsumed(output, consumed);
  return output;
}

export function rememberConsumed(output: object, consumed: readonly Consumed[]): void {
  (output as Measured)[consumedKey] = consumed;
}

interface Measured {
  [consumedKey]?: readonly Consumed[];
}

export function meterOf(tables: Tables, output: object): Usage[] {
  return usageOf(tables, (output as Measured)[consumedKey] ?? []);
}

/** A failed condition with the item that did not meet it, as ReturnValuesOnConditionCheckFailure asks; read in the same turn, so it is that item. */
export function withItem(tables: Tables, thrown: unknown, input: ItemInput): unknown {
  if (!isFailedCondition(thrown)) return thrown;
  const { TableName, Item: item = {} } = input;
  const Key = input.Key ?? keyOf(tables, TableName, item);
  const { output } = tables.dynalite.run('GetItem', { TableName, Key, ConsistentRead: true });
  const { Item } = output as Json;
  if (Item === undefined) return thrown;
  const error = new AwsError(thrown.name, thrown.message, thrown.statusCode, { Item });
  rememberConsumed(error, (thrown as Measured)[consumedKey] ?? []);
  return error;
}

/** The only refusal of a single write that costs units. Source: Amazon DynamoDB developer guide, capacity unit consumption for write operations. */
export function isFailedCondition(thrown: unknown): thrown is AwsError {
  return thrown instanceof AwsError && thrown.name === 'ConditionalCheckFailedException';
}
