/** What AWS fixes of asynchronous invocation. */
export interface AsyncRules {
  /** Waits before the tries after a function error, in order. */
  readonly retryWaitsMs: readonly number[];
  readonly throttleBackoff: { readonly firstMs: number; readonly maxMs: number };
}

/** What a function's EventInvokeConfig sets. */
export interface AsyncLimits {
  readonly maxRetries: number;
  readonly maxAgeMs: number;
}

/** An event in a function's queue. */
export interface AsyncEvent {
  readonly receivedMs: number;
  /** Tries that ended in a function error. */
  readonly errors: number;
  /** Throttles since the last try that ran. */
  readonly throttles: number;
}

/** Why an event is given up, as AWS's destinations have it. */
export type GiveUp = 'RetriesExhausted' | 'EventAgeExceeded';

export type AsyncOutcome =
  | { readonly kind: 'retry'; readonly event: AsyncEvent; readonly atMs: number }
  | { readonly kind: 'give-up'; readonly why: GiveUp };

/** What becomes of an event whose function failed: two more tries after a minute and after two, unless it was set to fewer or grows too old. */
export function afterError(rules: AsyncRules, limits: AsyncLimits, event: AsyncEvent, nowMs: number): AsyncOutcome {
  const waitMs = rules.retryWaitsMs[event.errors];
  if (waitMs === undefined || event.errors >= limits.maxRetries) return { kind: 'give-up', why: 'RetriesExhausted' };
  return retry({ ...event, errors: event.errors + 1, throttles: 0 }, nowMs + waitMs, limits);
}

/** What becomes of an event that Lambda had no room for, or failed to run itself: tries with doubling pauses for as long as it may be kept. */
export function afterThrottle({ throttleBackoff }: AsyncRules, limits: AsyncLimits, event: AsyncEvent, nowMs: number): AsyncOutcome {
  const waitMs = Math.min(throttleBackoff.firstMs * 2 ** event.throttles, throttleBackoff.maxMs);
  return retry({ ...event, throttles: event.throttles + 1 }, nowMs + waitMs, limits);
}

function retry(event: AsyncEvent, atMs: number, { maxAgeMs }: AsyncLimits): AsyncOutcome {
  return atMs >= event.receivedMs + maxAgeMs ? { kind: 'give-up', why: 'EventAgeExceeded' } : { kind: 'retry', event, atMs };
}
