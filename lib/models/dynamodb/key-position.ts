/** An attribute value that can be a key, as it travels: text, number text, or base64. */
export interface KeyValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
}

/** Positions are whole numbers from 0 to below this: 32 bits of the partition key's hash, then 21 of the sort key's. */
export const ringSize = 2 ** 53;

/** The position of what has no key (a request that names none): no partition is asked. */
export const nowhere = -1;

const sortPositions = 2 ** 21;

/**
 * Where on the ring an item lies. AWS's hash is internal; this stands in for it: FNV-1a over the UTF-16 units, finished by the mixer of
 * MurmurHash3 so that keys which differ in their last character lie far apart. Without a sort key (or where an item collection
 * cannot be split, because of a local index) all of a partition key lies at one position.
 */
export function keyPosition(partitionKey: KeyValue | undefined, sortKey?: KeyValue): number {
  const text = textOf(partitionKey);
  if (text === undefined) return nowhere;
  const sortText = sortKey === undefined ? undefined : textOf(sortKey);
  return hash32(text) * sortPositions + (sortText === undefined ? 0 : hash32(sortText) >>> 11);
}

/** Inputs reach this before they were checked: what is no key has no text. */
function textOf(value: KeyValue | undefined): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof value.S === 'string') return value.S;
  // 1 and 1.0 are one key.
  if (typeof value.N === 'string') return String(Number(value.N));
  return typeof value.B === 'string' ? value.B : undefined;
}

function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
