import type { Direction } from '../../../models/dynamodb/capacity.ts';
import { Decreases } from '../../../models/dynamodb/decreases.ts';
import type { Item } from '../../../models/dynamodb/item-size.ts';
import { type KeyValue, keyPosition, nowhere } from '../../../models/dynamodb/key-position.ts';
import { SortOrder } from '../../../models/dynamodb/sort-order.ts';
import { type Settings, Throughput } from '../../../models/dynamodb/throughput.ts';
import type { TableRules } from './rules.ts';
import type { TableMetrics } from './table-metrics.ts';
import { throttleError } from './throttling.ts';

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

export interface PartOptions {
  readonly arn: string;
  /** Name of the global index; undefined for the table itself. */
  readonly index: string | undefined;
  readonly keySchema: readonly KeyElement[];
  /** Whether an item collection may be spread over partitions by sort key. */
  readonly splitsCollections: boolean;
  readonly settings: Settings;
}

/** What has capacity of its own: a table, or one of its global indexes. */
export class TablePart {
  readonly arn: string;
  readonly index: string | undefined;
  readonly throughput: Throughput;
  readonly metrics: TableMetrics;
  readonly decreases: Decreases;
  /** Units consumed since the part exists, for auto scaling. */
  readonly consumedUnits: Record<Direction, number> = { read: 0, write: 0 };
  /** Name of the partition key. */
  readonly hash: string;
  readonly #sort: string | undefined;
  readonly #sortOrder = new SortOrder();

  constructor({ arn, index, keySchema, splitsCollections, settings }: PartOptions, rules: TableRules, metrics: TableMetrics, nowMs: number) {
    this.arn = arn;
    this.index = index;
    this.metrics = metrics;
    this.hash = keySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
    this.#sort = splitsCollections ? keySchema.find(({ KeyType }) => KeyType === 'RANGE')?.AttributeName : undefined;
    this.throughput = new Throughput(rules.throughput, settings, nowMs);
    this.decreases = new Decreases(rules.decreases);
  }

  /** Where an item, or a key, lies among the partitions; `nowhere` for what has no such key. */
  position(item: unknown): number {
    if (typeof item !== 'object' || item === null) return nowhere;
    const attributes = item as Item;
    const sort = this.#sort === undefined || this.#sortOrder.grows ? undefined : (attributes[this.#sort] as KeyValue | undefined);
    return keyPosition(attributes[this.hash] as KeyValue | undefined, sort);
  }

  /** As `position`, of an item (or key) that is written: collections whose sort keys only grow stay together. */
  writePosition(item: unknown): number {
    if (this.#sort !== undefined && typeof item === 'object' && item !== null) {
      this.#sortOrder.wrote((item as Item)[this.#sort] as KeyValue | undefined);
    }
    return this.position(item);
  }

  /** Counts units that a call consumed. */
  consumed(direction: Direction, units: number): void {
    this.consumedUnits[direction] += units;
    this.metrics.consumed(direction, units);
  }

  /** Takes the least that a request can cost; throws AWS's error, and counts it, when it is not there. */
  admit(direction: Direction, units: number, position: number, nowMs: number): void {
    this.check(direction, units, position, nowMs);
    this.throughput.charge(direction, units, position);
  }

  /** As `admit`, but takes nothing. */
  check(direction: Direction, units: number, position: number, nowMs: number): void {
    const refusal = this.throughput.refusal(direction, units, position, nowMs);
    if (refusal === undefined) return;
    this.metrics.throttleEvent(direction, refusal);
    const { onDemand } = this.throughput;
    throw throttleError({ direction, refusal, onDemand, resource: this.arn, isIndex: this.index !== undefined });
  }
}
