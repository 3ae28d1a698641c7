import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultScript, type Script, timesOf, writeSyntheticRun } from '../../test/synthetic/run.ts';
import { openRecord } from '../record/reader.ts';
import { assess } from './assess.ts';

function deviationsOf(script: Partial<Script>): { readonly atMs: number; readonly text: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'proofload-deviations-'));
  try {
    writeSyntheticRun(folder, script);
    return assess(openRecord(folder)).timeline.filter(({ kind }) => kind === 'deviation');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const objectives = {
  spec_version: '1.0',
  objectives: [
    { sli: 'error_rate', displayName: 'errors', pass: [{ criteria: ['<=0.5'] }], phase: 'baseline' },
    { sli: 'error_rate:browse', displayName: 'errors of browse', pass: [{ criteria: ['<=0.5'] }], phase: 'baseline' },
    { sli: 'error_rate', displayName: 'errors afterwards', pass: [{ criteria: ['<=0.5'] }], phase: 'recovery' },
    { sli: 'latency_p50', displayName: 'latency', pass: [{ criteria: ['<=+10%'] }], phase: 'baseline' },
  ],
};

test('the first second in which an objective of the baseline is not met is told, once, of what the fault touched alone', () => {
  const found = deviationsOf({ objectives });
  expect(found).toHaveLength(1);
  expect(found[0]?.text).toMatch(/^first deviation of errors \(<=0\.5\): [\d.]+ % over the 1 s to [\d:]+, 1 s into the effect$/);
  expect(found[0]?.atMs).toBe(timesOf(defaultScript).effectMs + 1000);
});

test('a fault that nobody notices has none', () => {
  expect(deviationsOf({ objectives, fault: 'nothing' })).toEqual([]);
});
