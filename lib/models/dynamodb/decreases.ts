/** How often throughput may be lowered, from `config/quotas`. */
export interface DecreaseRules {
  /** Decreases of a UTC day that may come at any time. */
  readonly freeADay: number;
  /** Later ones need this long without a decrease. */
  readonly intervalSec: number;
}

/** Why a decrease is refused, as AWS's message tells it. */
export interface DecreaseRefusal {
  readonly today: number;
  readonly lastMs: number;
  readonly nextMs: number;
}

const dayMs = 86_400_000;

/** Decreases of one table's (or index's) provisioned throughput. Source: Amazon DynamoDB developer guide, quotas. */
export class Decreases {
  readonly #rules: DecreaseRules;
  #today = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(rules: DecreaseRules) {
    this.#rules = rules;
  }

  /** Decreases on the UTC day of `nowMs`. */
  today(nowMs: number): number {
    return Math.floor(this.#lastMs / dayMs) === Math.floor(nowMs / dayMs) ? this.#today : 0;
  }

  refusal(nowMs: number): DecreaseRefusal | undefined {
    const today = this.today(nowMs);
    const nextMs = this.#lastMs + this.#rules.intervalSec * 1000;
    return today < this.#rules.freeADay || nowMs >= nextMs ? undefined : { today, lastMs: this.#lastMs, nextMs };
  }

  count(nowMs: number): void {
    this.#today = this.today(nowMs) + 1;
    this.#lastMs = nowMs;
  }
}
