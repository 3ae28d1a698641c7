/** What a page of a bucket is asked for. */
export interface ListingRequest {
  readonly prefix: string;
  /** '' for none: every key is listed. */
  readonly delimiter: string;
  /** Only what comes after it; '' from the start. */
  readonly after: string;
  readonly maxItems: number;
}

export interface Listing {
  readonly keys: readonly string[];
  /** Keys that go on beyond the delimiter, each up to it. */
  readonly commonPrefixes: readonly string[];
  /** Of the next page, its `after`; absent on the last one. */
  readonly next?: string;
}

/** Greater than any character, so that a common prefix's page ends behind all of its keys. */
const last = '\u{10FFFF}';

/** One page of the keys of a bucket, which are sorted by `compareKeys`. Keys and common prefixes count together, as in ListObjectsV2. */
export function listKeys(sorted: readonly string[], { prefix, delimiter, after, maxItems }: ListingRequest): Listing {
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let next = after;
  for (let at = firstAfter(sorted, after, prefix); at < sorted.length; at++) {
    const key = sorted[at] as string;
    if (!key.startsWith(prefix)) break;
    const group = groupOf(key, prefix, delimiter);
    // A group is one item, however many keys it has; one that `after` lies in was listed before.
    if (group !== undefined && (group === commonPrefixes.at(-1) || compareKeys(group + last, after) === 0)) continue;
    if (keys.length + commonPrefixes.length === maxItems) return { keys, commonPrefixes, ...(maxItems > 0 ? { next } : {}) };
    if (group === undefined) keys.push(key);
    else commonPrefixes.push(group);
    next = group === undefined ? key : group + last;
  }
  return { keys, commonPrefixes };
}

function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** Index of the first key that is greater than `after` and not less than `prefix`. */
function firstAfter(sorted: readonly string[], after: string, prefix: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = sorted[middle] as string;
    if (compareKeys(key, prefix) < 0 || (after !== '' && compareKeys(key, after) <= 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The order of S3: by the bytes of UTF-8, which is that of code points and not that of JavaScript's code units. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    // A surrogate stands for a character beyond U+FFFF, which comes after every other.
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}
