/** Why a run ends before its time. */
export type EndReason =
  | { readonly kind: 'interrupted'; readonly by: string }
  | { readonly kind: 'site-gone'; readonly detail: string }
  | { readonly kind: 'traffic-ended'; readonly detail: string }
  | { readonly kind: 'stop-condition'; readonly detail: string };

/** The one place that ends a run early; the first reason counts, later ones change nothing. */
export class Interruption {
  readonly #controller = new AbortController();
  #reason: EndReason | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): EndReason | undefined {
    return this.#reason;
  }

  end(reason: EndReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#controller.abort(new Error(reason.kind));
  }
}
