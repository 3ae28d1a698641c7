/**
 * `report` on the record of an hour at 5,000 requests a second: at most 10 s and 500 MB, start of the process included, and a page of at most 2 MB.
 * Writes such a record (18 M samples, 2.25 M arrivals, eight operations, one fault, CloudWatch's series), has `proofload report` grade it, and then has
 * DuckDB and jq, where they are there, find p50, p95 and p99 by operation and phase in the same samples as k6 would have written them. DuckDB must find what
 * the report says. `node bench/big-record.ts [requests a second, 5000]`
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../lib/core/clock.ts';
import { openRecord } from '../lib/record/reader.ts';
import type { Window } from '../lib/record/types.ts';
import { histogramRelativeError } from '../lib/stats/histogram.ts';
import { writeK6Csv, writeK6Json } from './big-record/k6-files.ts';
import { measuredNode } from './big-record/measured.ts';
import { duckDb, jq, type Rival, type RivalFigures } from './big-record/rivals.ts';
import { hour, writeBigRecord } from './big-record/write.ts';

const bars = { wallSec: 10, rssMb: 500, htmlMb: 2 };
/** jq keeps every sample in memory and sorts them: for all of them it takes at least as many times as long. */
const jqReadsEvery = 40;

type Value = { readonly state: 'value'; readonly value: number } | { readonly state: 'no-data' };

interface Report {
  readonly verdict: string;
  readonly phases: readonly {
    readonly window: Window;
    readonly operations: readonly {
      readonly operation: string;
      readonly requests: number;
      readonly latency: Readonly<Record<'p50' | 'p95' | 'p99', Value>>;
    }[];
  }[];
}

const [, , rate = String(hour.ratePerSec)] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'proofload-bench-'));
const run = join(folder, 'run');
try {
  const before = monotonicMs();
  const samples = writeBigRecord(run, { ...hour, ratePerSec: Number(rate) });
  console.log(`wrote ${samples} samples in ${((monotonicMs() - before) / 1000).toFixed(1)} s`);
  const { wallSec, report } = graded();
  against('DuckDB, k6 CSV with one row a request', wallSec, 1, report, () => {
    const file = join(folder, 'samples.csv');
    writeK6Csv(openRecord(run), file);
    return { rival: duckDb(file, windowsOf(report)), bytes: statSync(file).size };
  });
  against('jq, k6 JSON with one point a request', wallSec, jqReadsEvery, report, () => {
    const file = join(folder, 'samples.ndjson');
    writeK6Json(openRecord(run), file, jqReadsEvery);
    return { rival: jq(file, windowsOf(report)), bytes: statSync(file).size };
  });
} finally {
  rmSync(folder, { recursive: true });
}

/** Grades and reports through the CLI, as a user does. */
function graded(): { wallSec: number; report: Report } {
  const cli = fileURLToPath(new URL('../cli/proofload.js', import.meta.url));
  const { wallSec, cpuSec, maxRssMb, exitCode, stderr } = measuredNode([cli, 'report', run], folder);
  if (exitCode === null || exitCode === 1 || exitCode === 2) throw new Error(stderr);
  const report = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')) as Report;
  const htmlMb = statSync(join(run, 'report.html')).size / 1e6;
  console.log(
    `proofload report: ${wallSec.toFixed(2)} s (${(wallSec / bars.wallSec).toFixed(2)} of the bar), CPU ${cpuSec.toFixed(2)} s; verdict ${report.verdict}`,
  );
  console.log(`  peak RSS ${Math.round(maxRssMb)} MB (${(maxRssMb / bars.rssMb).toFixed(2)} of the bar)`);
  console.log(`  report.html ${htmlMb.toFixed(2)} MB (${(htmlMb / bars.htmlMb).toFixed(2)} of the bar)`);
  if (wallSec > bars.wallSec || maxRssMb > bars.rssMb || htmlMb > bars.htmlMb) process.exitCode = 1;
  return { wallSec, report };
}

function windowsOf(report: Report): Window[] {
  return report.phases.map(({ window }) => window);
}

/** How long a rival takes for its part of the samples, times their share, against the whole report; and whether it finds the same. */
function against(name: string, ownSec: number, share: number, report: Report, read: () => { rival: Rival | undefined; bytes: number }): void {
  const { rival, bytes } = read();
  if (!rival) {
    console.log(`${name}: not installed, left out`);
    return;
  }
  const { wallSec, cpuSec } = rival.took;
  const [wall, cpu] = [wallSec * share, cpuSec * share];
  const read1 = share === 1 ? '' : ` (every ${share}th sample was read, ${wallSec.toFixed(1)} s)`;
  console.log(`${name}, ${((bytes * share) / 1e9).toFixed(1)} GB: ${wall.toFixed(1)} s, CPU ${cpu.toFixed(1)} s${read1}`);
  console.log(`  report against it: ${(ownSec / wall).toFixed(3)} of its time`);
  if (share === 1) compareFigures(name, rival.figures, report);
}

/** Counts are equal, quantiles within the error that histograms state. */
function compareFigures(name: string, figures: readonly RivalFigures[], report: Report): void {
  let worst = 0;
  const own = report.phases.flatMap(({ operations }, phase) => operations.map((each) => ({ phase, ...each })));
  for (const { phase, operation, requests, latency } of own) {
    const theirs = figures.find((each) => each.phase === phase && each.operation === operation);
    if (theirs?.count !== requests) throw new Error(`${name} has ${theirs?.count} of ${operation} in phase ${phase}, the report ${requests}`);
    for (const quantile of ['p50', 'p95', 'p99'] as const) {
      const figure = latency[quantile];
      if (figure.state === 'value') worst = Math.max(worst, Math.abs(figure.value / theirs[quantile] - 1));
    }
  }
  console.log(
    `  the same counts of ${own.length} operations in phases; quantiles differ by at most ${(worst * 100).toFixed(3)} % (stated ${(histogramRelativeError * 100).toFixed(3)} %)`,
  );
  if (worst > histogramRelativeError) process.exitCode = 1;
}
