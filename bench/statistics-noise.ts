import type { Rng } from '../lib/core/rng.ts';
import { normalQuantile } from '../lib/stats/probability.ts';
import { LatencySeconds, type RatioSeconds } from '../lib/stats/seconds.ts';

/** How a made-up system answers: every second has a level of its own that remembers the last one's. */
export interface Noise {
  /** Correlation of the log level of one second with the next one's: AR(1). */
  readonly correlation: number;
  /** Standard deviation of that level. */
  readonly levelSd: number;
  /** Standard deviation of log latency within a second. */
  readonly withinSd: number;
}

export interface Phase {
  readonly seconds: number;
  readonly ratePerSec: number;
  readonly noise: Noise;
  /** All latencies are so many times as long. */
  readonly scale?: number;
}

const medianUs = 20_000;
const steps = 16_384;
const normal = Float64Array.from({ length: steps }, (_, step) => normalQuantile((step + 0.5) / steps));
const draw = (rng: Rng): number => normal[rng.int(steps)] as number;

/** The levels of one second after the other. */
function* levels({ seconds, noise }: Phase, rng: Rng): Generator<number> {
  const fresh = noise.levelSd * Math.sqrt(1 - noise.correlation ** 2);
  let level = noise.levelSd * draw(rng);
  for (let second = 0; second < seconds; second++) {
    yield level;
    level = noise.correlation * level + fresh * draw(rng);
  }
}

/** Latencies in microseconds, log-normal within a second. */
export function latencies(phase: Phase, rng: Rng): LatencySeconds {
  const { seconds, ratePerSec, noise, scale = 1 } = phase;
  const within = normal.map((z) => medianUs * scale * Math.exp(noise.withinSd * z));
  const made = new LatencySeconds(seconds);
  let second = 0;
  for (const level of levels(phase, rng)) {
    const factor = Math.exp(level);
    for (let request = 0; request < ratePerSec; request++) made.add(second, factor * (within[rng.int(steps)] as number));
    second++;
  }
  return made;
}

/** Failed of all requests, at a chance of `errorRate` on average that moves with the level. */
export function failures(phase: Phase, errorRate: number, rng: Rng): RatioSeconds {
  const { seconds, ratePerSec, noise } = phase;
  const numerator = new Float64Array(seconds);
  let second = 0;
  for (const level of levels(phase, rng)) {
    const chance = errorRate * Math.exp(level - noise.levelSd ** 2 / 2);
    let failed = 0;
    for (let request = 0; request < ratePerSec; request++) if (rng.next() < chance) failed++;
    numerator[second++] = failed;
  }
  return { numerator, denominator: new Float64Array(seconds).fill(ratePerSec) };
}
