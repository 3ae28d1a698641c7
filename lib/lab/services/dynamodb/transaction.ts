import { AwsError } from '../../../core/errors.ts';
import type { Outcome } from '../../contract.ts';
import { type CancellationReason, cancelled, cancels, noReason, reasonOf, reasonsIn } from './cancellation.ts';
import type { DynaliteOperation, Json, Validated } from './dynalite.ts';
import { conflictMessage, keyOf, lockOf } from './locks.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

/** One action of a transaction, on one item. */
export interface Action {
  /** Put, Update, Delete, ConditionCheck or Get. */
  readonly verb: string;
  readonly input: Json;
  readonly validated: Validated;
  readonly table: Table;
  readonly key: Json;
  readonly position: number;
  /** Undefined for a key that does not fit the table: the action will say so. */
  readonly lock: string | undefined;
}

/** dynalite's operation for each kind of action. */
export type Operations = Readonly<Record<string, DynaliteOperation>>;

/** The actions of a transaction's input, each checked as far as all of them can be; throws AWS's error for what refuses the call as a whole. */
export function actionsOf(tables: Tables, items: unknown, operations: Operations): Action[] {
  if (!Array.isArray(items)) throw notOne("Value null at 'transactItems' failed to satisfy constraint: Member must not be null");
  const most = tables.transactionMaxItems;
  if (items.length < 1)
    throw notOne("Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1");
  if (items.length > most) {
    throw notOne(`Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${most}`);
  }
  const actions = items.map((item) => actionOf(tables, item, operations));
  const locks = actions.flatMap(({ lock }) => lock ?? []);
  if (new Set(locks).size < locks.length) {
    throw new AwsError('ValidationException', 'Transaction request cannot include multiple operations on one item');
  }
  return actions;
}

const details: readonly unknown[] = ['INDEXES', 'TOTAL', 'NONE'];

/** What the API's own shapes refuse of the members beside the actions. */
export function checkMembers({ transactionMaxToken: most }: Tables, { ClientRequestToken: token, ReturnConsumedCapacity: detail }: Json): void {
  if (typeof token === 'string' && (token.length < 1 || token.length > most)) {
    const rule = token === '' ? 'greater than or equal to 1' : `less than or equal to ${most}`;
    throw notOne(`Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length ${rule}`);
  }
  if (detail === undefined || details.includes(detail)) return;
  throw notOne(
    `Value '${String(detail)}' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [${details.join(', ')}]`,
  );
}

function actionOf(tables: Tables, item: unknown, operations: Operations): Action {
  const verbs = Object.keys(operations);
  const given = Object.entries((item ?? {}) as Json).filter(([verb, input]) => verbs.includes(verb) && input);
  const [only] = given;
  if (!only || given.length > 1) {
    const message =
      verbs.length > 1 ? `TransactItems can only contain one of ${verbs.slice(0, -1).join(', ')} or ${verbs.at(-1)}` : `${verbs[0]} is missing`;
    throw new AwsError('ValidationException', message);
  }
  const [verb, input] = only as [string, Json];
  const table = tables.find(input['TableName'] as string);
  if (!table) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  const key = (input['Key'] ?? keyOf(tables, table.name, (input['Item'] ?? {}) as Json)) as Json;
  const position = table.own.position(key);
  // dynalite takes away what it does not know, and knows tables by name.
  const validated = tables.dynalite.validated(operations[verb] as DynaliteOperation, { ...input, TableName: table.name });
  return { verb, input, validated, table, key, position, lock: lockOf(tables, table, key) };
}

function notOne(constraint: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${constraint}`);
}

/** Refuses a transaction of which an item is in the hands of another. */
export function refuseConflicts(tables: Tables, actions: readonly Action[]): void {
  if (tables.inFlight.size === 0) return;
  const reasons = actions.map(({ lock, table }): CancellationReason => {
    if (lock === undefined || !tables.inFlight.has(lock)) return noReason;
    table.metrics.transactionConflict();
    return { Code: 'TransactionConflict', Message: conflictMessage };
  });
  if (cancels(reasons)) throw cancelled(reasons);
}

/** Takes the least that each action can cost, of all or of none. */
export function admitAll(tables: Tables, actions: readonly Action[], direction: 'read' | 'write', least: number): void {
  const nowMs = tables.nowMs();
  const reasons = eachReason(actions, ({ table, position }) => table.own.admit(direction, least, position, nowMs));
  if (!cancels(reasons)) return;
  for (const [i, { table, position }] of actions.entries()) {
    if (reasons[i] === noReason) table.own.throughput.charge(direction, -least, position);
  }
  throw cancelled(reasons);
}

/** What each action's `run` throws, as the reasons of a cancellation. */
export function eachReason(actions: readonly Action[], run: (action: Action, index: number) => void): CancellationReason[] {
  return actions.map((action, index) => {
    try {
      run(action, index);
      return noReason;
    } catch (thrown) {
      const reason = reasonOf(thrown);
      if (!reason) throw thrown;
      return reason;
    }
  });
}

/** Counts how a transaction ended: a cancelled one by its reasons. */
export function publishTransaction(tables: Tables, operation: string, items: unknown, outcome: Outcome, latencyMs: number): void {
  const list = Array.isArray(items) ? items : [];
  const named = list.map((item) => tables.find((Object.values((item ?? {}) as Json)[0] as Json | undefined)?.['TableName'] as string));
  const reasons = reasonsIn(outcome.error);
  if (!reasons) {
    tables.publish(operation, [...new Set(named)], outcome, latencyMs);
    return;
  }
  for (const [i, { Code }] of reasons.entries()) if (Code === 'ConditionalCheckFailed') named[i]?.metrics.conditionFailed();
  const short = named.filter((_, i) => ['ThrottlingError', 'ProvisionedThroughputExceeded'].includes(reasons[i]?.Code ?? ''));
  for (const table of new Set(short)) table?.metrics.throttledRequest(operation);
}
