import { AwsError } from '../../../core/errors.ts';
import type { Numbers } from '../../../core/numbers.ts';
import type { CapacityRules } from '../../../models/dynamodb/capacity.ts';
import type { UnitRules } from '../../../models/dynamodb/units.ts';
import type { LabContext, MetricSeries, Outcome } from '../../contract.ts';
import type { Consumed } from './consumption.ts';
import { Dynalite, type Json } from './dynalite.ts';
import { type OnDemandThroughput, Table } from './table.ts';
import { userErrors } from './table-metrics.ts';
import { isThrottle } from './throttling.ts';

/** Every table of the lab: dynalite, and what the lab keeps beside it. All operations of the service share one. */
export class Tables {
  readonly dynalite: Dynalite;
  readonly units: UnitRules;
  readonly context: LabContext;
  readonly #rules: CapacityRules;
  readonly #byName = new Map<string, Table>();
  readonly #userErrors: MetricSeries;

  constructor(context: LabContext) {
    const { account, region, quotas } = context;
    this.context = context;
    this.dynalite = new Dynalite({ account, region, maxItemBytes: quotas.number('dynamodb.item-max-bytes') });
    this.units = unitRules(quotas);
    this.#rules = capacityRules(quotas);
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

  add(description: Json, onDemandMax: OnDemandThroughput | undefined): Table {
    const table = new Table(description, onDemandMax, this.#rules, this.context.metrics, this.nowMs());
    this.#byName.set(table.name, table);
    return table;
  }

  remove(name: string): void {
    this.#byName.delete(name);
  }

  /** Charges what a call consumed beyond `admitted`, which was taken for each of the tables themselves. */
  charge(consumed: readonly Consumed[], admitted: (consumed: Consumed) => number): void {
    for (const each of consumed) this.#byName.get(each.source.table)?.charge(each, admitted(each));
  }

  /** Counts how a call on `tables` ended. */
  publish(operation: string, tables: readonly (Table | undefined)[], outcome: Outcome, latencyMs: number): void {
    const { error } = outcome;
    if (error === undefined) for (const table of tables) table?.metrics.succeeded(operation, latencyMs);
    else if (isThrottle(error)) for (const table of tables) table?.metrics.throttledRequest(operation);
    else if (!(error instanceof AwsError)) for (const table of tables) table?.metrics.systemError(operation);
    else if (error.name === 'ConditionalCheckFailedException') for (const table of tables) table?.metrics.conditionFailed();
    else this.#userErrors.add(1);
  }
}

function unitRules(quotas: Numbers): UnitRules {
  return {
    readUnitBytes: quotas.number('dynamodb.read-unit-bytes'),
    writeUnitBytes: quotas.number('dynamodb.write-unit-bytes'),
    eventualFactor: quotas.number('dynamodb.eventual-read-factor'),
    transactionFactor: quotas.number('dynamodb.transaction-factor'),
  };
}

function capacityRules(quotas: Numbers): CapacityRules {
  return {
    burstSec: quotas.number('dynamodb.burst-sec'),
    onDemandInitial: { read: quotas.number('dynamodb.on-demand-initial-read'), write: quotas.number('dynamodb.on-demand-initial-write') },
    onDemandGrowth: quotas.number('dynamodb.on-demand-growth'),
    onDemandSettleSec: quotas.number('dynamodb.on-demand-settle-sec'),
    onDemandPeakSec: quotas.number('dynamodb.on-demand-peak-sec'),
    onDemandKeptSec: quotas.number('dynamodb.on-demand-kept-sec'),
  };
}
