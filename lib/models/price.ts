import type { NumberEntry, Numbers } from '../core/numbers.ts';

/** A list price with its tiers; free tiers are not part of it. */
export interface Price {
  readonly key: string;
  /** What is counted, such as `GB-s`. */
  readonly unit: string;
  /** Ascending by `from`, the number of units from which `usdPerUnit` applies; the first is 0. */
  readonly tiers: readonly { readonly from: number; readonly usdPerUnit: number }[];
  readonly entry: NumberEntry;
}

/** The price `key` of a price list (`config/prices/<region>.yaml`); undefined when the list has none. */
export function priceOf(prices: Numbers, key: string): Price | undefined {
  if (!prices.has(key)) return undefined;
  const entry = prices.entry(key);
  // A site's own price may be one number: that for each unit, whatever the quantity.
  if (typeof entry.value === 'number') return { key, unit: entry.unit, tiers: [{ from: 0, usdPerUnit: entry.value }], entry };
  const { per = 1, ...amounts } = entry.value;
  const tiers = Object.entries(amounts).map(([from, usd]) => ({ from: Number(from), usdPerUnit: usd / per }));
  return { key, unit: entry.unit, tiers: tiers.sort((a, b) => a.from - b.from), entry };
}

/** What `quantity` units cost: each tier's price for the units that fall into it. */
export function usdFor(price: Price, quantity: number): number {
  return price.tiers.reduce((sum, { from, usdPerUnit }, index) => {
    const end = price.tiers[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    return sum + Math.max(0, Math.min(quantity, end) - from) * usdPerUnit;
  }, 0);
}

/** GB-seconds of Lambda: 1 GB is 1,024 MB. */
export function gbSeconds(durationMs: number, memoryMb: number): number {
  return (durationMs / 1000) * (memoryMb / 1024);
}

/**
 * The least that `count` durations of `totalMs` altogether are billed for, each rounded up to `stepMs`: CloudWatch tells the sum alone. What is billed
 * is at most `count` steps more.
 */
export function leastBilledMs(totalMs: number, count: number, stepMs: number): number {
  return Math.max(totalMs, count * stepMs);
}

/** GB-seconds of provisioned concurrency: from when it is set until it is taken away, rounded up to steps of `stepMinutes`. */
export function provisionedGbSeconds(concurrency: number, memoryMb: number, heldMs: number, stepMinutes: number): number {
  const stepMs = stepMinutes * 60_000;
  return concurrency * gbSeconds(Math.ceil(heldMs / stepMs) * stepMs, memoryMb);
}

/**
 * Requests that an HTTP API bills for `count` requests of `bytes` altogether: each starts a unit of `unitBytes`. CloudWatch tells only
 * the sum of bytes, so this is the least it can be, and exact when no request is larger than a unit.
 */
export function httpApiRequests(count: number, bytes: number, unitBytes: number): number {
  return Math.max(count, Math.ceil(bytes / unitBytes));
}

/** Bytes that a table or an index is billed for: its items and what DynamoDB adds to each. */
export function storedBytes(itemBytes: number, items: number, overheadBytes: number): number {
  return itemBytes + items * overheadBytes;
}

/** Minutes that FIS bills for an action: rounded to the nearest. */
export function actionMinutes(runningMs: number): number {
  return Math.round(runningMs / 60_000);
}
