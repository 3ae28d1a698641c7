import { createHash } from 'node:crypto';
import { AwsError } from '../../../core/errors.ts';
import { writeUnits } from '../../../models/dynamodb/units.ts';
import type { CallContext, Operation } from '../../contract.ts';
import { cancelled, cancels } from './cancellation.ts';
import { type Consumed, consumedByFailedCondition, consumedByGets, consumedByWrites, consumedCapacities, together } from './consumption.ts';
import type { Json } from './dynalite.ts';
import { isFailedCondition, meterOf, rememberConsumed, withItem } from './item-operations.ts';
import type { Tables } from './tables.ts';
import type { Tally } from './tally.ts';
import { type Action, actionsOf, admitAll, checkMembers, eachReason, type Operations, publishTransaction, refuseConflicts } from './transaction.ts';

interface TransactWriteInput extends Json {
  readonly TransactItems?: readonly Json[];
  readonly ClientRequestToken?: string;
  readonly ReturnConsumedCapacity?: string;
}

/** A transaction from its admission to its end; meanwhile its items are in its hands. */
interface Underway {
  readonly actions: readonly Action[];
  readonly token: string | undefined;
  /** The same request succeeded a short while ago: nothing is written again. */
  readonly repeated: boolean;
  completed: boolean;
  ended: boolean;
}

/** dynalite's operation for each action. A condition check is a deletion that is never done. */
const operations: Operations = {
  ConditionCheck: 'DeleteItem',
  Put: 'PutItem',
  Delete: 'DeleteItem',
  Update: 'UpdateItem',
};

/** TransactWriteItems, which dynalite does not have: its single writes, held back until all of them are known to pass. */
export function transactWriteItems(tables: Tables): Operation<TransactWriteInput, Json> {
  const underway = new WeakMap<CallContext, Underway>();
  const started = (input: TransactWriteInput, call: CallContext): Underway => {
    let transaction = underway.get(call);
    if (!transaction) {
      transaction = begin(tables, input);
      underway.set(call, transaction);
    }
    return transaction;
  };
  return {
    latencyKey: 'dynamodb.transact-write-items',
    admit: (input, call) => void started(input, call),
    act: (input, call) => {
      const transaction = started(input, call);
      try {
        return finished(transaction.repeated ? readAgain(tables, transaction) : write(tables, transaction), input);
      } finally {
        end(tables, transaction);
      }
    },
    meter: (_input, output) => meterOf(tables, output),
    meterError: (_input, error) => (error instanceof AwsError ? meterOf(tables, error) : []),
    publish: (input, outcome, latencyMs, call) => {
      const transaction = underway.get(call);
      if (transaction) end(tables, transaction);
      publishTransaction(tables, 'TransactWriteItems', input.TransactItems, outcome, latencyMs);
    },
  };
}

function begin(tables: Tables, input: TransactWriteInput): Underway {
  checkMembers(tables, input);
  const { TransactItems, ClientRequestToken: token } = input;
  const actions = actionsOf(tables, TransactItems, operations);
  for (const { verb, input } of actions) {
    if (verb === 'ConditionCheck' && !input['ConditionExpression']) {
      throw new AwsError(
        'ValidationException',
        "1 validation error detected: Value null at 'conditionExpression' failed to satisfy constraint: Member must not be null",
      );
    }
  }
  const digest = token === undefined ? '' : createHash('sha256').update(JSON.stringify(TransactItems)).digest('base64');
  const repeated = token !== undefined && isRepeated(tables, token, digest);
  if (!repeated) {
    refuseConflicts(tables, actions);
    admitAll(tables, actions, 'write', writeUnits(tables.units, 0, true));
    if (token !== undefined) tables.tokens.begin(token, digest);
    for (const { lock } of actions) if (lock !== undefined) tables.inFlight.add(lock);
  }
  return { actions, token, repeated, completed: repeated, ended: false };
}

