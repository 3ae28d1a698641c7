/**
 * Verdicts on made-up runs, in virtual time: every second has a log level that remembers the last one's (AR(1), standard deviation 0.1), latencies within
 * a second are log-normal. False alarms: of 1,000 pairs of runs of one system or more, how many differ at 0.05: one objective 3.2 % to 6.8 %, a gate of ten
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

const pairs = { ofOneObjective: 2_000, ofTenObjectives: 1_000, forPower: 400 };
const resamples = 1_000;
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

/** The chance of such a change in either direction, and of one for the worse, which a gate asks for. */
interface Chances {
  readonly changed: number;
  readonly worse: number;
}

function chancesOf(comparison: Comparison): Chances {
  if (comparison.state !== 'compared') throw new Error(comparison.reason);
  return { changed: comparison.pValue, worse: comparison.pAbove() };
}

function p99Of(phase: Phase, rng: Rng, scale = 1): Chances {
  return chancesOf(compareQuantiles(latencies(phase, rng), latencies({ ...phase, scale }, rng), 0.99, { rng, resamples }));
}

/** Of ten objectives: three quantiles of three operations, and an error rate. */
function gateOfTen(phase: Phase, rng: Rng): Chances[] {
  const options = { rng, resamples };
  const operations = [1, 2, 3].flatMap(() => {
    const [before, after] = [latencies(phase, rng), latencies(phase, rng)];
    return [0.5, 0.95, 0.99].map((q) => chancesOf(compareQuantiles(before, after, q, options)));
  });
  return [...operations, chancesOf(compareRatios(failures(phase, 0.01, rng), failures(phase, 0.01, rng), options))];
}

/** The share of pairs in which `draw` finds a change, and the share in which it finds one for the worse. */
function alarmsOf(count: number, draw: () => readonly Chances[]): Chances {
  const alarms = { changed: 0, worse: 0 };
  for (let pair = 0; pair < count; pair++) {
    const chances = draw();
    for (const question of ['changed', 'worse'] as const)
      if (Math.min(...holm(chances.map((each) => each[question]))) <= significance) alarms[question] += 1 / count;
  }
  return alarms;
}

function falseAlarms(objectives: 1 | 10, seconds: number, perSec: number, correlation: number): void {
  const rng = seededRng(`${objectives} ${seconds} ${correlation}`);
  const phase = { seconds, ratePerSec: perSec, noise: noiseOf(correlation) };
  const one = objectives === 1;
  const { changed, worse } = alarmsOf(one ? pairs.ofOneObjective : pairs.ofTenObjectives, () => (one ? [p99Of(phase, rng)] : gateOfTen(phase, rng)));
  const least = one ? bars.leastAlarms : 0;
  const holds = [changed, worse].every((share) => share >= least && share <= bars.mostAlarms);
  held(`${seconds} s at ${perSec}/s, correlation ${correlation}: changed ${percent(changed)}, worse ${percent(worse)}`, holds);
}

function power(correlation: number): void {
  const rng = seededRng(`power ${correlation}`);
  const longest = { seconds: longestSec, ratePerSec, noise: noiseOf(correlation) };
  const asked: number[] = [];
  let found = 0;
  for (let pair = 0; pair < pairs.forPower; pair++) {
    asked.push(sizeFor(quantileEstimate(latencies(longest, rng), 0.99), shift)?.seconds ?? Number.POSITIVE_INFINITY);
    if (p99Of({ ...longest, seconds: Math.min(longestSec, asked.at(-1) as number) }, rng, 1 + shift).changed <= significance) found++;
  }
  asked.sort((a, b) => a - b);
  const longer = asked.filter((seconds) => seconds > longestSec).length;
  const minutes = `${(asked[pairs.forPower / 2] as number) / 60} min asked for in the median`;
  const cut = longer > 0 ? `, more than 15 in ${percent(longer / pairs.forPower)} and cut to 15` : '';
  held(
    `p99 + 10 %, correlation ${correlation}: ${percent(found / pairs.forPower)} of ${pairs.forPower} found; ${minutes}${cut}`,
    found / pairs.forPower >= bars.power,
  );
}

console.log('false alarms of one objective, p99, at 0.05, of 2,000 pairs (bar: 3.2 % to 6.8 %)');
for (const correlation of [0, 0.5, 0.8, 0.9]) falseAlarms(1, 900, 50, correlation);
for (const correlation of [0, 0.5, 0.8]) falseAlarms(1, 120, 50, correlation);
console.log('false alarms of a gate of ten objectives at 0.05, corrected by Holm, of 1,000 pairs (bar: at most 6.8 %)');
for (const correlation of [0, 0.8]) falseAlarms(10, 300, 20, correlation);
falseAlarms(10, 900, 20, 0.9);
console.log('power at the length asked for (bar: at least 95 %)');
for (const correlation of [0, 0.5, 0.8, 0.9]) power(correlation);

const one = { seconds: longestSec, ratePerSec, noise: noiseOf(0.5) };
const rng = seededRng('time');
const [before, after] = [latencies(one, rng), latencies(one, rng)];
const startedMs = monotonicMs();
compareQuantiles(before, after, 0.99, { rng });
const tookMs = monotonicMs() - startedMs;
held(`one comparison of 2 x ${longestSec} s, 2,000 resamples: ${Math.round(tookMs)} ms`, tookMs <= bars.oneComparisonMs);
