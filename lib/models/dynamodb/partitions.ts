import type { Direction, PerDirection } from './capacity.ts';
import { HeatLog, type HeatRules } from './heat.ts';
import { ringSize } from './key-position.ts';

/** What one partition holds and serves. */
export interface PartitionRules {
  /** Units a second of one partition, in every mode. */
  readonly maxPerSec: PerDirection;
  /** Seconds of them that may be taken at once. */
  readonly keptSec: number;
  readonly maxBytes: number;
  readonly heat: HeatRules;
}

/** Levels of the partitions' buckets in one direction, in arrays so that a decision allocates nothing. */
interface Lane {
  readonly unitsPerSec: number;
  readonly maxUnits: number;
  levels: Float64Array;
  atMs: Float64Array;
}

/** The partitions of one table or global index: ranges of the ring of key positions, each with a bucket for reads and one for writes. */
export class Partitions {
  readonly #heat: HeatLog;
  readonly #read: Lane;
  readonly #write: Lane;
  #starts: Float64Array;

  constructor(rules: PartitionRules, count: number, nowMs: number) {
    this.#heat = new HeatLog(rules.heat);
    this.#starts = Float64Array.from({ length: Math.max(1, count) }, (_, i) => Math.floor((i * ringSize) / Math.max(1, count)));
    const lane = (unitsPerSec: number): Lane => {
      const maxUnits = unitsPerSec * rules.keptSec;
      const { length } = this.#starts;
      return { unitsPerSec, maxUnits, levels: new Float64Array(length).fill(maxUnits), atMs: new Float64Array(length).fill(nowMs) };
    };
    this.#read = lane(rules.maxPerSec.read);
    this.#write = lane(rules.maxPerSec.write);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Whether the partition at `position` has `units` now; takes nothing. A refusal heats it, and heat splits it in the end. */
  holds(direction: Direction, position: number, units: number, nowMs: number): boolean {
    const lane = direction === 'read' ? this.#read : this.#write;
    const at = this.#at(position);
    const elapsedMs = nowMs - (lane.atMs[at] as number);
    if (elapsedMs > 0) {
      lane.levels[at] = Math.min(lane.maxUnits, (lane.levels[at] as number) + (elapsedMs / 1000) * lane.unitsPerSec);
      lane.atMs[at] = nowMs;
    }
    if ((lane.levels[at] as number) >= units) return true;
    this.#heated(at, position, nowMs);
    return false;
  }

  /** Charges the partition at `position`; its level may fall below zero and is then repaid first. */
  charge(direction: Direction, position: number, units: number): void {
    const lane = direction === 'read' ? this.#read : this.#write;
    const at = this.#at(position);
    lane.levels[at] = (lane.levels[at] as number) - units;
  }

  /** Halves every partition that is wider than its part of `count`; partitions are never merged. */
  grow(count: number): void {
    if (count <= this.#starts.length) return;
    const starts: number[] = [];
    for (let i = 0; i < this.#starts.length; i++) {
      const start = this.#starts[i] as number;
      const end = this.#starts[i + 1] ?? ringSize;
      const parts = 2 ** Math.max(0, Math.ceil(Math.log2(((end - start) / ringSize) * count)));
      for (let part = 0; part < parts; part++) starts.push(Math.floor(start + ((end - start) * part) / parts));
    }
    this.#layOut(starts);
  }

  #heated(at: number, position: number, nowMs: number): void {
    const start = this.#starts[at] as number;
    const split = this.#heat.refused(start, this.#starts[at + 1] ?? ringSize, position, nowMs);
    if (split !== undefined) this.#layOut([...this.#starts.subarray(0, at + 1), split, ...this.#starts.subarray(at + 1)]);
  }

  /** Each new partition begins with what the one that it comes from had left, and with a throughput of its own. */
  #layOut(starts: readonly number[]): void {
    const from = starts.map((start) => this.#at(start));
    for (const lane of [this.#read, this.#write]) {
      const { levels, atMs } = lane;
      lane.levels = Float64Array.from(from, (at) => levels[at] as number);
      lane.atMs = Float64Array.from(from, (at) => atMs[at] as number);
    }
    this.#starts = Float64Array.from(starts);
  }

  /** The partition that holds `position`: ranges are nearly even, so the proportional guess is close; splits for heat cost a step each. */
  #at(position: number): number {
    const starts = this.#starts;
    const last = starts.length - 1;
    let at = Math.min(last, Math.floor((position / ringSize) * starts.length));
    while ((starts[at] as number) > position) at--;
    while (at < last && (starts[at + 1] as number) <= position) at++;
    return at;
  }
}
