interface Token {
  readonly digest: string;
  /** Undefined while the transaction is under way. */
  doneMs: number | undefined;
}

/** What a client request token says of the transaction that carries it. */
export type TokenState = 'new' | 'in-progress' | 'done' | 'mismatch';

/** Client request tokens of transactions: for a while after it succeeded, the same request with the same token does nothing again. */
export class TransactionTokens {
  readonly #keptMs: number;
  /** In the order in which transactions were completed, those under way apart from it. */
  readonly #byToken = new Map<string, Token>();

  constructor(keptSec: number) {
    this.#keptMs = keptSec * 1000;
  }

  state(token: string, digest: string, nowMs: number): TokenState {
    this.#forget(nowMs);
    const known = this.#byToken.get(token);
    if (!known) return 'new';
    if (known.digest !== digest) return 'mismatch';
    return known.doneMs === undefined ? 'in-progress' : 'done';
  }

  begin(token: string, digest: string): void {
    this.#byToken.set(token, { digest, doneMs: undefined });
  }

  /** A cancelled transaction leaves nothing behind: its token may be used again. */
  cancel(token: string): void {
    this.#byToken.delete(token);
  }

  complete(token: string, nowMs: number): void {
    const known = this.#byToken.get(token);
    if (!known) return;
    known.doneMs = nowMs;
    // Last in order, so that what is at the front is what is forgotten first.
    this.#byToken.delete(token);
    this.#byToken.set(token, known);
  }

  #forget(nowMs: number): void {
    for (const [token, { doneMs }] of this.#byToken) {
      if (doneMs === undefined) continue;
      if (nowMs - doneMs < this.#keptMs) return;
      this.#byToken.delete(token);
    }
  }
}
