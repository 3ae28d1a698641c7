import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { JournalEvent } from '../../lib/record/types.ts';
import { cli, fastLab, removeScratch, reportIn, scratch } from './cli.ts';
import { exerciseIn } from './exercise-file.ts';

afterAll(removeScratch);

it('a breached guard stops the traffic and the fault, undoes it, and the record says how long the harm lasted', async () => {
  const folder = scratch();
  const parameters = `parameters: { FunctionName: resource('PlaceOrderFunction'), ReservedConcurrency: 0 }`;
  const file = exerciseIn(folder, `...withFault({ durationSec: 900, ${parameters} }), guards: [{ sli: 'error_rate', above: 5, overSec: 5 }]`);
  const { code, stdout } = await cli(['run', file, '--site', fastLab, '--seed', 'guard'], { cwd: folder });
  expect(code, stdout).toBe(5);
  const report = reportIn(folder);
  expect(report.exitCode).toBe(5);
  expect(report.faults[0]?.undo).toEqual([
    expect.objectContaining({ resource: 'PlaceOrderFunction', outcome: expect.stringMatching(/^(already-)?restored$/) }),
  ]);
  expect(stdout).toMatch(/error_rate was [\d.]+ % over 5 s, and the guard's limit is 5/);
  const [run = ''] = readdirSync(join(folder, 'reports'));
  const lines = readFileSync(join(folder, 'reports', run, 'record/journal.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const journal = lines.map((line) => JSON.parse(line) as JournalEvent);
  const undone = journal.find((event) => event.kind === 'undone');
  const stopped = journal.find((event) => event.kind === 'stopped');
  expect(stopped).toMatchObject({ by: 'guard' });
  // The guard was on the site too, where it would have stopped the fault of a run that is gone.
  const alarm = `proofload-${run}-guard-1`;
  expect(journal).toContainEqual(expect.objectContaining({ kind: 'alarm', name: alarm, state: 'OK' }));
  expect(journal.find((event) => event.kind === 'undo-registered' && event.setting === 'fis:stop-conditions')).toMatchObject({
    set: expect.stringContaining(`:alarm:${alarm}`),
  });
  expect(journal).toContainEqual(expect.objectContaining({ kind: 'undo', fault: 'guards', resource: alarm, outcome: 'restored' }));
  expect(journal.find((event) => event.kind === 'guards-published')).toMatchObject({ guards: 1, requests: expect.any(Number) });
  expect(undone?.kind === 'undone' && undone.afterMs).toBeGreaterThan(0);
  expect(journal.filter(({ kind }) => kind === 'undo').every(({ at }) => at <= (undone?.at ?? 0))).toBe(true);
});
