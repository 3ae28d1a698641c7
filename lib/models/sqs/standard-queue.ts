import type { Rng } from '../../core/rng.ts';
import { type Due, DueHeap } from './due-heap.ts';
import { LinkedList, type Place } from './linked-list.ts';

/** How a message is told apart; `receive` says which of its receives is meant (0: none yet). */
export interface Receipt {
  readonly sequence: number;
  readonly receive: number;
}

/** A message in a queue. Read only outside the model. */
export interface Message<Content> extends Due {
  readonly content: Content;
  /** Of its first sending; a dead-letter queue keeps it, and retention counts from it. */
  readonly sentMs: number;
  /** When it came into this queue. */
  readonly arrivedMs: number;
  readonly sequence: number;
  readonly partition: number;
  receives: number;
  /** Receives that it had in the queue from which it came. */
  readonly receivesBefore: number;
  firstReceivedMs: number | undefined;
  state: 'visible' | 'delayed' | 'in-flight';
  /** Among all by arrival. */
  age: Place<Message<Content>> | undefined;
  /** Among the visible ones of its partition. */
  place: Place<Message<Content>> | undefined;
}

/** What the account's quotas and the lab's assumptions say of every queue. */
export interface QueueLimits {
  /** Messages received and not yet deleted, at most. */
  readonly inFlight: number;
  /** Stores that a queue is spread over; order holds within one. */
  readonly partitions: number;
  /** Share of them that a short poll looks at. */
  readonly shortPollShare: number;
}

/** What comes along with a message that moves to a dead-letter queue. */
export interface Moved {
  readonly sentMs: number;
  readonly receives: number;
  readonly firstReceivedMs: number | undefined;
}

export interface ReceiveRequest {
  readonly max: number;
  readonly visibilityMs: number;
  /** After how many receives from this queue a message goes to the dead-letter queue instead. */
  readonly maxReceives?: number;
  /** A long poll looks everywhere; a short one at a sample. */
  readonly long: boolean;
}

export interface Received<Content> {
  readonly messages: readonly Message<Content>[];
  /** Taken out because they had been received too often. */
  readonly dead: readonly Message<Content>[];
  /** Nothing was given because too many messages are in flight. */
  readonly overLimit: boolean;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * A standard queue of Amazon SQS: messages are visible, delayed or in flight, come back when their visibility timeout passes, and end when
 * deleted, dead or past their retention. No operation looks through the messages: each costs at most the logarithm of what is hidden.
 */
export class StandardQueue<Content> {
  readonly #limits: QueueLimits;
  readonly #messages = new Map<number, Message<Content>>();
  /** By arrival, for age and retention. */
  #ages = new LinkedList<Message<Content>>();
  #partitions: LinkedList<Message<Content>>[];
  /** Delayed and in flight. */
  #hidden = new DueHeap<Message<Content>>();
  #inFlight = 0;
  #sequence = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
    this.#partitions = Array.from({ length: limits.partitions }, () => new LinkedList());
  }

