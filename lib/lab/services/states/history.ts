import type { HistoryEvent } from '../../../models/states/types.ts';
import type { HistoryBox } from './history-archive.ts';

/** The events of one execution. Those of an ended one can be put away; who asks for them does not notice. */
export class History {
  #events: HistoryEvent[] | undefined = [];
  #box: HistoryBox | undefined;
  #place = 0;
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
    this.#events ??= this.#unboxed();
    this.#box = undefined;
    this.#events.push(event);
    this.#length += 1;
    this.#lastId = event.id;
  }

  /** In order. */
  events(): readonly HistoryEvent[] {
    return this.#events ?? this.#unboxed();
  }

  /** Gives its events into `box`. */
  putInto(box: HistoryBox): void {
    if (!this.#events) return;
    this.#place = box.add(JSON.stringify(this.#events));
    this.#box = box;
    this.#events = undefined;
  }

  #unboxed(): HistoryEvent[] {
    return this.#box ? (JSON.parse(this.#box.text(this.#place)) as HistoryEvent[]) : [];
  }
}
