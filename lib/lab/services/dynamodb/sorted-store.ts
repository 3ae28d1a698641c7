import Stream from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { type Item, itemBytes } from '../../../models/dynamodb/item-size.ts';
import type { Source, Tally } from './tally.ts';

/** A value under its key, with its size as DynamoDB counts it. */
interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly bytes: number;
}

/** Which keys a range takes; names and meaning as in LevelDB, whose interface dynalite expects. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** -1: all. */
  readonly limit?: number;
}

/** Keys of deleted entries that are not worth a clean-up. */
const freeKeys = 16;

type Done<T = void> = (error?: Error | null, value?: T) => void;

/**
 * Keys and values in key order, in memory, with callbacks called at once: so an action of dynalite runs to its end without
 * interruption, and what it read and wrote can be attributed to it. Keys look like `<hash prefix>/<hash key>/<rest>`;
 * what shares the first two parts is one item collection, and a query touches one collection only.
 */
export class SortedStore {
  readonly #tally: () => Tally | undefined;
  readonly #source: Source | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #collections = new Map<string, Entry[]>();
  #sorted: string[] = [];
  #unsorted: string[] = [];
  #bytes = 0;

  /** `source` says whose data counts as consumed capacity, into the tally of the call that runs; without it nothing is counted. */
  constructor(tally: () => Tally | undefined, source?: Source) {
    this.#tally = tally;
    this.#source = source;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Size of everything stored, as DynamoDB counts it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keys held for the order of scans, those of deleted entries included: at most twice the entries and a few. */
  get remembered(): number {
    return this.#sorted.length + this.#unsorted.length;
  }

  /** Exclusive access: nothing is ever interrupted here, so it is there at once. */
  readonly lock = (_key: string, task: (release: <F>(done: F) => F) => void): void => task((done) => done);

  readonly get = (key: string, done: Done<unknown>): void => {
    const entry = this.#entries.get(key);
    if (this.#source) this.#tally()?.gets.push({ source: this.#source, bytes: entry?.bytes ?? 0 });
    done(null, entry?.value);
  };

  readonly put = (key: string, value: unknown, done: Done): void => {
    this.#write(key, value);
    done(null);
  };

  readonly del = (key: string, done: Done): void => {
    this.#write(key, undefined);
    done(null);
  };

  readonly batch = (operations: readonly { type: string; key: string; value?: unknown }[], done: Done): void => {
    for (const { type, key, value } of operations) this.#write(key, type === 'put' ? value : undefined);
    done(null);
  };

  readonly createValueStream = (range: KeyRange = {}): Stream => this.#stream(range, (entry) => entry.value);

  readonly createKeyStream = (range: KeyRange = {}): Stream => this.#stream(range, (entry) => entry.key);

  /** Counts a write and does it, unless the call holds its writes back; undefined deletes. */
  #write(key: string, value: unknown): void {
    const old = this.#entries.get(key);
    const bytes = this.#source && value !== undefined ? itemBytes(value as Item) : 0;
    const tally = this.#source && this.#tally();
    if (tally && this.#source) {
      // dynalite writes index entries that stay as they are; on AWS those cost nothing.
      if (this.#source.index && old && isDeepStrictEqual(old.value, value)) return;
      const item = (value ?? old?.value) as Item | undefined;
      const apply = tally.held ? () => this.#apply(key, value, bytes, this.#entries.get(key)) : undefined;
      tally.writes.push({ source: this.#source, oldBytes: old?.bytes ?? 0, newBytes: bytes, item, apply });
      if (apply) return;
    }
    this.#apply(key, value, bytes, old);
  }

  #apply(key: string, value: unknown, bytes: number, old: Entry | undefined): void {
    if (value === undefined) this.#delete(key, old);
    else this.#put({ key, value, bytes }, old);
  }

  #put(entry: Entry, old: Entry | undefined): void {
    const { key, bytes } = entry;
    this.#entries.set(key, entry);
    this.#bytes += bytes - (old?.bytes ?? 0);
    const collection = collectionOf(key);
    if (collection.length < key.length) this.#insert(collection, entry);
    if (old) return;
    this.#unsorted.push(key);
    this.#compact();
  }

  #insert(collection: string, entry: Entry): void {
    const entries = this.#collections.get(collection);
    if (!entries) {
      this.#collections.set(collection, [entry]);
      return;
    }
    const at = firstAtOrAbove(entries.length, (i) => (entries[i] as Entry).key >= entry.key);
    entries.splice(at, entries[at]?.key === entry.key ? 1 : 0, entry);
  }

  #delete(key: string, old: Entry | undefined): void {
    if (!old) return;
    this.#entries.delete(key);
    this.#bytes -= old.bytes;
    this.#takeOut(collectionOf(key), key);
    this.#compact();
  }