  /** Puts a message in, visible after `delayMs`; `moved` where it comes from another queue. */
  send(content: Content, delayMs: number, nowMs: number, rng: Rng, moved?: Moved): Message<Content> {
    const message: Message<Content> = {
      content,
      sentMs: moved?.sentMs ?? nowMs,
      arrivedMs: nowMs,
      sequence: ++this.#sequence,
      partition: rng.int(this.#partitions.length),
      receives: moved?.receives ?? 0,
      receivesBefore: moved?.receives ?? 0,
      firstReceivedMs: moved?.firstReceivedMs,
      state: 'visible',
      dueMs: nowMs + delayMs,
      slot: -1,
      age: undefined,
      place: undefined,
    };
    message.age = this.#ages.add(message);
    this.#messages.set(message.sequence, message);
    if (delayMs > 0) this.#hide(message, 'delayed');
    else this.#show(message);
    return message;
  }

  /** Takes up to `max` visible messages into flight. Call `expire` before. */
  receive({ max, visibilityMs, maxReceives = Number.POSITIVE_INFINITY, long }: ReceiveRequest, nowMs: number, rng: Rng): Received<Content> {
    const room = Math.min(max, this.#limits.inFlight - this.#inFlight);
    const messages: Message<Content>[] = [];
    const dead: Message<Content>[] = [];
    if (room <= 0) return { messages, dead, overLimit: true };
    for (const message of this.#sample(long, rng)) {
      if (message.receives - message.receivesBefore >= maxReceives) {
        this.#remove(message);
        dead.push(message);
        continue;
      }
      this.#conceal(message);
      message.receives++;
      message.firstReceivedMs ??= nowMs;
      messages.push(message);
      if (messages.length >= room) break;
    }
    for (const message of messages) this.#hideFor(message, visibilityMs, nowMs);
    return { messages, dead, overLimit: false };
  }

  /** Deletes the message if `receive` is its latest; a receipt of an earlier receive is taken and does nothing, as on AWS. */
  delete({ sequence, receive }: Receipt): boolean {
    const message = this.#messages.get(sequence);
    if (message?.receives !== receive) return false;
    this.#remove(message);
    return true;
  }

  /** The message that is in flight by that receipt. */
  inFlight({ sequence, receive }: Receipt): Message<Content> | undefined {
    const message = this.#messages.get(sequence);
    return message?.receives === receive && message.state === 'in-flight' ? message : undefined;
  }

  /** Hides a message that is in flight for `visibilityMs` from now; 0 makes it visible at once. */
  changeVisibility(message: Message<Content>, visibilityMs: number, nowMs: number): void {
    this.#unhide(message);
    this.#hideFor(message, visibilityMs, nowMs);
  }

  /** What is due by `nowMs`: hidden messages show, and those sent `retentionMs` ago or before end. Returns how many ended. */
  expire(retentionMs: number, nowMs: number): number {
    let ended = 0;
    for (let first = this.#ages.first; first && first.sentMs + retentionMs <= nowMs; first = this.#ages.first) {
      this.#remove(first);
      ended++;
    }
    for (let first = this.#hidden.first; first && first.dueMs <= nowMs; first = this.#hidden.first) {
      this.#unhide(first);
      this.#show(first);
    }
    return ended;
  }

  /** When the next hidden message shows. */
  get nextDueMs(): number | undefined {
    return this.#hidden.first?.dueMs;
  }

  get counts(): QueueCounts {
    const delayed = this.#hidden.size - this.#inFlight;
    return { visible: this.#messages.size - this.#hidden.size, inFlight: this.#inFlight, delayed };
  }

  /** Since when the oldest message is here. */
  get oldestMs(): number | undefined {
    return this.#ages.first?.arrivedMs;
  }

  /** Drops every message, in flight or not. */
  purge(): void {
    this.#messages.clear();
    this.#ages = new LinkedList();
    this.#hidden = new DueHeap();
    this.#partitions = this.#partitions.map(() => new LinkedList());
    this.#inFlight = 0;
  }

  /** Visible messages: one of each partition in turn, from a random one on, until no partition has any. */
  *#sample(long: boolean, rng: Rng): Generator<Message<Content>> {
    const count = this.#partitions.length;
    const looked = long ? count : Math.ceil(count * this.#limits.shortPollShare);
    const start = rng.int(count);
    for (let found = true; found; ) {
      found = false;
      for (let i = 0; i < looked; i++) {
        const message = this.#partitions[(start + i) % count]?.first;
        if (!message) continue;
        found = true;
        yield message;
      }
    }
  }

  #hideFor(message: Message<Content>, visibilityMs: number, nowMs: number): void {
    message.dueMs = nowMs + visibilityMs;
    if (visibilityMs > 0) this.#hide(message, 'in-flight');
    else this.#show(message);
  }

  #show(message: Message<Content>): void {
    message.state = 'visible';
    message.place = this.#partitions[message.partition]?.add(message);
  }

  #conceal(message: Message<Content>): void {
    if (message.place) this.#partitions[message.partition]?.remove(message.place);
    message.place = undefined;
  }

  #hide(message: Message<Content>, state: 'delayed' | 'in-flight'): void {
    message.state = state;
    if (state === 'in-flight') this.#inFlight++;
    this.#hidden.add(message);
  }

  #unhide(message: Message<Content>): void {
    this.#hidden.remove(message);
    if (message.state === 'in-flight') this.#inFlight--;
  }

  #remove(message: Message<Content>): void {
    if (message.state === 'visible') this.#conceal(message);
    else this.#unhide(message);
    if (message.age) this.#ages.remove(message.age);
    this.#messages.delete(message.sequence);
  }
}
