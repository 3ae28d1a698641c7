import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { History } from './history.ts';

/** Histories of ended executions that stay as they are: they are the likeliest to be asked for. */
const maxKept = 2000;

/** Characters of a box that is full: enough that compressing pays, few enough that opening one takes a few milliseconds. */
const boxSize = 262_144;

/** Texts that are compressed together, to some tenth of their size and off the heap, once the box is full. */
export class HistoryBox {
  #texts: string[] | undefined = [];
  #packed: Buffer | undefined;
  #size = 0;

  get full(): boolean {
    return this.#size >= boxSize;
  }

  get isPacked(): boolean {
    return this.#packed !== undefined;
  }

  /** Gives the place under which `text` is found again. */
  add(text: string): number {
    const texts = this.#texts ?? [];
    this.#size += text.length;
    return texts.push(text) - 1;
  }

  text(place: number): string {
    return this.#opened()[place] ?? '[]';
  }

  /** Compresses in the background; until that is done the texts are there as they are. */
  close(): void {
    // JSON has no line breaks of its own.
    deflateRaw(this.#opened().join('\n'), { level: 1 }, (error, packed) => {
      if (error) return;
      this.#packed = packed;
      this.#texts = undefined;
    });
  }

  #opened(): readonly string[] {
    return this.#texts ?? (this.#packed ? inflateRawSync(this.#packed).toString().split('\n') : []);
  }
}

/** Where the histories of ended executions go, for a run leaves hundreds of thousands. */
export class HistoryArchive {
  /** The latest, oldest first. */
  readonly #kept: History[] = [];
  #box = new HistoryBox();

  add(history: History): void {
    this.#kept.push(history);
    if (this.#kept.length <= maxKept) return;
    this.#kept.shift()?.putInto(this.#box);
    if (!this.#box.full) return;
    this.#box.close();
    this.#box = new HistoryBox();
  }
}
