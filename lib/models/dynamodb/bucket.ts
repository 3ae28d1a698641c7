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

/** Takes `units` when they are there; false changes nothing but the time. */
export function take(bucket: Bucket, units: number, nowMs: number): boolean {
  refill(bucket, nowMs);
  if (bucket.level < units) return false;
  bucket.level -= units;
  return true;
}

/** Charges what a request cost beyond what was taken for it. */
export function settle(bucket: Bucket, units: number): void {
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
