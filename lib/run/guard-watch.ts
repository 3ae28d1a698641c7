import type { GuardReading, SiteGuard } from '../chaos/guard-alarms.ts';
import { ofSamples } from '../grade/indicators/of-samples.ts';
import type { PhaseKind, Sample } from '../record/types.ts';
import { minimumSamples, quantileOfSorted } from '../stats/quantile.ts';
import type { Guard } from './exercise.ts';

/** Over how many seconds a guard looks unless it says so. */
export const defaultOverSec = 10;
/** Fewer requests than this are no error rate, and no reason to miss any. */
const fewestRequests = 20;

interface Second {
  readonly index: number;
  /** Of each request that ended in it. */
  readonly requests: { readonly operation: string; readonly durationMs: number; readonly ok: boolean }[];
}

/** A limit that was passed. */
export interface Breach {
  readonly guard: Guard;
  /** What was found, in a sentence. */
  readonly detail: string;
}

/**
 * Holds what clients see against the guards of an exercise, over the last seconds of the wall. Nothing is watched in the warm-up, whose cold starts are
 * nobody's harm. That requests stop to end at all is a breach as well: a guard that sees nothing must not go on.
 */
export class GuardWatch {
  readonly #guards: readonly Guard[];
  #seconds: Second[] = [];
  #armedSec: number | undefined;

  constructor(guards: readonly Guard[]) {
    this.#guards = guards;
  }

  /** Requests that ended by `nowSec`, whole seconds of a clock that only goes forward. */
  samples(samples: readonly Sample[], nowSec: number): void {
    if (this.#guards.length === 0) return;
    let last = this.#seconds.at(-1);
    if (last?.index !== nowSec) {
      last = { index: nowSec, requests: [] };
      this.#seconds.push(last);
    }
    for (const { operation, durationMs, ok } of samples) last.requests.push({ operation, durationMs, ok });
  }

  /** From now on guards watch, or they do not. */
  phase(kind: PhaseKind, nowSec: number): void {
    if (kind === 'warm-up') this.#armedSec = undefined;
    else this.#armedSec ??= nowSec;
  }

  /** The first guard that is breached now; ask once a second. */
  breach(nowSec: number): Breach | undefined {
    const longest = Math.max(0, ...this.#guards.map(({ overSec = defaultOverSec }) => overSec));
    this.#seconds = this.#seconds.filter(({ index }) => index > nowSec - 2 * longest - 1);
    const armedSec = this.#armedSec;
    if (armedSec === undefined) return undefined;
    for (const guard of this.#guards) {
      const { overSec = defaultOverSec } = guard;
      if (nowSec - armedSec < overSec) continue;
      // The second that still runs is not whole.
      const detail = this.#finding(guard, nowSec - overSec, nowSec);
      if (detail !== undefined) return { guard, detail };
    }
    return undefined;
  }

  /** What each guard reads now, for the site: 0 while there is too little to see, nothing where requests stopped to end. */
  readings(nowSec: number): GuardReading[] {
    return this.#guards.map((guard) => {
      const { overSec = defaultOverSec } = guard;
      const waits = this.#armedSec === undefined || nowSec - this.#armedSec < overSec;
      const { found = 0, silent } = waits ? { silent: false } : this.#look(guard, nowSec - overSec, nowSec);
      return { ...siteGuard(guard), value: silent ? undefined : found };
    });
  }

  #finding(guard: Guard, fromSec: number, toSec: number): string | undefined {
    const { sli, above, overSec = defaultOverSec } = guard;
    const { operation, quantile } = watchedBy(guard);
    const { found, silent } = this.#look(guard, fromSec, toSec);
    if (silent) return `no request${operation ? ` of ${operation}` : ''} has ended for ${overSec} s`;
    if (found === undefined || found <= above) return undefined;
    return `${sli} was ${Number(found.toPrecision(4))} ${quantile === undefined ? '%' : 'ms'} over ${overSec} s, and the guard's limit is ${above}`;
  }

  #look(guard: Guard, fromSec: number, toSec: number): { found?: number | undefined; silent: boolean } {
    const { overSec = defaultOverSec } = guard;
    const { operation, quantile } = watchedBy(guard);
    const within = (from: number, to: number) =>
      this.#seconds
        .filter(({ index }) => index >= from && index < to)
        .flatMap(({ requests }) => requests)
        .filter((request) => operation === undefined || request.operation === operation);
    const requests = within(fromSec, toSec);
    if (requests.length === 0) return { silent: within(fromSec - overSec, fromSec).length >= fewestRequests };
    return { found: quantile === undefined ? errorPercent(requests) : latencyMs(requests, quantile), silent: false };
  }
}

function watchedBy({ sli }: Guard): { readonly operation?: string | undefined; readonly quantile?: number | undefined } {
  return ofSamples(sli) ?? {};
}

/** The guard as the site knows it. */
export function siteGuard(guard: Guard): SiteGuard {
  const { sli, above, overSec = defaultOverSec } = guard;
  return { name: `${sli} over ${overSec} s`, above, unit: watchedBy(guard).quantile === undefined ? 'Percent' : 'Milliseconds' };
}

/** How many requests the window of a guard must hold for it to see anything. */
export function requestsNeeded(quantile: number | undefined): number {
  return quantile === undefined ? fewestRequests : minimumSamples(quantile);
}

function errorPercent(requests: readonly { readonly ok: boolean }[]): number | undefined {
  return requests.length < requestsNeeded(undefined) ? undefined : (requests.filter(({ ok }) => !ok).length / requests.length) * 100;
}

function latencyMs(requests: readonly { readonly durationMs: number }[], q: number): number | undefined {
  if (requests.length < requestsNeeded(q)) return undefined;
  return quantileOfSorted(
    requests.map(({ durationMs }) => durationMs).sort((a, b) => a - b),
    q,
  );
}
