import { Capacity, type CapacityRules, type Direction, type PerDirection, type Refusal, type Setting } from './capacity.ts';
import { nowhere } from './key-position.ts';
import { type PartitionRules, Partitions } from './partitions.ts';

export interface ThroughputRules {
  readonly capacity: CapacityRules;
  readonly partition: PartitionRules;
}

export interface Settings {
  readonly read: Setting;
  readonly write: Setting;
  /** Units a second asked for by WarmThroughput. */
  readonly warm?: Partial<PerDirection>;
}

/**
 * What one table, or one global index, can serve: the capacity of the whole and that of each partition. Any partition may use what
 * the whole has left (AWS's adaptive capacity, at once), up to the partition's own limit.
 */
export class Throughput {
  readonly read: Capacity;
  readonly write: Capacity;
  readonly #rules: ThroughputRules;
  readonly #partitions: Partitions;

  constructor(rules: ThroughputRules, { read, write, warm }: Settings, nowMs: number) {
    this.#rules = rules;
    const warmed = (): void => this.#partitions.grow(this.#needed());
    this.read = new Capacity(rules.capacity, 'read', read, nowMs, warm?.read, warmed);
    this.write = new Capacity(rules.capacity, 'write', write, nowMs, warm?.write, warmed);
    this.#partitions = new Partitions(rules.partition, this.#needed(), nowMs);
  }

  get onDemand(): boolean {
    return this.read.onDemand;
  }

  get partitionCount(): number {
    return this.#partitions.count;
  }

  /** Undefined when `units` were taken for the item at `position`. */
  admit(direction: Direction, units: number, position: number, nowMs: number): Refusal | undefined {
    const refusal = this.refusal(direction, units, position, nowMs);
    if (refusal === undefined) this.charge(direction, units, position);
    return refusal;
  }

  /** Why `units` are not to be had now for the item at `position`; takes nothing. */
  refusal(direction: Direction, units: number, position: number, nowMs: number): Refusal | undefined {
    const refusal = (direction === 'read' ? this.read : this.write).refusal(units, nowMs);
    if (refusal !== undefined) return refusal;
    return position === nowhere || this.#partitions.holds(direction, position, units, nowMs) ? undefined : 'KeyRangeThroughput';
  }

  /** Charges what a request costs, or costs beyond what it was admitted with; a negative number gives back. */
  charge(direction: Direction, units: number, position: number): void {
    (direction === 'read' ? this.read : this.write).charge(units);
    if (position !== nowhere) this.#partitions.charge(direction, position, units);
  }

  /** Applies what UpdateTable changed. */
  change({ read, write, warm }: Settings, nowMs: number): void {
    this.read.change(read, nowMs, warm?.read);
    this.write.change(write, nowMs, warm?.write);
  }

  /** Splits by size: no partition holds more than its limit, as far as keys are spread evenly. */
  fit(bytes: number): void {
    this.#partitions.grow(Math.ceil(bytes / this.#rules.partition.maxBytes));
  }

  /** Partitions that the warm throughput takes. Source: AWS's formula for the number of partitions, (RCU / 3,000) + (WCU / 1,000), rounded up. */
  #needed(): number {
    const { maxPerSec } = this.#rules.partition;
    return Math.ceil(this.read.warmPerSec / maxPerSec.read + this.write.warmPerSec / maxPerSec.write);
  }
}
