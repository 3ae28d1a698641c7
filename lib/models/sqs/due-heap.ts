/** What waits for its time. `slot` is the heap's own: where in it the entry lies, -1 while it is not there. */
export interface Due {
  dueMs: number;
  slot: number;
}

/** Entries by due time, the earliest first, in a binary heap that knows where each lies: adding and removing any of n costs log n. */
export class DueHeap<Entry extends Due> {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  add(entry: Entry): void {
    this.#put(entry, this.#entries.length);
    this.#up(entry);
  }

  remove(entry: Entry): void {
    const last = this.#entries.pop();
    if (last !== undefined && last !== entry) {
      this.#put(last, entry.slot);
      this.#up(last);
      this.#down(last);
    }
    entry.slot = -1;
  }

  #up(entry: Entry): void {
    while (entry.slot > 0) {
      const parent = this.#entries[(entry.slot - 1) >> 1] as Entry;
      if (parent.dueMs <= entry.dueMs) return;
      this.#swap(parent, entry);
    }
  }

  #down(entry: Entry): void {
    for (;;) {
      const left = this.#entries[2 * entry.slot + 1];
      const right = this.#entries[2 * entry.slot + 2];
      const child = right && left && right.dueMs < left.dueMs ? right : left;
      if (!child || child.dueMs >= entry.dueMs) return;
      this.#swap(entry, child);
    }
  }

  /** `parent` and `child` change places. */
  #swap(parent: Entry, child: Entry): void {
    const { slot } = parent;
    this.#put(parent, child.slot);
    this.#put(child, slot);
  }

  #put(entry: Entry, slot: number): void {
    this.#entries[slot] = entry;
    entry.slot = slot;
  }
}
