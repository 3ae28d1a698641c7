/** When a partition is split for heat: AWS gives no times, `config/quotas` has assumed ones. */
export interface HeatRules {
  /** How long a partition is refused before it is split. */
  readonly delaySec: number;
  /** A pause of this length ends the heat. */
  readonly pauseSec: number;
}

interface Heat {
  readonly sinceMs: number;
  lastMs: number;
  count: number;
  /** Positions of the latest refused requests, in a ring. */
  readonly positions: Float64Array;
}

const samples = 64;

/** Which partitions are hot, from the requests that they refused, and where to split them. */
export class HeatLog {
  readonly #rules: HeatRules;
  /** By the first position of the partition, which stays when others are split. */
  readonly #byStart = new Map<number, Heat>();

  constructor(rules: HeatRules) {
    this.#rules = rules;
  }

  /**
   * Notes a refusal in the partition from `start` to below `end`. Once it has been hot for long enough, answers the position that
   * parts its traffic in two; a single position is first set apart from what is below it, then from what is above, then left alone.
   */
  refused(start: number, end: number, position: number, nowMs: number): number | undefined {
    let heat = this.#byStart.get(start);
    if (!heat || nowMs - heat.lastMs > this.#rules.pauseSec * 1000) {
      heat = { sinceMs: nowMs, lastMs: nowMs, count: 0, positions: new Float64Array(samples) };
      this.#byStart.set(start, heat);
    }
    heat.lastMs = nowMs;
    heat.positions[heat.count++ % samples] = position;
    if (nowMs - heat.sinceMs < this.#rules.delaySec * 1000) return undefined;
    this.#byStart.delete(start);
    const middle = median(heat.positions.slice(0, Math.min(heat.count, samples)));
    if (middle > start) return middle;
    return middle + 1 < end ? middle + 1 : undefined;
  }
}

function median(positions: Float64Array): number {
  return positions.sort()[positions.length >> 1] as number;
}
