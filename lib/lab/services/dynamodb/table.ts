import { Capacity, type CapacityRules, type Direction, type Setting } from '../../../models/dynamodb/capacity.ts';
import type { MetricSink } from '../../contract.ts';
import type { Consumed } from './consumption.ts';
import type { Json } from './dynalite.ts';
import { TableMetrics } from './table-metrics.ts';
import type { Source } from './tally.ts';
import { throttleError } from './throttling.ts';

/** What dynalite's description of a table says of its throughput. */
interface Description {
  readonly TableName: string;
  readonly TableArn: string;
  readonly BillingModeSummary?: { readonly BillingMode?: string };
  readonly ProvisionedThroughput?: Throughput;
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string; readonly IndexArn: string; readonly ProvisionedThroughput?: Throughput }[];
}

interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** Upper limits that an on-demand table sets itself. */
export interface OnDemandThroughput {
  readonly MaxReadRequestUnits?: number;
  readonly MaxWriteRequestUnits?: number;
}

/** The capacity of one table or global index, in both directions. */
interface Throttled {
  readonly arn: string;
  readonly isIndex: boolean;
  readonly read: Capacity;
  readonly write: Capacity;
  readonly metrics: TableMetrics;
}

/** One table as the lab keeps it beside dynalite: capacity, metrics and the settings that dynalite does not know. */
export class Table {
  readonly name: string;
  readonly arn: string;
  readonly metrics: TableMetrics;
  readonly #own: Throttled;
  readonly #indexes = new Map<string, Throttled>();
  onDemandMax: OnDemandThroughput | undefined;
  deletionProtected = false;
  /** Name of the attribute that holds an item's expiry; stored and described, nothing expires. */
  timeToLive: { readonly AttributeName: string; readonly Enabled: boolean } | undefined;
  /** Stored and described; there is nothing to restore from. */
  pointInTimeRecovery = false;

  constructor(description: Json, onDemandMax: OnDemandThroughput | undefined, rules: CapacityRules, metrics: MetricSink, nowMs: number) {
    const table = description as unknown as Description;
    this.name = table.TableName;
    this.arn = table.TableArn;
    this.onDemandMax = onDemandMax;
    this.metrics = new TableMetrics(metrics, this.name);
    const throttled = (arn: string, provisioned: Throughput | undefined, of: TableMetrics, isIndex: boolean): Throttled => ({
      arn,
      isIndex,
      read: new Capacity(rules, 'read', settingOf(table, provisioned, 'read', onDemandMax), nowMs),
      write: new Capacity(rules, 'write', settingOf(table, provisioned, 'write', onDemandMax), nowMs),
      metrics: of,
    });
    this.#own = throttled(this.arn, table.ProvisionedThroughput, this.metrics, false);
    for (const { IndexName, IndexArn, ProvisionedThroughput } of table.GlobalSecondaryIndexes ?? []) {
      this.#indexes.set(IndexName, throttled(IndexArn, ProvisionedThroughput, new TableMetrics(metrics, this.name, IndexName), true));
    }
  }

  get onDemand(): boolean {
    return this.#own.read.onDemand;
  }

  hasGlobalIndex(name: string): boolean {
    return this.#indexes.has(name);
  }

  /** Takes on what UpdateTable changed. */
  change(description: Json, nowMs: number): void {
    const table = description as unknown as Description;
    const set = (throttled: Throttled | undefined, provisioned: Throughput | undefined): void => {
      throttled?.read.change(settingOf(table, provisioned, 'read', this.onDemandMax), nowMs);
      throttled?.write.change(settingOf(table, provisioned, 'write', this.onDemandMax), nowMs);
    };
    set(this.#own, table.ProvisionedThroughput);
    for (const index of table.GlobalSecondaryIndexes ?? []) set(this.#indexes.get(index.IndexName), index.ProvisionedThroughput);
  }

  /** Takes the least that a read of the table, or of a global index, can cost; throws AWS's error when it is not there. */
  admitRead(units: number, nowMs: number, index?: string): void {
    const throttled = (index !== undefined && this.#indexes.get(index)) || this.#own;
    admit(throttled, 'read', units, nowMs);
  }

  /** Takes the least that a write can cost; a global index that is short of capacity holds up its table's writes. */
  admitWrite(units: number, nowMs: number): void {
    for (const index of this.#indexes.values()) admit(index, 'write', 0, nowMs);
    admit(this.#own, 'write', units, nowMs);
  }

  /** Charges what a call consumed; `admitted` was taken before. */
  charge({ source, readUnits, writeUnits }: Consumed, admitted: number): void {
    const global = globalIndexOf(source);
    const throttled = (global !== undefined && this.#indexes.get(global)) || this.#own;
    if (readUnits > 0) {
      throttled.read.settle(readUnits - admitted);
      throttled.metrics.consumed('read', readUnits);
    }
    if (writeUnits > 0) {
      throttled.write.settle(writeUnits - admitted);
      throttled.metrics.consumed('write', writeUnits);
    }
  }
}

function globalIndexOf({ index }: Source): string | undefined {
  return index?.kind === 'global' ? index.name : undefined;
}

function admit(throttled: Throttled, direction: Direction, units: number, nowMs: number): void {
  const capacity = throttled[direction];
  const refusal = capacity.admit(units, nowMs);
  if (refusal === undefined) return;
  throttled.metrics.throttleEvent(direction, refusal);
  throw throttleError({ direction, refusal, onDemand: capacity.onDemand, resource: throttled.arn, isIndex: throttled.isIndex });
}

function settingOf(table: Description, provisioned: Throughput | undefined, direction: Direction, max: OnDemandThroughput | undefined): Setting {
  if (table.BillingModeSummary?.BillingMode !== 'PAY_PER_REQUEST') {
    return { mode: 'provisioned', unitsPerSec: (direction === 'read' ? provisioned?.ReadCapacityUnits : provisioned?.WriteCapacityUnits) ?? 0 };
  }
  const maxPerSec = direction === 'read' ? max?.MaxReadRequestUnits : max?.MaxWriteRequestUnits;
  // AWS's -1 takes a maximum away.
  return { mode: 'on-demand', ...(maxPerSec === undefined || maxPerSec < 0 ? {} : { maxPerSec }) };
}
