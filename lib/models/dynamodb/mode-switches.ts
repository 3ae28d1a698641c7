/** How often a table may turn to on-demand, from `config/quotas`. */
export interface SwitchRules {
  readonly most: number;
  /** In any stretch of this length. */
  readonly periodSec: number;
}

/** A table's switches from provisioned to on-demand; the other way is free. Source: Amazon DynamoDB developer guide, switching capacity modes. */
export class ModeSwitches {
  readonly #rules: SwitchRules;
  /** The latest ones, oldest first. */
  #atMs: number[] = [];

  constructor(rules: SwitchRules) {
    this.#rules = rules;
  }

  /** Why a switch is refused now: when the last one was, and when the next may come. */
  refusal(nowMs: number): { readonly lastMs: number; readonly nextMs: number } | undefined {
    const { most, periodSec } = this.#rules;
    const [first] = this.#atMs.slice(-most);
    if (first === undefined || this.#atMs.length < most) return undefined;
    const nextMs = first + periodSec * 1000;
    return nowMs >= nextMs ? undefined : { lastMs: this.#atMs.at(-1) as number, nextMs };
  }

  count(nowMs: number): void {
    this.#atMs = [...this.#atMs, nowMs].slice(-this.#rules.most);
  }
}
