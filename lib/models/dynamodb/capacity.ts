import { type Bucket, charge, createBucket, holds, retune } from './bucket.ts';

/** The numbers of table capacity, from `config/quotas`. */
export interface CapacityRules {
  /** Seconds of unused provisioned capacity that are kept. */
  readonly burstSec: number;
  /** Units a second that a new on-demand table takes at once. */
  readonly onDemandInitial: PerDirection;
  /** An on-demand table takes this times its previous peak. */
  readonly onDemandGrowth: number;
  /** For this long warm throughput grows to no more than `onDemandGrowth` times what it was when it began to. */
  readonly onDemandSettleSec: number;
  /** An on-demand peak is the average over this. */
  readonly onDemandPeakSec: number;
  /** Seconds of on-demand throughput that are kept: nothing is bought, so nothing is left unused, but requests come unevenly. */
  readonly onDemandKeptSec: number;
  /** Units a second that the account's quota allows one table or index on demand. */
  readonly tableMax: PerDirection;
}

export type Direction = 'read' | 'write';

export interface PerDirection {
  readonly read: number;
  readonly write: number;
}

/** What a table is set to, for one direction: provisioned units a second, or on demand (with a maximum of its own, if any). */
export type Setting = { readonly mode: 'provisioned'; readonly unitsPerSec: number } | { readonly mode: 'on-demand'; readonly maxPerSec?: number };

/** Why a request was refused: the middle part of AWS's throttling reasons and metrics. */
export type Refusal = 'ProvisionedThroughput' | 'MaxOnDemandThroughput' | 'KeyRangeThroughput' | 'AccountLimit';

/** Throughput of one table (or index) as a whole in one direction; what its partitions allow is `Partitions`' part. */
export class Capacity {
  readonly #rules: CapacityRules;
  readonly #direction: Direction;
  readonly #bucket: Bucket;
  readonly #warmed: () => void;
  #setting: Setting;
  #warmPerSec: number;
  /** Since when warm throughput has been growing, and up to what it may until that has settled. */
  #growth = { sinceMs: Number.NEGATIVE_INFINITY, mostPerSec: 0 };
  #window = { startMs: 0, units: 0 };

  /** `warmPerSec`: what was asked for by WarmThroughput, 0 for nothing; `warmed` is told when warm throughput rises later. */
  constructor(rules: CapacityRules, direction: Direction, setting: Setting, nowMs: number, warmPerSec = 0, warmed: () => void = () => undefined) {
    this.#rules = rules;
    this.#direction = direction;
    this.#setting = setting;
    this.#warmed = warmed;
    this.#warmPerSec = Math.max(warmPerSec, this.#leastWarm());
    const unitsPerSec = this.#unitsPerSec();
    // Nothing has been left unused yet: a second's worth, not a full burst.
    this.#bucket = createBucket(unitsPerSec, unitsPerSec * this.#keptSec(), unitsPerSec, nowMs);
    this.#window.startMs = nowMs;
  }

  /** Why `units` are not to be had now; undefined when they are. Takes nothing. */
  refusal(units: number, nowMs: number): Refusal | undefined {
    if (this.#setting.mode === 'on-demand') this.#observe(nowMs);
    return holds(this.#bucket, units, nowMs) ? undefined : this.#reason();
  }

  /** Charges what a request costs, or costs beyond what it was admitted with. */
  charge(units: number): void {
    charge(this.#bucket, units);
    this.#window.units += units;
  }

  get onDemand(): boolean {
    return this.#setting.mode === 'on-demand';
  }

  /** Units a second that are provisioned; undefined on demand. */
  get provisionedPerSec(): number | undefined {
    return this.#setting.mode === 'provisioned' ? this.#setting.unitsPerSec : undefined;
  }

  /** Units a second that the table takes at once, apart from hot keys: AWS's warm throughput. It never falls. */
  get warmPerSec(): number {
    return this.#warmPerSec;
  }

  /** Applies a changed setting, and what WarmThroughput asks for. What was provisioned stays warm on demand. */
  change(setting: Setting, nowMs: number, warmPerSec = 0): void {
    this.#setting = setting;
    this.#warmPerSec = Math.max(this.#warmPerSec, warmPerSec, this.#leastWarm());
    this.#retune(nowMs);
    this.#warmed();
  }

  #leastWarm(): number {
    return this.#setting.mode === 'provisioned' ? this.#setting.unitsPerSec : this.#rules.onDemandInitial[this.#direction];
  }

  #unitsPerSec(): number {
    if (this.#setting.mode === 'provisioned') return this.#setting.unitsPerSec;
    return Math.min(this.#warmPerSec, this.#setting.maxPerSec ?? this.#warmPerSec, this.#rules.tableMax[this.#direction]);
  }

  #reason(): Refusal {
    if (this.#setting.mode === 'provisioned') return 'ProvisionedThroughput';
    const { unitsPerSec } = this.#bucket;
    if (unitsPerSec === this.#setting.maxPerSec) return 'MaxOnDemandThroughput';
    return unitsPerSec === this.#rules.tableMax[this.#direction] ? 'AccountLimit' : 'KeyRangeThroughput';
  }

  #keptSec(): number {
    return this.#setting.mode === 'provisioned' ? this.#rules.burstSec : this.#rules.onDemandKeptSec;
  }

  #retune(nowMs: number): void {
    const unitsPerSec = this.#unitsPerSec();
    retune(this.#bucket, unitsPerSec, unitsPerSec * this.#keptSec(), nowMs);
  }

  /**
   * Closes a window that has passed: its peak, times the growth, becomes warm, as far as growth may go until it has settled. All that was
   * charged came within the window, however long it is since.
   */
  #observe(nowMs: number): void {
    const { onDemandPeakSec, onDemandGrowth, onDemandSettleSec } = this.#rules;
    if (nowMs - this.#window.startMs < onDemandPeakSec * 1000) return;
    const grown = (this.#window.units / onDemandPeakSec) * onDemandGrowth;
    this.#window.startMs = nowMs;
    this.#window.units = 0;
    if (grown <= this.#warmPerSec) return;
    if (nowMs - this.#growth.sinceMs >= onDemandSettleSec * 1000) {
      this.#growth = { sinceMs: nowMs, mostPerSec: this.#warmPerSec * onDemandGrowth };
    }
    const warmPerSec = Math.min(grown, this.#growth.mostPerSec);
    if (warmPerSec <= this.#warmPerSec) return;
    this.#warmPerSec = warmPerSec;
    this.#retune(nowMs);
    this.#warmed();
  }
}
