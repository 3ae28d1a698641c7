import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRecord } from './reader.ts';
import type { Arrival, Manifest, Sample, Window } from './types.ts';
import { createRecordWriter } from './writer.ts';

const t0 = 1_700_000_000_000;
const manifest = { recordVersion: 1, runId: 'r1', exercise: 'checkout' } as Manifest;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofload-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function samplesOf(path: string, within?: Window): Sample[] {
  const samples: Sample[] = [];
  openRecord(path).forEachSampleChunk((chunk) => {
    for (let i = 0; i < chunk.count; i++) {
      samples.push({
        startMs: chunk.baseMs + chunk.startUs[i]! / 1000,
        durationMs: chunk.durationUs[i]! / 1000,
        operation: chunk.names[chunk.operation[i]!]!,
        status: chunk.status[i]!,
        error: chunk.names[chunk.error[i]!]!,
        ok: chunk.ok[i] === 1,
        bytesReceived: chunk.bytesReceived[i]!,
      });
    }
  }, within);
  return samples;
}

const sample = (over: Partial<Sample> = {}): Sample => ({
  startMs: t0,
  durationMs: 12.345,
  operation: 'place-order',
  status: 200,
  error: '',
  ok: true,
  bytesReceived: 321,
  ...over,
});

const anySample = fc.record({
  startMs: fc.integer({ min: 0, max: 10_000_000_000 }).map((us) => t0 + us / 1000),
  durationMs: fc.integer({ min: 0, max: 4_294_967_295 }).map((us) => us / 1000),
  operation: fc.string({ maxLength: 40 }),
  status: fc.integer({ min: 0, max: 599 }),
  error: fc.constantFrom('', 'timeout', 'connection-reset'),
  ok: fc.boolean(),
  bytesReceived: fc.integer({ min: 0, max: 4_294_967_295 }),
});

test('samples come back as they were written, whatever they hold and however they are flushed', () => {
  let run = 0;
  const key = (each: Sample): string => JSON.stringify({ ...each, startMs: Math.round(each.startMs * 1000) });
  fc.assert(
    fc.property(fc.array(fc.array(anySample, { maxLength: 20 }), { maxLength: 4 }), (flushes) => {
      const path = join(folder, String(run++));
      const writer = createRecordWriter(path);
      writer.manifest(manifest);
      for (const samples of flushes) {
        writer.samples(samples);
        writer.flush();
      }
      writer.close();
      expect(samplesOf(path).map(key).sort()).toEqual(flushes.flat().map(key).sort());
      expect(openRecord(path).sampleCount).toBe(flushes.flat().length);
    }),
    { numRuns: 50 },
  );
});

test('a window gets every chunk that may hold one of its samples, and no other', () => {
  const writer = createRecordWriter(folder);
  writer.manifest(manifest);
  // One flush a second; in each a request that started eight seconds before it ended.
  for (let second = 10; second < 400; second++) {
    const names = { operation: `operation-${second % 7}` };
    writer.samples([sample({ ...names, startMs: t0 + second * 1000 + 999 }), sample({ ...names, startMs: t0 + (second - 8) * 1000 })]);
    writer.flush();
  }
  writer.close();
  const within = { startMs: t0 + 100_000, endMs: t0 + 105_000 };
  const isInside = ({ startMs }: Sample): boolean => startMs >= within.startMs && startMs < within.endMs;
  const found = samplesOf(folder, within);
  expect(found.filter(isInside)).toEqual(samplesOf(folder).filter(isInside));
  expect([found.length, found.filter(isInside).length]).toEqual([26, 10]);
});

test('names mean the same in the second file, which adds some', () => {
  const writer = createRecordWriter(folder);
  writer.manifest(manifest);
  const fileFull = 262_144;
  for (const samples of [[sample({ operation: 'first' })], new Array<Sample>(fileFull).fill(sample()), [sample({ operation: 'last' })], [sample()]]) {
    writer.samples(samples);
    writer.flush();
  }
  writer.close();
  const seen: string[] = [];
  openRecord(folder).forEachSampleChunk(({ names, operation }) => seen.push(names[operation[0]!]!));
  expect(seen).toEqual(['first', 'place-order', 'last', 'place-order']);
  expect(readdirSync(join(folder, 'record', 'samples'))).toHaveLength(2);
});

