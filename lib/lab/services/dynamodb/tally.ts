import type { Item } from '../../../models/dynamodb/item-size.ts';

/** Whose data a store holds: a table's items, or the entries of one of its indexes. */
export interface Source {
  readonly table: string;
  readonly index?: { readonly name: string; readonly kind: IndexKind };
}

/** Local indexes share the table's capacity; global ones have their own. */
export type IndexKind = 'local' | 'global';

export interface Write {
  readonly source: Source;
  readonly oldBytes: number;
  readonly newBytes: number;
  /** What was written; what was there, of a deletion; undefined where nothing was. */
  readonly item: Item | undefined;
  /** Does the write, where it was held back. */
  readonly apply: (() => void) | undefined;
}

/** What one call read and wrote, in bytes, as the stores saw it; capacity is counted from it. */
export class Tally {
  /** Each item read by its key; 0 bytes for one that does not exist. */
  readonly gets: { readonly source: Source; readonly bytes: number }[] = [];
  /** Sizes in the order in which a query or scan looked at them; it may have looked at one more than it counts. */
  readonly scans: number[] = [];
  /** Writes of items and of index entries, an item's entries before the item. */
  readonly writes: Write[] = [];
  /** Whether writes wait for `commit`: until it is known that indexes, or a transaction's other items, let them pass. */
  readonly held: boolean;

  constructor(held: boolean) {
    this.held = held;
  }

  commit(): void {
    for (const { apply } of this.writes) apply?.();
  }
}