function isRepeated(tables: Tables, token: string, digest: string): boolean {
  const state = tables.tokens.state(token, digest, tables.nowMs());
  if (state === 'in-progress') {
    throw new AwsError('TransactionInProgressException', 'The transaction with the given request token is already in progress.');
  }
  if (state === 'mismatch') {
    const message = 'You have retried a request with a different payload but with an idempotent token that was already used.';
    throw new AwsError('IdempotentParameterMismatchException', message);
  }
  return state === 'done';
}

/** Every condition and change first, with nothing written; then all of it, or none. */
function write(tables: Tables, transaction: Underway): Consumed[] {
  const { actions, token } = transaction;
  const consumed: Consumed[][] = actions.map(() => []);
  const tallies: Tally[] = [];
  const reasons = eachReason(actions, (action, i) => {
    const tally = prepared(tables, action, (units) => {
      consumed[i] = units;
    });
    tallies.push(tally);
    try {
      tables.admitEntries(action.table, tally.writes, true);
    } catch (thrown) {
      // Its entries took nothing of the indexes.
      consumed[i] = (consumed[i] ?? []).filter(({ source }) => source.index?.kind !== 'global');
      throw thrown;
    }
  });
  refuseSize(tables, tallies);
  const least = writeUnits(tables.units, 0, true);
  for (const [i, { position }] of actions.entries()) {
    tables.charge(
      consumed[i] ?? [],
      ({ source }) => (source.index ? 0 : least),
      () => position,
    );
  }
  const total = together(consumed);
  if (cancels(reasons)) {
    const error = cancelled(reasons);
    rememberConsumed(error, total);
    throw error;
  }
  for (const tally of tallies) tally.commit();
  if (token !== undefined) tables.tokens.complete(token, tables.nowMs());
  transaction.completed = true;
  return total;
}

/** What an action would write; throws its reason to cancel. */
function prepared(tables: Tables, { verb, input, validated, key, table }: Action, consumes: (units: Consumed[]) => void): Tally {
  try {
    const { tally } = tables.dynalite.act(validated, {
      hold: true,
      failed: (error, failed) => {
        if (isFailedCondition(error)) consumes(consumedByFailedCondition(tables.units, failed, true));
      },
    });
    if (verb === 'ConditionCheck') tally.writes.length = 0;
    consumes(verb === 'ConditionCheck' ? consumedByFailedCondition(tables.units, tally, true) : consumedByWrites(tables.units, tally.writes, true));
    return tally;
  } catch (thrown) {
    const returnItem = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    throw returnItem ? withItem(tables, thrown, { TableName: table.name, Key: key }) : thrown;
  }
}

function refuseSize(tables: Tables, tallies: readonly Tally[]): void {
  let bytes = 0;
  for (const { writes } of tallies) for (const { source, newBytes } of writes) bytes += source.index ? 0 : newBytes;
  if (bytes > tables.transactionMaxBytes) {
    throw new AwsError('ValidationException', 'Aggregated size of all items in the transaction exceeded the maximum allowed size');
  }
}

/** A repeated request costs what reading its items does. */
function readAgain(tables: Tables, { actions }: Underway): Consumed[] {
  return together(
    actions.map(({ table, key, position }) => {
      const { tally } = tables.dynalite.run('GetItem', { TableName: table.name, Key: key });
      const consumed = consumedByGets(tables.units, tally.gets, () => 'transactional');
      tables.charge(
        consumed,
        () => 0,
        () => position,
      );
      return consumed;
    }),
  );
}

function finished(consumed: readonly Consumed[], { ReturnConsumedCapacity: detail }: TransactWriteInput): Json {
  const output: Json = detail === 'TOTAL' || detail === 'INDEXES' ? { ConsumedCapacity: consumedCapacities(consumed, detail, true) } : {};
  rememberConsumed(output, consumed);
  return output;
}

/** Lets go of the items; a transaction that was not completed may be tried again with its token. */
function end(tables: Tables, transaction: Underway): void {
  if (transaction.ended) return;
  transaction.ended = true;
  const { actions, token, completed } = transaction;
  if (transaction.repeated) return;
  for (const { lock } of actions) if (lock !== undefined) tables.inFlight.delete(lock);
  if (token !== undefined && !completed) tables.tokens.cancel(token);
}
