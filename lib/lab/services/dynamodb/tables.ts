import { AwsError } from '../../../core/errors.ts';
import { TransactionTokens } from '../../../models/dynamodb/transaction-tokens.ts';
import { type UnitRules, writeUnits } from '../../../models/dynamodb/units.ts';
import type { LabContext, MetricSeries, Outcome } from '../../contract.ts';
import { type Consumed, unitsOfWrite } from './consumption.ts';
import { Dynalite, type Json } from './dynalite.ts';
import { type TableRules, tableRules, unitRules } from './rules.ts';
import { Table } from './table.ts';
import { userErrors } from './table-metrics.ts';
import type { ExtraSettings } from './table-settings.ts';
import type { Write } from './tally.ts';
import { isConflict, isThrottle } from './throttling.ts';

/** Every table of the lab: dynalite, and what the lab keeps beside it. All operations of the service share one. */
export class Tables {
  readonly dynalite: Dynalite;
  readonly units: UnitRules;
  readonly context: LabContext;
  readonly rules: TableRules;
  /** Keys of items that transactions under way write, after their table's name. */
  readonly inFlight = new Set<string>();
  readonly tokens: TransactionTokens;
  readonly transactionMaxItems: number;
  readonly transactionMaxBytes: number;
  readonly transactionMaxToken: number;
  readonly #byName = new Map<string, Table>();
  readonly #userErrors: MetricSeries;

  constructor(context: LabContext) {
    const { account, region, quotas } = context;
    this.context = context;
    this.dynalite = new Dynalite({ account, region, maxItemBytes: quotas.number('dynamodb.item-max-bytes') });
    this.units = unitRules(quotas);
    this.rules = tableRules(quotas);
    this.tokens = new TransactionTokens(quotas.number('dynamodb.transaction-token-sec'));
    this.transactionMaxItems = quotas.number('dynamodb.transaction-max-items');
    this.transactionMaxBytes = quotas.number('dynamodb.transaction-max-bytes');
    this.transactionMaxToken = quotas.number('dynamodb.transaction-token-max');
    this.#userErrors = userErrors(context.metrics);
  }

  nowMs(): number {
    return this.context.clock.now();
  }

  /** By name or ARN, as inputs give either; undefined when there is none (dynalite then answers as AWS does). */
  find(nameOrArn: string): Table | undefined {
    // Inputs reach this before dynalite has checked them: the name may be missing, or anything that JSON holds.
    if (typeof nameOrArn !== 'string') return undefined;
    return this.#byName.get(nameOrArn) ?? this.#byName.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
  }

  get all(): IterableIterator<Table> {
    return this.#byName.values();
  }

  add(description: Json, extras: ReadonlyMap<string, ExtraSettings>): Table {
    const table = new Table(description, extras, this.rules, this.context.metrics, this.nowMs());
    this.#byName.set(table.name, table);
    return table;
  }

  remove(name: string): void {
    this.#byName.delete(name);
  }

  /** Charges what a call consumed beyond `admitted`, which was taken before; in most calls nothing, so the position is asked for only then. */
  charge(consumed: readonly Consumed[], admitted: (consumed: Consumed) => number, positionOf: () => number): void {
    for (const each of consumed) this.#byName.get(each.source.table)?.charge(each, admitted(each), positionOf);
  }

  /** Takes what held writes cost of the global indexes that they reach; throws AWS's error when one is short of capacity. */
  admitEntries(table: Table, writes: readonly Write[], transactional = false): void {
    table.admitEntries(writes, (write) => unitsOfWrite(this.units, write, transactional), writeUnits(this.units, 0, transactional), this.nowMs());
  }

  /** Lets partitions follow the size of what is stored; called now and then, since sizes change slowly. */
  fit(): void {
    for (const table of this.all) {
      table.fit(this.dynalite.size(table.name).bytes);
      for (const name of table.indexes.keys()) table.fit(this.dynalite.size(table.name, { kind: 'global', name }).bytes, name);
    }
  }

  /** Publishes what is provisioned; called every five minutes. */
  publishProvisioned(): void {
    for (const { parts } of this.all) {
      for (const { throughput, metrics } of parts) {
        for (const direction of ['read', 'write'] as const) {
          const units = throughput[direction].provisionedPerSec;
          if (units !== undefined) metrics.provisioned(direction, units);
        }
      }
    }
  }

  /** Counts how a call on `tables` ended. */
  publish(operation: string, tables: readonly (Table | undefined)[], outcome: Outcome, latencyMs: number): void {
    const { error } = outcome;
    if (error === undefined) for (const table of tables) table?.metrics.succeeded(operation, latencyMs);
    else if (isThrottle(error)) for (const table of tables) table?.metrics.throttledRequest(operation);
    else if (!(error instanceof AwsError)) for (const table of tables) table?.metrics.systemError(operation);
    else if (error.name === 'ConditionalCheckFailedException') for (const table of tables) table?.metrics.conditionFailed();
    else if (!isConflict(error)) this.#userErrors.add(1);
  }
}
