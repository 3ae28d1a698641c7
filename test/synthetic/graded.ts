import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assess } from '../../lib/grade/assess.ts';
import type { Assessment } from '../../lib/grade/types.ts';
import { openRecord } from '../../lib/record/reader.ts';
import { type Changes, type Script, writeSyntheticRun } from './run.ts';

/** The grade of a synthetic run, which lies on the disk only meanwhile. */
export function graded(script: Partial<Script> = {}, changes: Changes = {}): Assessment {
  const folder = mkdtempSync(join(tmpdir(), 'proofload-graded-'));
  try {
    writeSyntheticRun(folder, script, changes);
    return assess(openRecord(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
