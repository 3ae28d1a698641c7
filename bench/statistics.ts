/**
 * Verdicts on made-up runs, in virtual time: every second has a log level that remembers the last one's (AR(1), standard deviation 0.1), latencies within
 * a second are log-normal. False alarms: of 1,000 pairs of runs of one system, how many differ at 0.05: one objective 3.2 % to 6.8 %, a gate of ten
 * corrected by Holm at most 6.8 %. Power: p99 is 10 % longer in the second run, both as long as `sizeFor` asks from an earlier run of 15 minutes and
 * never longer than that, 200 requests/s: found in at least 95 % of the pairs. And how long one comparison of 2 x 15 minutes takes: at most a second.
 */
import { monotonicMs } from '../lib/core/clock.ts';
import { type Rng, seededRng } from '../lib/core/rng.ts';
import { type Comparison, compareQuantiles, compareRatios } from '../lib/stats/compare.ts';
import { quantileEstimate } from '../lib/stats/estimate.ts';
import { holm } from '../lib/stats/holm.ts';
import { sizeFor } from '../lib/stats/sample-size.ts';
import { failures, latencies, type Noise, type Phase } from './statistics-noise.ts';

const pairs = 1_000;
const powerPairs = 400;
const significance = 0.05;
const bars = { leastAlarms: 0.032, mostAlarms: 0.068, power: 0.95, oneComparisonMs: 1_000 };
const longestSec = 900;
const ratePerSec = 200;
const shift = 0.1;

const noiseOf = (correlation: number): Noise => ({ correlation, levelSd: 0.1, withinSd: 0.5 });
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function held(line: string, holds: boolean): void {
  console.log(`  ${line}: ${holds ? 'holds' : 'MISSED'}`);
  if (!holds) process.exitCode = 1;
}

function pValueOf(comparison: Comparison): number {
  if (comparison.state !== 'compared') throw new Error(comparison.reason);
  return comparison.pValue;
}

function p99Of(phase: Phase, rng: Rng, scale = 1, resamples = 1_000): number {
  return pValueOf(compareQuantiles(latencies(phase, rng), latencies({ ...phase, scale }, rng), 0.99, { rng, resamples }));
}

/** Of ten objectives: three quantiles of three operations, and an error rate. */
function gateOfTen(phase: Phase, rng: Rng): number[] {
  const options = { rng, resamples: 1_000 };
  const operations = [1, 2, 3].flatMap(() => {
    const [before, after] = [latencies(phase, rng), latencies(phase, rng)];
    return [0.5, 0.95, 0.99].map((q) => pValueOf(compareQuantiles(before, after, q, options)));
  });
  return [...operations, pValueOf(compareRatios(failures(phase, 0.01, rng), failures(phase, 0.01, rng), options))];
}

function falseAlarms(seconds: number, rate: number, correlation: number): void {
  const rng = seededRng(`one objective ${seconds} ${correlation}`);
  const phase = { seconds, ratePerSec: rate, noise: noiseOf(correlation) };
  let alarms = 0;
  for (let pair = 0; pair < pairs; pair++) if (p99Of(phase, rng) <= significance) alarms++;
  const share = alarms / pairs;
  held(
    `p99, ${seconds} s at ${rate}/s, correlation ${correlation}: ${percent(share)} of ${pairs}`,
    share >= bars.leastAlarms && share <= bars.mostAlarms,
  );
}

function familyWise(seconds: number, rate: number, correlation: number): void {
  const rng = seededRng(`ten objectives ${seconds} ${correlation}`);
  const phase = { seconds, ratePerSec: rate, noise: noiseOf(correlation) };
  let alarms = 0;
  for (let pair = 0; pair < pairs; pair++) if (Math.min(...holm(gateOfTen(phase, rng))) <= significance) alarms++;
  held(
    `ten objectives, ${seconds} s at ${rate}/s, correlation ${correlation}: ${percent(alarms / pairs)} of ${pairs}`,
    alarms / pairs <= bars.mostAlarms,
  );
}

function power(correlation: number): void {
  const rng = seededRng(`power ${correlation}`);
  const longest = { seconds: longestSec, ratePerSec, noise: noiseOf(correlation) };
  const asked: number[] = [];
  let found = 0;
  for (let pair = 0; pair < powerPairs; pair++) {
    asked.push(sizeFor(quantileEstimate(latencies(longest, rng), 0.99), shift)?.seconds ?? Number.POSITIVE_INFINITY);
    if (p99Of({ ...longest, seconds: Math.min(longestSec, asked.at(-1) as number) }, rng, 1 + shift) <= significance) found++;
  }
  asked.sort((a, b) => a - b);
  const longer = asked.filter((seconds) => seconds > longestSec).length;
  const minutes = `${(asked[powerPairs / 2] as number) / 60} min asked for in the median`;
  const cut = longer > 0 ? `, more than 15 in ${percent(longer / powerPairs)} and cut to 15` : '';
  held(
    `p99 + 10 %, correlation ${correlation}: ${percent(found / powerPairs)} of ${powerPairs} found; ${minutes}${cut}`,
    found / powerPairs >= bars.power,
  );
}

console.log('false alarms of one objective at 0.05 (bar: 3.2 % to 6.8 %)');
for (const correlation of [0, 0.5, 0.8, 0.9]) falseAlarms(900, 50, correlation);
for (const correlation of [0, 0.5, 0.8]) falseAlarms(120, 50, correlation);
console.log('false alarms of a gate of ten objectives at 0.05 (bar: at most 6.8 %)');
for (const correlation of [0, 0.8]) familyWise(300, 20, correlation);
familyWise(900, 20, 0.9);
console.log('power at the length asked for (bar: at least 95 %)');
for (const correlation of [0, 0.5, 0.8, 0.9]) power(correlation);

const one = { seconds: longestSec, ratePerSec, noise: noiseOf(0.5) };
const rng = seededRng('time');
const [before, after] = [latencies(one, rng), latencies(one, rng)];
const startedMs = monotonicMs();
compareQuantiles(before, after, 0.99, { rng });
const tookMs = monotonicMs() - startedMs;
held(`one comparison of 2 x ${longestSec} s, 2,000 resamples: ${Math.round(tookMs)} ms`, tookMs <= bars.oneComparisonMs);
