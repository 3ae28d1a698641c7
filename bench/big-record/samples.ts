import { type Rng, seededRng } from '../../lib/core/rng.ts';
import type { Sample } from '../../lib/record/types.ts';
import { type Script, timesOf } from '../../test/synthetic/run.ts';

/** One operation of the made-up shop: its share of the requests and the log-normal shape of its latencies. */
interface Operation {
  readonly name: string;
  readonly resource: string;
  readonly share: number;
  readonly medianMs: number;
  readonly sigma: number;
}

export const operations: readonly Operation[] = [
  { name: 'browse', resource: 'BrowseFunction', share: 0.3, medianMs: 18, sigma: 0.35 },
  { name: 'product', resource: 'ProductFunction', share: 0.24, medianMs: 14, sigma: 0.3 },
  { name: 'search', resource: 'SearchFunction', share: 0.12, medianMs: 55, sigma: 0.5 },
  { name: 'add-item', resource: 'AddItemFunction', share: 0.12, medianMs: 22, sigma: 0.4 },
  { name: 'read-cart', resource: 'ReadCartFunction', share: 0.08, medianMs: 12, sigma: 0.3 },
  { name: 'place-order', resource: 'PlaceOrderFunction', share: 0.06, medianMs: 60, sigma: 0.45 },
  { name: 'order-status', resource: 'OrderStatusFunction', share: 0.06, medianMs: 11, sigma: 0.3 },
  { name: 'sign-in', resource: 'SignInFunction', share: 0.02, medianMs: 90, sigma: 0.25 },
];

const timeOutMs = 10_000;
/** A fault makes four of five orders fail at once, and the others slower. */
const throttledShare = 0.8;
/** Of all requests: the system's own errors, requests without an answer, cold starts. */
const rare = { error: 0.0004, timeOut: 0.00002, cold: 0.004 };

/**
 * The requests of the run as a generator tells them: by the second in which they ended, Poisson starts, latencies around a level that wanders from second to
 * second (AR(1)). Nothing is kept but what is in flight.
 */
export function* secondsOfSamples(script: Script): Generator<Sample[]> {
  const { startMs, endMs } = timesOf(script);
  const rng = seededRng(script.seed);
  const ending = new Map<number, Sample[]>();
  const seconds = (endMs - startMs) / 1000;
  let level = 0;
  for (let second = 0; second < seconds; second++) {
    level = 0.9 * level + 0.03 * normal(rng);
    for (let index = 0; index < script.ratePerSec; index++) {
      const sample = sampleAt(script, rng, startMs + (second + rng.next()) * 1000, level);
      const endsIn = Math.floor((sample.startMs + sample.durationMs - startMs) / 1000);
      const others = ending.get(endsIn);
      if (others) others.push(sample);
      else ending.set(endsIn, [sample]);
    }
    yield ending.get(second) ?? [];
    ending.delete(second);
  }
  for (const second of [...ending.keys()].sort((a, b) => a - b)) yield ending.get(second) ?? [];
}

function sampleAt(script: Script, rng: Rng, startMs: number, level: number): Sample {
  const times = timesOf(script);
  const { name, medianMs, sigma } = operationAt(rng.next());
  const hit = name === 'place-order' && startMs >= times.effectMs && startMs < times.recoveryMs + script.lingerSec * 1000;
  const sample = { startMs, operation: name, error: '', bytesReceived: 400 + rng.int(1_600) };
  if (hit && rng.next() < throttledShare) return { ...sample, durationMs: 6 + 4 * rng.next(), status: 503, ok: false };
  const luck = rng.next();
  if (luck < rare.timeOut) return { ...sample, durationMs: timeOutMs, status: 0, error: 'timeout', ok: false, bytesReceived: 0 };
  const durationMs = medianMs * Math.exp(level + sigma * normal(rng) + (hit ? 0.4 : 0)) + (luck > 1 - rare.cold ? 250 + 200 * rng.next() : 0);
  if (luck < rare.timeOut + rare.error) return { ...sample, durationMs, status: 500, ok: false };
  return { ...sample, durationMs, status: name === 'add-item' || name === 'place-order' ? 201 : 200, ok: true };
}

function operationAt(share: number): Operation {
  let left = share;
  for (const operation of operations) {
    left -= operation.share;
    if (left < 0) return operation;
  }
  return operations[0] as Operation;
}

/** Box and Muller's. */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}
