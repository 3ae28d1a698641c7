import { AwsError } from '../../../core/errors.ts';
import { readUnits, writeUnits } from '../../../models/dynamodb/units.ts';
import type { Operation, Usage } from '../../contract.ts';
import { type Consumed, consumedByFailedCondition, consumedByGets, consumedByWrites, consumedCapacities } from './consumption.ts';
import type { DynaliteOperation, Json } from './dynalite.ts';
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
    admit: (input) => tables.find(input.TableName)?.admitRead(input.ConsistentRead ? strong : eventual, tables.nowMs()),
    act: (input) => {
      const detail = input.ReturnConsumedCapacity;
      const { output, tally } = tables.dynalite.run('GetItem', input);
      const consumed = consumedByGets(tables.units, tally, () => (input.ConsistentRead ? 'strong' : 'eventual'));
      tables.charge(consumed, () => (input.ConsistentRead ? strong : eventual));
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
    admit: (input) => tables.find(input.TableName)?.admitWrite(least, tables.nowMs()),
    act: (input) => {
      const { ReturnConsumedCapacity: detail, ReturnValuesOnConditionCheckFailure: returnOld } = input;
      try {
        const { output, tally } = tables.dynalite.run(operation, input, (error, failed) => {
          if (!isFailedCondition(error)) return;
          const consumed = consumedByFailedCondition(tables.units, failed);
          tables.charge(consumed, admitted);
          rememberConsumed(error, consumed);
        });
        const consumed = consumedByWrites(tables.units, tally);
        tables.charge(consumed, admitted);
        return withCapacity(output as Json, consumed, detail);
      } catch (thrown) {
        throw returnOld === 'ALL_OLD' ? withItem(tables, thrown, input) : thrown;
      }
    },
    meter: (_input, output) => meterOf(tables, output),
    meterError: (_input, error) => (isFailedCondition(error) ? meterOf(tables, error) : []),
    publish: (input, outcome, latencyMs) => tables.publish(operation, [tables.find(input.TableName)], outcome, latencyMs),
  };
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
function withItem(tables: Tables, thrown: unknown, input: ItemInput): unknown {
  if (!isFailedCondition(thrown)) return thrown;
  const { TableName, Key = keyOf(tables, input) } = input;
  const { output } = tables.dynalite.run('GetItem', { TableName, Key, ConsistentRead: true });
  const { Item } = output as Json;
  if (Item === undefined) return thrown;
  const error = new AwsError(thrown.name, thrown.message, thrown.statusCode, { Item });
  rememberConsumed(error, (thrown as Measured)[consumedKey] ?? []);
  return error;
}

/** The only refusal that costs units. Source: Amazon DynamoDB developer guide, capacity unit consumption for write operations. */
function isFailedCondition(thrown: unknown): thrown is AwsError {
  return thrown instanceof AwsError && thrown.name === 'ConditionalCheckFailedException';
}

function keyOf(tables: Tables, { TableName, Item = {} }: ItemInput): Json {
  const { KeySchema = [] } = (tables.dynalite.table(TableName) ?? {}) as { KeySchema?: readonly { AttributeName: string }[] };
  return Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, Item[AttributeName]]));
}
