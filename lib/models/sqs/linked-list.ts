/** A place in a list; whoever keeps it can take its value out again at once. */
export interface Place<Value> {
  readonly value: Value;
  before: Place<Value> | undefined;
  after: Place<Value> | undefined;
}

/** Values in the order in which they came, with removal from anywhere in constant time. */
export class LinkedList<Value> {
  #first: Place<Value> | undefined;
  #last: Place<Value> | undefined;

  get first(): Value | undefined {
    return this.#first?.value;
  }

  /** Adds `value` at the end; give its place to `remove`, once. */
  add(value: Value): Place<Value> {
    const place: Place<Value> = { value, before: this.#last, after: undefined };
    if (this.#last) this.#last.after = place;
    else this.#first = place;
    this.#last = place;
    return place;
  }

  remove({ before, after }: Place<Value>): void {
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
  }
}
