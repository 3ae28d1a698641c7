import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { wallClock } from '../lib/core/clock.ts';
import { findK6 } from '../lib/traffic/k6/find.ts';
import { startK6 } from '../lib/traffic/k6/run.ts';
import { scenarioOf } from '../lib/traffic/k6/script.ts';

/**
 * k6 driven by proofload against raw k6 (the same binary, no output, k6's own summary): same flow, profile, virtual users and server.
 * `node bench/k6-driver.ts [seconds a leg, 5] [triples, 7]`
 */
const [secondsText = '5', triplesText = '7'] = process.argv.slice(2);
const seconds = Number(secondsText);
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const flowFile = path('k6-driver-flow.k6.ts');
const clock = wallClock();
const work = mkdtempSync(join(tmpdir(), 'proofload-bench-'));
const k6 = await findK6({ env: process.env, clock, onProgress: (text) => console.error(text) });
const server = spawn(process.execPath, [path('k6-driver-server.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
const port = await new Promise<string>((resolve) => server.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
const url = `http://127.0.0.1:${port}`;

interface Load {
  readonly ratePerSec: number;
  /** Decides the virtual users: rate x this. */
  readonly longestFlowSec: number;
}

interface Leg {
  readonly iterations: number;
  readonly p99Ms: number;
  /** Requests that the server answered and the driver did not report; 0 for a raw leg, which reports none. */
  readonly missing: number;
}

const served = async (): Promise<number> => Number(await (await fetch(`${url}/count`)).text());
const segmentsOf = ({ ratePerSec }: Load) => [{ durationSec: seconds, fromPerSec: ratePerSec, toPerSec: ratePerSec }];

async function raw(load: Load): Promise<Leg> {
  const virtualUsers = Math.ceil(load.ratePerSec * load.longestFlowSec) + 1;
  const [script, summary] = [join(work, 'raw.js'), join(work, 'raw.json')];
  const plan = { flowFile, name: 'bench', segments: segmentsOf(load), virtualUsers, gracefulStopSec: load.longestFlowSec, tags: {} };
  const options = { scenarios: { bench: scenarioOf(plan) }, summaryTrendStats: ['p(99)'] };
  writeFileSync(script, `export { default } from ${JSON.stringify(flowFile)};\nexport const options = ${JSON.stringify(options)};\n`);
  await served();
  const args = ['run', '--quiet', '--no-usage-report', '--include-system-env-vars', `--summary-export=${summary}`, script];
  await promisify(execFile)(k6.path, args, { cwd: work, env: { ...process.env, BASE_URL: url }, maxBuffer: 2 ** 26 });
  await served();
  const { metrics } = JSON.parse(readFileSync(summary, 'utf8')) as { metrics: Record<string, Record<string, number>> };
  return { iterations: metrics['iterations']!['count']!, p99Ms: metrics['http_req_duration']!['p(99)']!, missing: 0 };
}

async function driven(load: Load): Promise<Leg> {
  const durations: number[] = [];
  await served();
  const traffic = await startK6(k6, {
    name: 'bench',
    flowFile,
    env: { BASE_URL: url },
    segments: segmentsOf(load),
    longestFlowSec: load.longestFlowSec,
    clock,
    workFolder: work,
    processEnv: process.env,
    onSamples: (samples) => {
      for (const sample of samples) durations.push(sample.durationMs);
    },
    onArrivals: () => {},
    onHealth: () => {},
    onLog: () => {},
  });
  const outcome = await traffic.ended;
  if (!outcome.complete) throw new Error(outcome.detail);
  durations.sort((a, b) => a - b);
  const p99Ms = durations[Math.ceil(durations.length * 0.99) - 1] ?? 0;
  return { iterations: outcome.iterations, p99Ms, missing: (await served()) - durations.length };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

async function triplesOf(load: Load, count: number): Promise<{ raw: [Leg, Leg]; driven: Leg }[]> {
  const triples = [];
  for (let nth = 0; nth < count; nth++) {
    const before = await raw(load);
    const ours = await driven(load);
    triples.push({ raw: [before, await raw(load)] as [Leg, Leg], driven: ours });
  }
  return triples;
}

const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join(' ');
const verdict = (holds: boolean): string => {
  if (!holds) process.exitCode = 1;
  return holds ? 'holds' : 'DOES NOT HOLD';
};

try {
  // Far more than two cores can do shows about what they can; the highest rate is then what comes out of a fifth more than that.
  const flooded = await raw({ ratePerSec: 40_000, longestFlowSec: 64 / 40_000 });
  const wanted = Math.round((flooded.iterations / seconds) * 1.2);
  const highest = await triplesOf({ ratePerSec: wanted, longestFlowSec: 64 / wanted }, 5);
  const highestPerSec = median(highest.flatMap((each) => each.raw.map((leg) => leg.iterations))) / seconds;
  const ratios = highest.map((each) => (2 * each.driven.iterations) / (each.raw[0].iterations + each.raw[1].iterations));
  const atHighest = median(ratios);
  console.log(`raw k6's highest rate: ${Math.round(highestPerSec)} a second (64 virtual users)`);
  console.log(`iterations driven/raw: ${shown(ratios)}; raw/raw: ${shown(highest.map((each) => each.raw[1].iterations / each.raw[0].iterations))}`);
  console.log(`at the highest rate: driven/raw ${atHighest.toFixed(3)}, bar 0.95: ${verdict(atHighest >= 0.95)}`);

  const steady = { ratePerSec: Math.round(highestPerSec * 0.6), longestFlowSec: 0.1 };
  const triples = await triplesOf(steady, Number(triplesText));
  const iterations = median(triples.map((each) => (2 * each.driven.iterations) / (each.raw[0].iterations + each.raw[1].iterations)));
  const missing = triples.reduce((sum, each) => sum + each.driven.missing, 0);
  console.log(`at 60 % (${steady.ratePerSec} a second): iterations driven/raw ${iterations.toFixed(4)}, bar 0.99: ${verdict(iterations >= 0.99)}`);
  console.log(`samples missing: ${missing}, bar 0: ${verdict(missing === 0)}`);

  const own = triples.map((each) => each.raw[1].p99Ms / each.raw[0].p99Ms);
  const ours = triples.map((each) => (2 * each.driven.p99Ms) / (each.raw[0].p99Ms + each.raw[1].p99Ms));
  const middle = median(ours);
  const within = middle >= Math.min(...own) && middle <= Math.max(...own);
  console.log(`p99 driven/raw: ${shown(ours)}; raw/raw: ${shown(own)}`);
  console.log(`median ${middle.toFixed(3)} in ${Math.min(...own).toFixed(3)} to ${Math.max(...own).toFixed(3)}: ${verdict(within)}`);
} finally {
  server.kill();
  rmSync(work, { recursive: true, force: true });
}
