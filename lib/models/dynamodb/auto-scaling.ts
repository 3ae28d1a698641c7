/** When auto scaling acts, from `config/quotas`. */
export interface ScalingRules {
  /** Minutes in a row above the target before capacity is raised. */
  readonly outMinutes: number;
  /** Minutes in a row below it before capacity is lowered. */
  readonly inMinutes: number;
  /** Points of utilisation below the target at which "below" begins. */
  readonly inMarginPercent: number;
}

/** What a user sets: between which units, at which utilisation, and how long to rest after a change. */
export interface ScalingPolicy {
  readonly minUnits: number;
  readonly maxUnits: number;
  readonly targetPercent: number;
  readonly outCooldownSec: number;
  readonly inCooldownSec: number;
  readonly scalesIn: boolean;
}

/**
 * Target tracking of one table's (or index's) provisioned capacity in one direction, as Application Auto Scaling does it by two alarms
 * on the consumed units of a minute. Source: Amazon DynamoDB developer guide, managing throughput with auto scaling.
 */
export class TargetTracking {
  readonly #rules: ScalingRules;
  readonly #policy: ScalingPolicy;
  #above = 0;
  #below = 0;
  /** Highest consumption among the minutes below. */
  #highest = 0;
  #actedMs = Number.NEGATIVE_INFINITY;

  constructor(rules: ScalingRules, policy: ScalingPolicy) {
    this.#rules = rules;
    this.#policy = policy;
  }

  /** Takes one minute's consumption, in units a second; answers what capacity should become, undefined to leave it. */
  minute(consumedPerSec: number, provisioned: number, nowMs: number): number | undefined {
    const { targetPercent, minUnits, maxUnits } = this.#policy;
    if (provisioned < minUnits || provisioned > maxUnits) return this.#act(Math.min(maxUnits, Math.max(minUnits, provisioned)), nowMs);
    const percent = (consumedPerSec / provisioned) * 100;
    this.#above = percent > targetPercent ? this.#above + 1 : 0;
    const below = percent < targetPercent - this.#rules.inMarginPercent;
    this.#below = below ? this.#below + 1 : 0;
    this.#highest = below ? Math.max(this.#highest, consumedPerSec) : 0;
    const wanted = (perSec: number): number => Math.min(maxUnits, Math.max(minUnits, Math.ceil((perSec * 100) / targetPercent)));
    if (this.#above >= this.#rules.outMinutes && this.#rested(this.#policy.outCooldownSec, nowMs) && wanted(consumedPerSec) > provisioned) {
      return this.#act(wanted(consumedPerSec), nowMs);
    }
    const lowers = this.#policy.scalesIn && this.#below >= this.#rules.inMinutes && this.#rested(this.#policy.inCooldownSec, nowMs);
    return lowers && wanted(this.#highest) < provisioned ? this.#act(wanted(this.#highest), nowMs) : undefined;
  }

  #rested(cooldownSec: number, nowMs: number): boolean {
    return nowMs - this.#actedMs >= cooldownSec * 1000;
  }

  #act(units: number, nowMs: number): number {
    this.#above = 0;
    this.#below = 0;
    this.#highest = 0;
    this.#actedMs = nowMs;
    return units;
  }
}
