import type { KeyValue } from './key-position.ts';

/** Weight of one write in the moving average: the last hundred or so decide. */
const weight = 1 / 128;

/** Share of writes above the one before from which sort keys count as growing; half of them are when keys come in any order. */
const growing = 0.8;

/**
 * Whether the sort keys that are written only grow (times, sequence numbers). All writes of an item collection then go to its end, and
 * DynamoDB does not split it for heat. How AWS tells is internal: this looks at whether each key is above the one written before.
 */
export class SortOrder {
  #last: string | number = '';
  #share = 0.5;

  get grows(): boolean {
    return this.#share >= growing;
  }

  /** Takes note of the sort key of a write. */
  wrote(key: KeyValue | undefined): void {
    const value = typeof key?.N === 'string' ? Number(key.N) : (key?.S ?? key?.B);
    if (value === undefined) return;
    if (value !== this.#last) this.#share += ((value > this.#last ? 1 : 0) - this.#share) * weight;
    this.#last = value;
  }
}
