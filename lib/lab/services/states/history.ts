import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { HistoryEvent } from '../../../models/states/types.ts';

/** The events of one execution. Those of an ended one can be packed, to some tenth of their size and off the heap; who asks for them does not notice. */
export class History {
  #events: HistoryEvent[] | undefined = [];
  #packed: Buffer | undefined;
  #length = 0;
  #lastId = 0;

  get length(): number {
    return this.#length;
  }

  /** Id of the latest event; 0 before the first. */
  get lastId(): number {
    return this.#lastId;
  }

  push(event: HistoryEvent): void {
    this.#unpack().push(event);
    this.#length += 1;
    this.#lastId = event.id;
  }

  /** In order. */
  events(): readonly HistoryEvent[] {
    return this.#events ?? parse(this.#packed);
  }

  /** Packs in the background. An event that comes meanwhile makes it void. */
  pack(): void {
    const { length } = this;
    if (this.#packed || length === 0) return;
    deflateRaw(JSON.stringify(this.#events), { level: 1 }, (error, packed) => {
      if (error || this.#length !== length) return;
      this.#packed = packed;
      this.#events = undefined;
    });
  }

  #unpack(): HistoryEvent[] {
    this.#events ??= parse(this.#packed);
    this.#packed = undefined;
    return this.#events;
  }
}

function parse(packed: Buffer | undefined): HistoryEvent[] {
  return packed ? (JSON.parse(inflateRawSync(packed).toString()) as HistoryEvent[]) : [];
}
