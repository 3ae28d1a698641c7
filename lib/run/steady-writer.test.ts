import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRecordWriter } from '../record/writer.ts';
import { endReasonOf } from './end-reason.ts';
import { steadyWriter } from './steady-writer.ts';

it('tells the first failure of a record once, and never throws', () => {
  const folder = mkdtempSync(join(tmpdir(), 'proofload-steady-'));
  try {
    const writer = createRecordWriter(folder);
    const failures: string[] = [];
    const full = {
      ...writer,
      event: () => {
        throw new Error('ENOSPC: no space left on device');
      },
    };
    const steady = steadyWriter(full, (detail) => failures.push(detail));
    steady.event({ at: 0, kind: 'run-ended', reason: 'complete' });
    steady.event({ at: 1, kind: 'run-ended', reason: 'complete' });
    steady.flush();
    steady.close();
    expect(failures).toEqual(['ENOSPC: no space left on device']);
    writer.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('tells a silent site from a refusal and from a defect', () => {
  const refused = Object.assign(new Error('not authorized to perform fis:StartExperiment'), {
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 403 },
  });
  expect(endReasonOf(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4566'), { code: 'ECONNREFUSED' }))).toMatchObject({ kind: 'site-gone' });
  expect(endReasonOf(Object.assign(new Error(''), { code: 'ECONNRESET' }))).toEqual({ kind: 'site-gone', detail: 'ECONNRESET' });
  expect(endReasonOf(refused)).toEqual({ kind: 'call-refused', detail: 'AccessDeniedException: not authorized to perform fis:StartExperiment' });
  expect(endReasonOf(new TypeError('x is undefined'))).toEqual({ kind: 'defect', detail: 'x is undefined' });
});
