import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultScript, manifestOf, writeSyntheticRun } from '../../test/synthetic/run.ts';
import { folderStore } from '../record/history/folder-store.ts';
import { acceptRun, noteGate } from '../record/history/run-folder.ts';
import type { Manifest } from '../record/types.ts';
import { type OfExercise, referencesNamed } from './reference.ts';

const reports = mkdtempSync(join(tmpdir(), 'proofload-reports-'));
afterAll(() => rmSync(reports, { recursive: true }));

const easy = { spec_version: '1.0', objectives: [{ sli: 'error_rate', pass: [{ criteria: ['<=100'] }] }] };
const hard = { spec_version: '1.0', objectives: [{ sli: 'error_rate', pass: [{ criteria: ['<0'] }] }] };
const of = { exercise: 'checkout/synthetic' };

function run(runId: string, day: number, more: Partial<Manifest> & { objectives?: unknown } = {}): void {
  const script = { ratePerSec: 2, faultMin: 0, fault: 'nothing' as const, objectives: more.objectives ?? easy };
  const base = manifestOf({ ...defaultScript, ...script });
  writeSyntheticRun(join(reports, runId), script, { manifest: { ...base, ...more, runId, startedMs: base.startedMs + day * 86_400_000 } });
}

beforeAll(() => {
  run('passed-1', 1, { source: { commit: 'a'.repeat(40), branch: 'main', dirty: false } });
  run('passed-2', 2, { source: { commit: 'b'.repeat(40), branch: 'feature', dirty: false } });
  run('failed-3', 3, { objectives: hard, source: { commit: 'c'.repeat(40), branch: 'main', dirty: false } });
  run('other-4', 4, { exercise: 'checkout/other' });
  run('gate-5', 5, { setting: 'gate' });
});

const store = folderStore(reports);
const named = async (against: string, what: OfExercise = of): Promise<string[]> =>
  (await referencesNamed(against, what, store, reports)).map(({ runId }) => runId);

test('last-good: what passed, the newest first; other exercises, settings and failures are left out', async () => {
  expect(await named('last-good')).toEqual(['passed-2', 'passed-1']);
  expect(await named('last-good', { ...of, setting: 'gate' })).toEqual(['gate-5']);
});

test('a branch: what passed on it; a run: itself, whatever its verdict', async () => {
  expect([await named('main'), await named('feature'), await named('failed-3')]).toEqual([['passed-1'], ['passed-2'], ['failed-3']]);
});

test('a run that somebody accepted goes before those that passed', async () => {
  acceptRun(join(reports, 'failed-3'), { atMs: 1, reason: 'the new fraud check costs that much' });
  expect(await named('last-good')).toEqual(['failed-3', 'passed-2', 'passed-1']);
});

test('a run that a gate found worse is no last-good one, though it passed its own objectives; accepted, it is', async () => {
  noteGate(join(reports, 'passed-2'), { against: 'passed-1', verdict: 'fail' });
  expect([await named('last-good'), await named('feature').catch(({ code }) => code)]).toEqual([['failed-3', 'passed-1'], 'no-reference']);
  noteGate(join(reports, 'passed-1'), { against: 'failed-3', verdict: 'no-data' });
  acceptRun(join(reports, 'passed-2'), { atMs: 2, reason: 'it does more now' });
  expect(await named('last-good')).toEqual(['passed-2', 'failed-3', 'passed-1']);
});

test.each([
  ['mian', 'no-reference', 'mian is neither a run nor a branch with runs of checkout/synthetic; did you mean main?'],
  ['other-4', 'other-exercise', 'run other-4 was of checkout/other, not of checkout/synthetic'],
  ['gate-5', 'other-exercise', 'run gate-5 was of checkout/synthetic (setting gate), not of checkout/synthetic'],
])('%s is refused', async (against, code, message) => {
  await expect(named(against)).rejects.toThrow(expect.objectContaining({ code, exit: 'usage', message }));
});

test('without any run that passed there is no last-good one', async () => {
  await expect(named('last-good', { exercise: 'checkout/none' })).rejects.toThrow('has passed or was accepted');
});
