import { setTimeout as wait } from 'node:timers/promises';

/** Of so many quotes the supplier's answer takes long: p99 lies among them. */
const longShare = 0.03;
const usualMs = 20;

/** A quote that waits for a supplier: about 20 ms, and for three in a hundred about `longMs`, each give or take a fifth. */
export async function quoteAfter(longMs: number): Promise<{ statusCode: number; body: string }> {
  const meanMs = Math.random() < longShare ? longMs : usualMs;
  const tookMs = meanMs * (0.8 + 0.4 * Math.random());
  await wait(tookMs);
  return { statusCode: 200, body: JSON.stringify({ supplierMs: Math.round(tookMs) }) };
}
