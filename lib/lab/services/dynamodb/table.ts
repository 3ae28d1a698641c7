import { ModeSwitches } from '../../../models/dynamodb/mode-switches.ts';
import type { MetricSink } from '../../contract.ts';
import type { Consumed } from './consumption.ts';
import type { Json } from './dynalite.ts';
import type { TableRules } from './rules.ts';
import { TableMetrics } from './table-metrics.ts';
import { TablePart } from './table-part.ts';
import { type Description, type ExtraSettings, isOnDemand, type ProvisionedUnits, settingsOf } from './table-settings.ts';
import type { Write } from './tally.ts';

/** One table as the lab keeps it beside dynalite: capacity, metrics and the settings that dynalite does not know. */
export class Table {
  readonly name: string;
  readonly own: TablePart;
  readonly indexes: ReadonlyMap<string, TablePart>;
  /** By name of the index, and by '' for the table. */
  readonly #extras = new Map<string, ExtraSettings>();
  readonly switches: ModeSwitches;
  deletionProtected = false;
  /** Name of the attribute that holds an item's expiry; stored and described, nothing expires. */
  timeToLive: { readonly AttributeName: string; readonly Enabled: boolean } | undefined;
  /** Stored and described; there is nothing to restore from. */
  pointInTimeRecovery = false;
  /** The description from before an UpdateTable that is under way; it stands until the change is there. */
  before: Json | undefined;

  constructor(description: Json, extras: ReadonlyMap<string, ExtraSettings>, rules: TableRules, metrics: MetricSink, nowMs: number) {
    const table = description as unknown as Description;
    this.name = table.TableName;
    this.#extras = new Map(extras);
    this.switches = new ModeSwitches(rules.switches);
    const onDemand = isOnDemand(table);
    const settings = (index: string | undefined, provisioned: ProvisionedUnits | undefined) => settingsOf(onDemand, provisioned, this.extra(index));
    const own = {
      arn: table.TableArn,
      index: undefined,
      keySchema: table.KeySchema,
      splitsCollections: !table.LocalSecondaryIndexes?.length,
      settings: settings(undefined, table.ProvisionedThroughput),
    };
    this.own = new TablePart(own, rules, new TableMetrics(metrics, this.name), nowMs);
    this.indexes = new Map(
      (table.GlobalSecondaryIndexes ?? []).map(({ IndexName: index, IndexArn: arn, KeySchema: keySchema, ProvisionedThroughput }) => {
        const options = { arn, index, keySchema, splitsCollections: true, settings: settings(index, ProvisionedThroughput) };
        return [index, new TablePart(options, rules, new TableMetrics(metrics, this.name, index), nowMs)];
      }),
    );
  }

  get arn(): string {
    return this.own.arn;
  }

  get metrics(): TableMetrics {
    return this.own.metrics;
  }

  get onDemand(): boolean {
    return this.own.throughput.onDemand;
  }

  /** Every part with a capacity of its own. */
  get parts(): readonly TablePart[] {
    return [this.own, ...this.indexes.values()];
  }

  /** What was asked for beside what dynalite keeps, of the table or an index. */
  extra(index?: string): ExtraSettings {
    return this.#extras.get(index ?? '') ?? {};
  }

  /** Lays further settings over those that a table, or an index, has. */
  extend(index: string | undefined, extra: ExtraSettings): void {
    const { OnDemandThroughput: max, WarmThroughput: warm } = this.extra(index);
    this.#extras.set(index ?? '', {
      OnDemandThroughput: { ...max, ...extra.OnDemandThroughput },
      WarmThroughput: { ...warm, ...extra.WarmThroughput },
    });
  }

  /** The global index of that name, else the table itself. */
  part(index: string | undefined): TablePart {
    return (index !== undefined && this.indexes.get(index)) || this.own;
  }

  /** Takes on what UpdateTable changed. */
  change(description: Json, nowMs: number): void {
    const table = description as unknown as Description;
    const onDemand = isOnDemand(table);
    const set = (part: TablePart | undefined, provisioned: ProvisionedUnits | undefined): void =>
      part?.throughput.change(settingsOf(onDemand, provisioned, this.extra(part.index)), nowMs);
    set(this.own, table.ProvisionedThroughput);
    for (const index of table.GlobalSecondaryIndexes ?? []) set(this.indexes.get(index.IndexName), index.ProvisionedThroughput);
  }

  /**
   * Takes what writes cost of the global indexes that they reach, before they are done; throws AWS's error for the first index that is
   * short of capacity, and then takes nothing; each that is short counts its own throttle event. So an index holds up its table's writes.
   * `unitsOf` counts one entry, `least` the smallest.
   */
  admitEntries(writes: readonly Write[], unitsOf: (write: Write) => number, least: number, nowMs: number): void {
    let refused: unknown;
    for (const write of writes) {
      const index = this.#indexOf(write);
      try {
        index?.check('write', least, index.writePosition(write.item), nowMs);
      } catch (thrown) {
        refused ??= thrown;
      }
    }
    if (refused !== undefined) throw refused;
    for (const write of writes) {
      const index = this.#indexOf(write);
      index?.throughput.charge('write', unitsOf(write), index.position(write.item));
    }
  }

  /** Counts what a call consumed, and charges what goes beyond `admitted`, which was taken before; entries of global indexes are charged by then. */
  charge({ source, readUnits, writeUnits }: Consumed, admitted: number, positionOf: () => number): void {
    const part = this.part(source.index?.kind === 'global' ? source.index.name : undefined);
    if (readUnits > 0) {
      if (readUnits !== admitted) part.throughput.charge('read', readUnits - admitted, positionOf());
      part.consumed('read', readUnits);
    }
    if (writeUnits > 0) {
      if (part === this.own && writeUnits !== admitted) part.throughput.charge('write', writeUnits - admitted, positionOf());
      part.consumed('write', writeUnits);
    }
  }

  /** Lets partitions follow the size of what is stored. */
  fit(bytes: number, index?: string): void {
    this.part(index).throughput.fit(bytes);
  }

  #indexOf({ source }: Write): TablePart | undefined {
    return source.index?.kind === 'global' ? this.indexes.get(source.index.name) : undefined;
  }
}