test('arrivals keep intention, lateness and why they were dropped', () => {
  const arrivals: Arrival[] = [
    { flow: 'shop', intendedMs: t0, startMs: t0 + 1.5, durationMs: 5000 },
    { flow: 'shop', intendedMs: t0 + 100, startMs: t0 + 99.5 },
    { flow: 'shop', intendedMs: t0 + 200, dropped: 'system-slow' },
    { flow: 'shop', intendedMs: t0 + 300, dropped: 'generator-slow' },
  ];
  const writer = createRecordWriter(folder);
  writer.manifest(manifest);
  writer.arrivals(arrivals);
  writer.close();
  const rows: unknown[] = [];
  openRecord(folder).forEachArrivalChunk((chunk) => {
    for (let i = 0; i < chunk.count; i++)
      rows.push([chunk.names[chunk.flow[i]!], chunk.intendedUs[i], chunk.latenessUs[i], chunk.durationUs[i], chunk.state[i]]);
  });
  expect(rows).toEqual([
    ['shop', 0, 1500, 5_000_000, 1],
    ['shop', 100_000, -500, 0, 0],
    ['shop', 200_000, 0, 0, 2],
    ['shop', 300_000, 0, 0, 3],
  ]);
});

describe('a run that died', () => {
  function threeFlushes(): string {
    const writer = createRecordWriter(folder);
    writer.manifest(manifest);
    writer.event({ at: t0, kind: 'run-started', runId: 'r1', exercise: 'checkout' });
    writer.event({ at: t0 + 1, kind: 'phase-started', phase: 'warm-up', plannedEndMs: t0 + 60_000 });
    for (let i = 0; i < 3; i++) {
      writer.samples([sample({ operation: `operation-${i}` })]);
      writer.flush();
    }
    return join(folder, 'record');
  }

  test('is read without closing the writer, and what is missing is named', () => {
    threeFlushes();
    const record = openRecord(folder);
    expect(record.sampleCount).toBe(3);
    expect(record.problems.map((problem) => problem.message)).toEqual([
      'the record has no plan.json',
      'the record has no metrics.jsonl',
      'the record has no resources.json',
    ]);
    expect(record.phases()).toEqual([{ kind: 'warm-up', startMs: t0 + 1, endMs: t0 + 1 }]);
  });

  test('loses the chunk that is cut off in the middle, and only that', () => {
    const file = join(threeFlushes(), 'samples', '0000.bin');
    truncateSync(file, readFileSync(file).byteLength - 5);
    expect(samplesOf(folder).map((each) => each.operation)).toEqual(['operation-0', 'operation-1']);
    expect(openRecord(folder).problems.map((problem) => problem.code)).toContain('record-cut-off');
  });

  test('a changed byte is noticed', () => {
    const file = join(threeFlushes(), 'samples', '0000.bin');
    const bytes = readFileSync(file);
    bytes[bytes.length - 30]! ^= 1;
    writeFileSync(file, bytes);
    expect(openRecord(folder).sampleCount).toBe(2);
  });

  test('a journal line that is cut off ends the journal with a warning', () => {
    const record = threeFlushes();
    appendFileSync(join(record, 'journal.jsonl'), '{"at":17000');
    expect(openRecord(folder).journal).toHaveLength(2);
    expect(openRecord(folder).problems[0]).toMatchObject({
      code: 'record-cut-off',
      message: expect.stringContaining('journal.jsonl is cut off: line 3'),
    });
  });
});

test('phases follow the journal; a later start ends the one before', () => {
  const writer = createRecordWriter(folder);
  writer.manifest(manifest);
  writer.event({ at: 10, kind: 'phase-started', phase: 'warm-up', plannedEndMs: 20 });
  writer.event({ at: 21, kind: 'phase-started', phase: 'baseline', plannedEndMs: 30 });
  writer.event({ at: 31, kind: 'phase-ended', phase: 'baseline' });
  writer.event({ at: 31, kind: 'phase-started', phase: 'fault', plannedEndMs: 40 });
  writer.event({ at: 35, kind: 'interrupted', by: 'SIGINT' });
  writer.close();
  expect(openRecord(folder).phases()).toEqual([
    { kind: 'warm-up', startMs: 10, endMs: 21 },
    { kind: 'baseline', startMs: 21, endMs: 31 },
    { kind: 'fault', startMs: 31, endMs: 35 },
  ]);
});

test('refusals name the folder and what to do', () => {
  expect(() => openRecord(folder)).toThrow(expect.objectContaining({ code: 'not-a-record', exit: 'usage' }));
  const writer = createRecordWriter(folder);
  writer.manifest({ ...manifest, recordVersion: 2 });
  expect(() => openRecord(folder)).toThrow(expect.objectContaining({ code: 'record-newer', message: expect.stringContaining('version 2') }));
  expect(() => createRecordWriter(folder)).toThrow(expect.objectContaining({ code: 'record-exists' }));
  writeFileSync(join(folder, 'record', 'manifest.json'), '{');
  expect(() => openRecord(folder)).toThrow(expect.objectContaining({ code: 'not-a-record' }));
});