  #takeOut(collection: string, key: string): void {
    const entries = this.#collections.get(collection) ?? [];
    const at = firstAtOrAbove(entries.length, (i) => (entries[i] as Entry).key >= key);
    if (entries[at]?.key !== key) return;
    if (entries.length === 1) this.#collections.delete(collection);
    else entries.splice(at, 1);
  }

  #stream(range: KeyRange, pick: (entry: Entry) => unknown): Stream {
    const stream = new Stream();
    const tally = this.#source ? this.#tally() : undefined;
    let stopped = false;
    stream.on('pipe', () => {
      stopped = true;
    });
    // The reader attaches itself in this same turn.
    process.nextTick(() => {
      for (const entry of this.#range(range)) {
        if (stopped) break;
        tally?.scans.push(entry.bytes);
        stream.emit('data', pick(entry));
      }
      if (!stopped) stream.emit('end');
    });
    return stream;
  }

  *#range(range: KeyRange): Generator<Entry> {
    const lower = range.gte ?? range.gt ?? '';
    const upper = range.lte ?? range.lt;
    const collection = collectionOf(lower);
    const within = collection !== '' && upper !== undefined && collectionOf(upper) === collection;
    let left = range.limit === undefined || range.limit < 0 ? Number.POSITIVE_INFINITY : range.limit;
    for (const entry of within ? this.#inCollection(collection, range) : this.#inAll(range)) {
      if (left-- <= 0) return;
      yield entry;
    }
  }

  *#inCollection(collection: string, range: KeyRange): Generator<Entry> {
    const alone = this.#entries.get(collection);
    const entries = this.#collections.get(collection) ?? [];
    // A table without a sort key has one item in each collection, whose key is the collection's own.
    const all = alone ? [alone, ...entries] : entries;
    const [from, to] = bounds(all.length, (i) => (all[i] as Entry).key, range);
    for (let i = 0; i < to - from; i++) yield all[range.reverse ? to - 1 - i : from + i] as Entry;
  }

  *#inAll(range: KeyRange): Generator<Entry> {
    const keys = this.#sortedKeys();
    const [from, to] = bounds(keys.length, (i) => keys[i] as string, range);
    for (let i = 0; i < to - from; i++) {
      const entry = this.#entries.get(keys[range.reverse ? to - 1 - i : from + i] as string);
      if (entry) yield entry;
    }
  }

  /** Lets go of the keys of deleted entries once they are the greater part; without a sort, so that a write never pays for one. */
  #compact(): void {
    if (this.remembered <= 2 * this.#entries.size + freeKeys) return;
    this.#sorted = this.#sorted.filter((key) => this.#entries.has(key));
    const known = new Set(this.#sorted);
    const added = new Set(this.#unsorted);
    this.#unsorted = [...added].filter((key) => this.#entries.has(key) && !known.has(key));
  }

  /** All keys in order; those added since the last time are merged in, those deleted are skipped by the reader until then. */
  #sortedKeys(): string[] {
    if (this.#unsorted.length === 0) return this.#sorted;
    const added = new Set(this.#unsorted);
    const kept = this.#sorted.filter((key) => !added.has(key) && this.#entries.has(key));
    this.#sorted = merged(kept, [...added].filter((key) => this.#entries.has(key)).sort());
    this.#unsorted = [];
    return this.#sorted;
  }
}

function collectionOf(key: string): string {
  const first = key.indexOf('/');
  const second = first < 0 ? -1 : key.indexOf('/', first + 1);
  return second < 0 ? '' : key.slice(0, second + 1);
}

/** Binary search: the first index for which `reached` holds, `length` when none does. */
function firstAtOrAbove(length: number, reached: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function bounds(length: number, keyAt: (index: number) => string, { gt, gte, lt, lte }: KeyRange): [from: number, to: number] {
  const from =
    gte !== undefined ? firstAtOrAbove(length, (i) => keyAt(i) >= gte) : gt === undefined ? 0 : firstAtOrAbove(length, (i) => keyAt(i) > gt);
  const to =
    lte !== undefined ? firstAtOrAbove(length, (i) => keyAt(i) > lte) : lt === undefined ? length : firstAtOrAbove(length, (i) => keyAt(i) >= lt);
  return [from, Math.max(from, to)];
}

function merged(a: readonly string[], b: readonly string[]): string[] {
  const result: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) result.push((a[i] as string) < (b[j] as string) ? (a[i++] as string) : (b[j++] as string));
  return result.concat(a.slice(i), b.slice(j));
}
