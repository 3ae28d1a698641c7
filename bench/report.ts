/**
 * `report` on a record of 1 M requests: under 5 s and 300 MB, start of the process included.
 * Writes such a record (1,000 requests/s, a flush a second), then grades it and writes its reports in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../lib/core/clock.ts';
import { openRecord } from '../lib/record/reader.ts';
import { createRecordWriter } from '../lib/record/writer.ts';
import { writeReport } from '../lib/run/write-report.ts';
import { defaultScript, journalOf, manifestOf, metricsOf, resources, samplesOf, timesOf } from '../test/synthetic/run.ts';

const script = { ...defaultScript, ratePerSec: 1000, warmUpSec: 40, baselineMin: 6, faultMin: 6, recoveryMin: 4 };
const bar = { ms: 5000, mb: 300 };

const [, self = '', folder] = process.argv;
if (folder) grade(folder);
else measure(self);

function grade(run: string): void {
  const before = monotonicMs();
  const { verdict } = writeReport(run);
  const samples = openRecord(run).sampleCount;
  const line = { samples, verdict, reportedMs: monotonicMs() - before, rssMb: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(line));
}

function measure(file: string): void {
  const run = mkdtempSync(join(tmpdir(), 'proofload-bench-'));
  try {
    write(run);
    const before = monotonicMs();
    const child = spawnSync(process.execPath, [file, run], { encoding: 'utf8' });
    const tookMs = monotonicMs() - before;
    if (child.status !== 0) throw new Error(child.stderr);
    const line = JSON.parse(child.stdout) as { samples: number; verdict: string; reportedMs: number; rssMb: number };
    console.log(`${line.samples} requests: ${Math.round(tookMs)} ms with the start of the process (${(tookMs / bar.ms).toFixed(2)} of the bar)`);
    console.log(`  of which grading and writing report.json, report.md and report.html ${Math.round(line.reportedMs)} ms; verdict ${line.verdict}`);
    console.log(`  peak RSS ${Math.round(line.rssMb)} MB (${(line.rssMb / bar.mb).toFixed(2)} of the bar)`);
    if (tookMs > bar.ms || line.rssMb > bar.mb || line.samples < 1_000_000) process.exitCode = 1;
  } finally {
    rmSync(run, { recursive: true });
  }
}

function write(run: string): void {
  const before = monotonicMs();
  const writer = createRecordWriter(run);
  writer.manifest(manifestOf(script));
  writer.plan({});
  writer.resources(resources);
  const samples = [...samplesOf(script)];
  for (let at = 0; at < samples.length; at += script.ratePerSec) {
    writer.samples(samples.slice(at, at + script.ratePerSec));
    writer.flush();
  }
  for (const event of journalOf(script, samples.length)) writer.event(event);
  writer.metrics(metricsOf(samples));
  writer.close();
  const { startMs, endMs } = timesOf(script);
  console.log(`wrote ${samples.length} samples over ${(endMs - startMs) / 1000} s of a run in ${Math.round(monotonicMs() - before)} ms`);
}
