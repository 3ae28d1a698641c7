/**
 * The buckets of histograms: whole numbers from 0 to 2^32-1, linear within a doubling and doubling in width from one to the next (the layout of
 * HdrHistogram). A bucket's number fits 16 bits.
 */

/** Buckets in each doubling; a value's bucket is at most 1/256 of it wide. */
const subBuckets = 256;
const subBits = 8;

export const bucketCount = (32 - subBits + 1) * subBuckets;

/** With v in [2^(8+s), 2^(9+s)), s >= 0: bucket (s + 1) * 256 + (v >> s) - 256; below 256 the value itself. */
export function bucketOf(value: number): number {
  const whole = value >>> 0;
  const shift = 31 - Math.clz32(whole) - subBits;
  return shift <= 0 ? whole : shift * subBuckets + (whole >>> shift);
}

/** The middle of the whole numbers that share a bucket. */
export function middleOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / subBuckets) - 1);
  return (bucket - shift * subBuckets) * 2 ** shift + (2 ** shift - 1) / 2;
}

/** How many whole numbers share a bucket. */
export function widthOf(bucket: number): number {
  return 2 ** Math.max(0, Math.floor(bucket / subBuckets) - 1);
}

/** Where a bucket begins on the real line: half below its least whole number, so that buckets meet. */
export function lowerEdgeOf(bucket: number): number {
  return middleOf(bucket) - widthOf(bucket) / 2;
}
