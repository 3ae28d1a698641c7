import { type Bucket, createBucket, retune, settle, take } from './bucket.ts';

/** The numbers of table capacity, from `config/quotas`. */
export interface CapacityRules {
  /** Seconds of unused provisioned capacity that are kept. */
  readonly burstSec: number;
  /** Units a second that a new on-demand table takes at once. */
  readonly onDemandInitial: { readonly read: number; readonly write: number };
  /** An on-demand table takes this times its previous peak. */
  readonly onDemandGrowth: number;
  /** A new peak counts as previous after this. */
  readonly onDemandSettleSec: number;
  /** An on-demand peak is the average over this. */
  readonly onDemandPeakSec: number;
  /** Seconds of on-demand throughput that are kept: nothing is bought, so nothing is left unused, but requests come unevenly. */
  readonly onDemandKeptSec: number;
}

export type Direction = 'read' | 'write';

/** What a table is set to, for one direction: provisioned units a second, or on demand (with a maximum of its own, if any). */
export type Setting = { readonly mode: 'provisioned'; readonly unitsPerSec: number } | { readonly mode: 'on-demand'; readonly maxPerSec?: number };

/** Why a request was refused: the middle part of AWS's throttling reasons and metrics. */
export type Refusal = 'ProvisionedThroughput' | 'MaxOnDemandThroughput' | 'KeyRangeThroughput';

/** Throughput of one table (or index) in one direction: admission of every request, by mode. */
export class Capacity {
  readonly #rules: CapacityRules;
  readonly #direction: Direction;
  readonly #bucket: Bucket;
  #setting: Setting;
  /** Highest window so far, in units a second, and since when it stands. */
  #peak = { unitsPerSec: 0, sinceMs: 0 };
  #window = { startMs: 0, units: 0 };

  constructor(rules: CapacityRules, direction: Direction, setting: Setting, nowMs: number) {
    this.#rules = rules;
    this.#direction = direction;
    this.#setting = setting;
    const unitsPerSec = this.#unitsPerSec();
    // Nothing has been left unused yet: a second's worth, not a full burst.
    this.#bucket = createBucket(unitsPerSec, unitsPerSec * this.#keptSec(), unitsPerSec, nowMs);
    this.#window.startMs = nowMs;
  }

  /** Undefined when `units` were taken. */
  admit(units: number, nowMs: number): Refusal | undefined {
    if (this.#setting.mode === 'on-demand') this.#observe(nowMs);
    if (take(this.#bucket, units, nowMs)) {
      this.#window.units += units;
      return undefined;
    }
    if (this.#setting.mode === 'provisioned') return 'ProvisionedThroughput';
    return this.#setting.maxPerSec === undefined ? 'KeyRangeThroughput' : 'MaxOnDemandThroughput';
  }

  /** Charges what an admitted request cost beyond what it was admitted with. */
  settle(units: number): void {
    settle(this.#bucket, units);
    this.#window.units += units;
  }

  get onDemand(): boolean {
    return this.#setting.mode === 'on-demand';
  }

  /** Applies a changed setting; from provisioned to on demand, what was provisioned counts as the previous peak's capacity. */
  change(setting: Setting, nowMs: number): void {
    if (this.#setting.mode === 'provisioned' && setting.mode === 'on-demand') {
      this.#peak = { unitsPerSec: this.#setting.unitsPerSec / this.#rules.onDemandGrowth, sinceMs: nowMs };
    }
    this.#setting = setting;
    this.#retune(nowMs);
  }

  #unitsPerSec(): number {
    if (this.#setting.mode === 'provisioned') return this.#setting.unitsPerSec;
    const grown = Math.max(this.#rules.onDemandInitial[this.#direction], this.#peak.unitsPerSec * this.#rules.onDemandGrowth);
    return Math.min(grown, this.#setting.maxPerSec ?? grown);
  }

  #keptSec(): number {
    return this.#setting.mode === 'provisioned' ? this.#rules.burstSec : this.#rules.onDemandKeptSec;
  }

  #retune(nowMs: number): void {
    const unitsPerSec = this.#unitsPerSec();
    retune(this.#bucket, unitsPerSec, unitsPerSec * this.#keptSec(), nowMs);
  }

  /** Closes a window that has passed; a higher peak replaces the previous one when that has stood long enough. */
  #observe(nowMs: number): void {
    const elapsedMs = nowMs - this.#window.startMs;
    if (elapsedMs < this.#rules.onDemandPeakSec * 1000) return;
    const unitsPerSec = (this.#window.units * 1000) / elapsedMs;
    this.#window = { startMs: nowMs, units: 0 };
    if (unitsPerSec <= this.#peak.unitsPerSec) return;
    const first = this.#peak.unitsPerSec === 0;
    if (!first && nowMs - this.#peak.sinceMs < this.#rules.onDemandSettleSec * 1000) return;
    this.#peak = { unitsPerSec, sinceMs: nowMs };
    this.#retune(nowMs);
  }
}
