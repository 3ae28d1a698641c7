/**
 * Idle execution environments of one function. The most recently used is reused first, so that the others grow old and are
 * reclaimed once idle for the lifetime (AWS publishes neither; both are assumed and seen in practice).
 */
export class IdleEnvironments<Environment> {
  readonly #lifetimeMs: number;
  /** Oldest first: environments enter at the end as they become idle, so that idle times ascend. */
  #idle: { readonly environment: Environment; readonly sinceMs: number }[] = [];

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** The most recently used environment that `usable` accepts; none is handed out that outlived its idle time. */
  take(nowMs: number, usable: (environment: Environment) => boolean): Environment | undefined {
    for (let i = this.#idle.length - 1; i >= 0; i--) {
      const entry = this.#idle[i];
      if (!entry || nowMs - entry.sinceMs >= this.#lifetimeMs) return undefined;
      if (!usable(entry.environment)) continue;
      this.#idle.splice(i, 1);
      return entry.environment;
    }
    return undefined;
  }

  put(environment: Environment, nowMs: number): void {
    this.#idle.push({ environment, sinceMs: nowMs });
  }

  /** Removes and returns what has been idle for the lifetime. */
  reap(nowMs: number): Environment[] {
    const young = this.#idle.findIndex((entry) => nowMs - entry.sinceMs < this.#lifetimeMs);
    return this.#idle.splice(0, young < 0 ? this.#idle.length : young).map((entry) => entry.environment);
  }

  /** Removes and returns all, or those that `condemned` names (their host is gone). */
  drain(condemned: (environment: Environment) => boolean = () => true): Environment[] {
    const gone = this.#idle.filter((entry) => condemned(entry.environment));
    this.#idle = this.#idle.filter((entry) => !condemned(entry.environment));
    return gone.map((entry) => entry.environment);
  }

  get size(): number {
    return this.#idle.length;
  }
}
