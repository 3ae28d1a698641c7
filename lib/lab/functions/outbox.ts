/** A port that takes arrays of messages; a Worker, or a worker's parent port. */
export interface Port<Message> {
  postMessage(messages: readonly Message[], transfer?: readonly ArrayBuffer[]): void;
}

/** Collects messages and posts them together once the current turn of the event loop has done its work. */
export class Outbox<Message> {
  readonly #port: Port<Message>;
  #messages: Message[] = [];
  #transfer: ArrayBuffer[] = [];
  #posted = 0;

  constructor(port: Port<Message>) {
    this.#port = port;
  }

  /** Gives the message's number, from 1. `bytes` is handed over: the sender must not touch it any more. */
  post(message: Message, bytes?: Uint8Array): number {
    if (this.#messages.length === 0) setImmediate(() => this.flush());
    this.#messages.push(message);
    if (bytes) this.#transfer.push(bytes.buffer as ArrayBuffer);
    return ++this.#posted;
  }

  flush(): void {
    if (this.#messages.length === 0) return;
    const [messages, transfer] = [this.#messages, this.#transfer];
    this.#messages = [];
    this.#transfer = [];
    this.#port.postMessage(messages, transfer);
  }
}

/** Bodies above this are copied once and transferred; below, the copy that posting makes anyway is cheaper. */
const transferFromBytes = 65_536;

/**
 * `body` in a form that can be posted, and whether its buffer is to be transferred. A view of a larger buffer (Node's small
 * Buffers share one) is copied out, because posting would copy all of it; the caller's own bytes stay usable for a retry.
 */
export function postable<Body extends Uint8Array | string>(body: Body): { readonly body: Body | Uint8Array; readonly transfer?: Uint8Array } {
  if (typeof body === 'string') return { body };
  if (body.byteLength >= transferFromBytes) {
    const copy = new Uint8Array(body);
    return { body: copy, transfer: copy };
  }
  return { body: body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body) };
}
