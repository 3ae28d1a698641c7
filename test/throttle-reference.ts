import type { Throttle } from '../lib/models/apigateway/throttle.ts';

/**
 * What a token bucket decides, computed by another way in whole numbers and thus exact: the theoretical arrival time of the generic cell
 * rate algorithm, scaled by the rate. A request conforms when the debt of those before it leaves room for one more.
 */
export function throttleReference({ ratePerSec, burst }: Throttle): (nowMs: number) => boolean {
  const [emission, tolerance] = [1000, (burst - 1) * 1000];
  let [due, latestMs] = [Number.NEGATIVE_INFINITY, 0];
  return (nowMs) => {
    latestMs = Math.max(latestMs, nowMs);
    const scaled = latestMs * ratePerSec;
    const start = Math.max(due, scaled);
    if (start - tolerance > scaled) return false;
    due = start + emission;
    return true;
  };
}
