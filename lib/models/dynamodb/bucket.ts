/**
 * A token bucket in capacity units: it fills at `unitsPerSec` up to `maxUnits`. Requests are admitted by the least they can cost
 * and settled once their real size is known, so the level may fall below zero: then nothing is admitted until it is repaid.
 */
export interface Bucket {
  unitsPerSec: number;
  maxUnits: number;
  level: number;
  atMs: number;
}

export function createBucket(unitsPerSec: number, maxUnits: number, level: number, nowMs: number): Bucket {
  return { unitsPerSec, maxUnits, level: Math.min(level, maxUnits), atMs: nowMs };
}

/** Whether `units` are there; changes nothing but the time. */
export function holds(bucket: Bucket, units: number, nowMs: number): boolean {
  refill(bucket, nowMs);
  return bucket.level >= units;
}

/** Charges `units`, whether they are there or not; a negative number gives back. */
export function charge(bucket: Bucket, units: number): void {
  bucket.level -= units;
}

/** Changes the rate without giving or taking what has been saved. */
export function retune(bucket: Bucket, unitsPerSec: number, maxUnits: number, nowMs: number): void {
  refill(bucket, nowMs);
  bucket.unitsPerSec = unitsPerSec;
  bucket.maxUnits = maxUnits;
  bucket.level = Math.min(bucket.level, maxUnits);
}

function refill(bucket: Bucket, nowMs: number): void {
  if (nowMs <= bucket.atMs) return;
  bucket.level = Math.min(bucket.maxUnits, bucket.level + ((nowMs - bucket.atMs) / 1000) * bucket.unitsPerSec);
  bucket.atMs = nowMs;
}
