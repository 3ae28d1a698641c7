import { AwsError } from '../../../core/errors.ts';
import { readUnits } from '../../../models/dynamodb/units.ts';
import type { CallContext, Operation } from '../../contract.ts';
import { cancelled, cancels } from './cancellation.ts';
import { type Consumed, consumedByGets, consumedCapacities, together } from './consumption.ts';
import type { Json } from './dynalite.ts';
import { meterOf, rememberConsumed } from './item-operations.ts';
import type { Tables } from './tables.ts';
import { type Action, actionsOf, admitAll, checkMembers, eachReason, publishTransaction, refuseConflicts } from './transaction.ts';

interface TransactGetInput extends Json {
  readonly TransactItems?: readonly Json[];
  readonly ReturnConsumedCapacity?: string;
}

/** TransactGetItems, which dynalite does not have: all of its reads in one turn, none of an item that a transaction is writing. */
export function transactGetItems(tables: Tables): Operation<TransactGetInput, Json> {
  const underway = new WeakMap<CallContext, readonly Action[]>();
  const least = readUnits(tables.units, 0, 'transactional');
  const started = (input: TransactGetInput, call: CallContext): readonly Action[] => {
    let actions = underway.get(call);
    if (!actions) {
      checkMembers(tables, input);
      actions = actionsOf(tables, input.TransactItems, { Get: 'GetItem' });
      refuseConflicts(tables, actions);
      admitAll(tables, actions, 'read', least);
      underway.set(call, actions);
    }
    return actions;
  };
  return {
    latencyKey: 'dynamodb.transact-get-items',
    admit: (input, call) => void started(input, call),
    act: (input, call) => {
      const actions = started(input, call);
      // A transaction may have begun since.
      refuseConflicts(tables, actions);
      return read(tables, actions, least, input.ReturnConsumedCapacity);
    },
    meter: (_input, output) => meterOf(tables, output),
    publish: (input, outcome, latencyMs) => publishTransaction(tables, 'TransactGetItems', input.TransactItems, outcome, latencyMs),
  };
}

function read(tables: Tables, actions: readonly Action[], least: number, detail: string | undefined): Json {
  const consumed: Consumed[][] = [];
  const Responses: Json[] = [];
  let bytes = 0;
  const reasons = eachReason(actions, ({ validated, position }) => {
    const { output, tally } = tables.dynalite.act(validated);
    const { Item } = output as Json;
    Responses.push(Item === undefined ? {} : { Item });
    for (const get of tally.gets) bytes += get.bytes;
    const units = consumedByGets(tables.units, tally.gets, () => 'transactional');
    tables.charge(
      units,
      () => least,
      () => position,
    );
    consumed.push(units);
  });
  if (cancels(reasons)) throw cancelled(reasons);
  if (bytes > tables.transactionMaxBytes) {
    throw new AwsError('ValidationException', 'Aggregated size of all items in the transaction exceeded the maximum allowed size');
  }
  const total = together(consumed);
  const output: Json = { Responses };
  if (detail === 'TOTAL' || detail === 'INDEXES') output['ConsumedCapacity'] = consumedCapacities(total, detail, true);
  rememberConsumed(output, total);
  return output;
}
