import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparisonDocument } from '../../lib/report/comparison/render.ts';
import { defaultScript, manifestOf, type Script, writeSyntheticRun } from '../synthetic/run.ts';
import { cli, fastLab, inRoot, removeScratch, scratch } from './cli.ts';

const folder = scratch();
afterAll(removeScratch);

/** Ten runs, of which the last four are of a commit that made place-order slower. */
const commits = { good: '1'.repeat(40), slow: '2'.repeat(40) };
const objectives = {
  spec_version: '1.0',
  objectives: [
    { sli: 'latency_p95', pass: [{ criteria: ['<1000'] }], phase: 'baseline' },
    { sli: 'error_rate', pass: [{ criteria: ['<=100'] }], phase: 'baseline' },
  ],
};

function run(runId: string, index: number, slower: number): void {
  const jitter = (at: number): number => ((at * 7919 + index * 104_729) % 1000) / 1000;
  const script: Partial<Script> = {
    ...{ ratePerSec: 20, faultMin: 0, fault: 'nothing', objectives },
    latencyMs: (at) => (20 + 60 * jitter(at) + index * 0.1) * (at % 4 === 3 ? slower : 1),
  };
  const base = manifestOf({ ...defaultScript, ...script });
  const source = { commit: slower > 1 ? commits.slow : commits.good, branch: 'main', dirty: false };
  writeSyntheticRun(join(folder, 'reports', runId), script, { manifest: { ...base, runId, source, startedMs: base.startedMs + index * 3_600_000 } });
}

beforeAll(() => {
  for (let index = 0; index < 10; index++) run(`run-${index}`, index, index < 6 ? 1 : 1.8);
});

describe('runs of one exercise', () => {
  it('are compared: the same system passes, a slower one fails and the operation is named', async () => {
    const same = await cli(['compare', 'run-0', 'run-1'], { cwd: folder });
    expect(same.code, same.stdout + same.stderr).toBe(0);
    const slower = await cli(['compare', 'run-0', 'run-9', '--json'], { cwd: folder });
    expect(slower.code, slower.stdout + slower.stderr).toBe(3);
    const comparison = JSON.parse(slower.stdout) as ComparisonDocument;
    const schema = JSON.parse(readFileSync(inRoot('docs/schemas/comparison.schema.json'), 'utf8'));
    expect(new Ajv({ strict: false }).validate(schema, comparison)).toBe(true);
    expect(comparison.reasons[0]).toMatch(/^latency_p95 in the baseline phase got worse: \+\d+\.\d %, most in place-order \(\+\d+\.\d %\)$/);
    expect(readFileSync(join(folder, 'reports/run-9/comparison.md'), 'utf8')).toContain('## ❌ Fail: checkout/synthetic against run run-0');
    const page = join(folder, 'reports/run-9/report.html');
    expect(readFileSync(page, 'utf8')).toContain('<h2 id="comparison-title">Compared with run run-0</h2>');
    // A report that is derived again keeps it.
    await cli(['report', 'run-9'], { cwd: folder });
    expect(readFileSync(page, 'utf8')).toContain('<title>Fail: checkout/synthetic</title>');
  });

  it('are a history that names the commit with which a figure changed', async () => {
    const { code, stdout } = await cli(['history', 'checkout/synthetic'], { cwd: folder });
    expect(code, stdout).toBe(0);
    expect(stdout.match(/run-\d {2}/g)?.length).toBeGreaterThanOrEqual(10);
    expect(stdout).toMatch(/Changes\n.*\n.*\n {2}latency_p95 +Baseline +2222222 +run-6/);
    expect(stdout).not.toMatch(/error_rate +Baseline +[12]{7}/);
  });

  it('are accepted with a reason, or not', async () => {
    const without = await cli(['accept', 'run-9'], { cwd: folder });
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('accept needs a reason')]);
    const accepted = await cli(['accept', 'run-9', '--reason', 'the new fraud check'], { cwd: folder });
    expect(accepted.code, accepted.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'reports/run-9/accepted.json'), 'utf8'))).toMatchObject({ reason: 'the new fraud check' });
  });
});

describe('gate', () => {
  it('without a reference refuses before anything is touched', async () => {
    const { code, stderr, folder: own } = await cli(['gate', inRoot('test/exercises/no-fault.ts'), '--site', fastLab]);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('no run of test/no-fault in');
    expect(existsSync(join(own, 'reports'))).toBe(false);
  });

  it('answers invalid on a clock that is faster than the wall, and tells GitHub', async () => {
    const own = scratch();
    const base = manifestOf(defaultScript);
    const script: Partial<Script> = { ratePerSec: 2, faultMin: 0, fault: 'nothing', objectives };
    writeSyntheticRun(join(own, 'reports/reference'), script, { manifest: { ...base, exercise: 'test/no-fault', runId: 'reference' } });
    const summary = join(own, 'summary.md');
    mkdirSync(own, { recursive: true });
    appendFileSync(summary, 'before\n');
    const options = { cwd: own, env: { GITHUB_STEP_SUMMARY: summary } };
    const { code, stdout } = await cli(
      ['gate', inRoot('test/exercises/no-fault.ts'), '--site', fastLab, '--against', 'reference', '--seed', 'gate'],
      options,
    );
    expect(code, stdout).toBe(4);
    expect(stdout).toMatch(/^What the gate can tell, by how figures varied in run reference\n {2}\S/);
    expect(stdout).toMatch(/run \S+ was made on a clock 20 times as fast as the\s+wall's/);
    const run = /run ([\w-]+) was made on a clock/.exec(stdout)?.[1] ?? '';
    expect(JSON.parse(readFileSync(join(own, 'reports', run, 'gated.json'), 'utf8'))).toEqual({ against: 'reference', verdict: 'invalid' });
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## 🚫 Invalid: test\/no-fault against run reference/);
  });
});
