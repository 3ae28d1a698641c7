import { rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Env } from '../core/env.ts';
import { ProofloadError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { durationText, stampOf } from '../core/time-format.ts';
import { validateObjectives } from '../grade/objectives.ts';
import type { Assessment } from '../grade/types.ts';
import type { RecordStore } from '../record/history/store.ts';
import { type JournalEvent, type Manifest, recordVersion, type Warning } from '../record/types.ts';
import { createRecordWriter, type RecordWriter } from '../record/writer.ts';
import { openResults, type ResultFile } from '../traffic/import/file.ts';
import { type Recognised, recognise, type Summary } from '../traffic/import/format.ts';
import { readK6Samples, type SampleFacts } from '../traffic/import/k6-samples.ts';
import { readObjectivesFile } from './objectives-file.ts';
import { referencesFor } from './references.ts';
import { writeReport } from './write-report.ts';

export interface ImportRequest {
  readonly file: string;
  readonly exercise: string | undefined;
  /** SLO file; without one, figures are shown and nothing is asked of them. */
  readonly objectives: string | undefined;
  /** Seconds from the first request that are not graded. */
  readonly warmUpSec: number;
  readonly env: Env;
  /** Where earlier runs are, for criteria that are relative to them. */
  readonly store: RecordStore;
}

/** What is shown where nothing is asked. */
const figuresOnly = {
  spec_version: '1.0',
  objectives: ['latency_p50', 'latency_p95', 'latency_p99', 'error_rate', 'request_rate'].map((sli) => ({ sli, phase: 'baseline' })),
};

/** Makes the results of somebody else's run a record below `reports/`, and grades it. Nothing is left of one that cannot be read. */
export async function importResults(request: ImportRequest): Promise<{ folder: string; assessment: Assessment }> {
  const { env, objectives: objectivesFile } = request;
  const objectives = objectivesFile === undefined ? figuresOnly : readObjectivesFile(resolve(env.cwd, objectivesFile), objectivesFile);
  const file = await openResults(resolve(env.cwd, request.file), request.file);
  const recognised = await recognise(file);
  if ('summary' in recognised && request.warmUpSec > 0)
    throw new ProofloadError('usage', `the ${recognised.format} ${file.name} cannot be cut, so it can have no warm-up`, {
      hint: 'leave --warm-up out, or import samples',
    });
  const runId = `${stampOf(env.clock.now())}-${env.rng.hex(6)}`;
  const folder = join(env.cwd, 'reports', runId);
  const writer = createRecordWriter(folder);
  const discard = (): void => {
    writer.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const deafen = env.onSignal(() => {
    discard();
    env.exitNow(exitCodes.interrupted.code);
  });
  try {
    const course = 'summary' in recognised ? writeFigures(writer, recognised.summary) : await writeSamples(writer, file, recognised.format, request);
    await writeRest(writer, runId, course, { ...request, objectives }, recognised, file);
  } catch (thrown) {
    discard();
    throw thrown;
  } finally {
    deafen();
  }
  return { folder, assessment: writeReport(folder) };
}

/** What is known of the run that was. */
interface Course {
  readonly startMs: number;
  readonly endMs: number;
  readonly warmUpMs: number;
  readonly flows: Manifest['flows'];
  readonly thresholdsCrossed: readonly string[];
  readonly warnings: readonly Warning[];
}

async function writeSamples(writer: RecordWriter, file: ResultFile, format: 'k6 CSV' | 'k6 JSON', { warmUpSec }: ImportRequest): Promise<Course> {
  const facts = await readK6Samples(file, format, {
    samples: (samples) => {
      writer.samples(samples);
      writer.flush();
    },
    arrivals: writer.arrivals,
  });
  const startMs = Math.floor(facts.firstMs / 1000) * 1000;
  const endMs = Math.floor(facts.lastMs / 1000) * 1000 + 1000;
  if (startMs + warmUpSec * 1000 >= endMs)
    throw new ProofloadError('usage', `a warm-up of ${warmUpSec} s leaves nothing: ${file.name} holds ${durationText(endMs - startMs)}`, {
      hint: 'give a shorter one',
    });
  return {
    ...{ startMs, endMs, warmUpMs: warmUpSec * 1000, thresholdsCrossed: [] },
    flows: facts.flows.map(({ name, arrivals }) => ({ name, plannedArrivals: arrivals, peakRatePerSec: rateOf(arrivals, endMs - startMs) })),
    warnings: sampleWarnings(facts, format),
  };
}

function writeFigures(writer: RecordWriter, { figures, startMs, endMs, thresholdsCrossed, reckoned }: Summary): Course {
  writer.imported(figures);
  const { started = 0, dropped = 0 } = figures.arrivals ?? {};
  const planned = started + dropped;
  return {
    ...{ startMs, endMs, warmUpMs: 0, thresholdsCrossed },
    flows: planned === 0 ? [] : [{ name: 'all', plannedArrivals: planned, peakRatePerSec: rateOf(planned, endMs - startMs) }],
    warnings: [
      ...(reckoned === undefined ? [] : [warning('time-reckoned', reckoned, 'import it where it was written; a copy may have another time')]),
      ...(dropped > 0 ? [dropCauseUnknown(dropped)] : []),
    ],
  };
}

function rateOf(count: number, lengthMs: number): number {
  return lengthMs > 0 ? Math.round((count / lengthMs) * 10_000) / 10 : 0;
}

function sampleWarnings({ cutOff, wholeSeconds, dropped }: SampleFacts, format: string): Warning[] {
  return [
    ...(cutOff === undefined
      ? []
      : [warning('record-cut-off', `the ${format} was cut off: ${cutOff}`, 'what is there was imported; what came after is not counted')]),
    ...(wholeSeconds
      ? [
          warning(
            'whole-seconds',
            `the ${format} has times to the second: each sample lies within half a second of its own`,
            'set K6_CSV_TIME_FORMAT=unix_micro',
          ),
        ]
      : []),
    ...(dropped > 0 ? [dropCauseUnknown(dropped)] : []),
  ];
}

function dropCauseUnknown(dropped: number): Warning {
  return warning(
    'drop-cause-unknown',
    `k6 or Artillery dropped ${dropped} starts of flows; whether the system or the generator was slow is not in the file, and they count as the system's`,
    'give the generator more virtual users, and a machine with room',
  );
}

function warning(code: string, message: string, advice: string): Warning {
  return { code, message, advice, invalidates: false };
}

async function writeRest(
  writer: RecordWriter,
  runId: string,
  course: Course,
  { file: path, exercise, objectives, store }: Omit<ImportRequest, 'objectives'> & { objectives: unknown },
  { format, ...rest }: Recognised,
  file: ResultFile,
): Promise<void> {
  const name = exercise ?? `imported/${basename(path).replace(/(\.(gz|csv|json|jsonl|ndjson))+$/i, '')}`;
  writer.manifest({
    ...{ recordVersion, runId, exercise: name, hypothesis: '', smoke: false },
    site: { name: 'imported', kind: 'imported', account: 'unknown', region: 'unknown' },
    ...{ timeScale: 1, seed: 'unknown', startedMs: course.startMs, versions: {}, numbers: [], flows: course.flows },
    businessTransaction: { name: 'transaction', operation: '' },
    faults: [],
    imported: { format, file: basename(file.name), holds: 'summary' in rest ? 'figures' : 'samples' },
    objectives,
  });
  writer.plan({ imported: format, mayDiffer: [] });
  writer.resources([]);
  writer.metrics([]);
  const warnings = [...course.warnings];
  const planned = { objectives: validateObjectives(objectives, 'objectives'), mayDiffer: [] };
  writer.references(await referencesFor({ folder: dirname(writer.folder), plan: planned, store, warn: (each) => warnings.push(each) }));
  for (const event of journalOf({ ...course, warnings }, runId, name)) writer.event(event);
  writer.close();
}

function journalOf(course: Course, runId: string, exercise: string): JournalEvent[] {
  const { startMs, endMs, warmUpMs, thresholdsCrossed, warnings } = course;
  const gradedMs = startMs + warmUpMs;
  const warmUp: JournalEvent[] = [
    { at: startMs, kind: 'phase-started', phase: 'warm-up', plannedEndMs: gradedMs },
    { at: gradedMs, kind: 'phase-ended', phase: 'warm-up' },
  ];
  return [
    { at: startMs, kind: 'run-started', runId, exercise },
    ...(warmUpMs > 0 ? warmUp : []),
    { at: gradedMs, kind: 'phase-started', phase: 'baseline', plannedEndMs: endMs },
    { at: endMs, kind: 'phase-ended', phase: 'baseline' },
    ...(thresholdsCrossed.length > 0
      ? [{ at: endMs, kind: 'traffic-ended' as const, flow: 'all', exitCode: 99, detail: '', thresholdsCrossed: [...thresholdsCrossed] }]
      : []),
    ...warnings.map((each): JournalEvent => ({ at: endMs, kind: 'warning', warning: each })),
    { at: endMs, kind: 'run-ended', reason: 'complete' },
  ];
}
