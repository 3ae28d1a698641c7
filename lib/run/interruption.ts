/** Why a run ends before its time. */
export type EndReason =
  | { readonly kind: 'interrupted'; readonly by: string }
  | { readonly kind: 'site-gone'; readonly detail: string }
  | { readonly kind: 'traffic-ended'; readonly detail: string }
  | { readonly kind: 'fault-failed'; readonly detail: string }
  | { readonly kind: 'stop-condition'; readonly detail: string }
  /** The site answered a call of the run with a refusal, such as one for want of permission. */
  | { readonly kind: 'call-refused'; readonly detail: string }
  | { readonly kind: 'record-failed'; readonly detail: string }
  | { readonly kind: 'defect'; readonly detail: string };

/** The one place that ends a run early; the first reason counts, later ones change nothing. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #hurry = new AbortController();
  #reason: EndReason | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts when a person asks the run to stop, also when something else has ended it before: nothing more is waited for then. */
  get hurry(): AbortSignal {
    return this.#hurry.signal;
  }

  get reason(): EndReason | undefined {
    return this.#reason;
  }

  end(reason: EndReason): void {
    if (reason.kind === 'interrupted') this.#hurry.abort(new Error(reason.kind));
    if (this.#reason) return;
    this.#reason = reason;
    this.#controller.abort(new Error(reason.kind));
  }
}

/** The promise, or a rejection with the signal's reason as soon as it aborts. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    // In any case, so that a promise nobody waits for any more cannot fail unheard.
    promise.then(resolve, reject);
  });
}
