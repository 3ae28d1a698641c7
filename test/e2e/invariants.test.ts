import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli, fastLab, inRoot, removeScratch, reportIn, scratch } from './cli.ts';
import { exerciseIn } from './exercise-file.ts';

afterAll(removeScratch);

const exercise = inRoot('test/exercises/broken-promise.ts');

describe('an exercise with invariants', () => {
  it('fails on a violation although its objectives hold, and names the ids wherever it is reported', async () => {
    const { code, stdout, folder } = await cli(['run', exercise, '--site', fastLab, '--seed', 'promises']);
    expect(code, stdout).toBe(3);
    const report = reportIn(folder);
    expect(report).toMatchObject({ verdict: 'fail', score: { percent: 100 }, integrity: { drained: { quiet: true } } });
    const [held, violated, unchecked] = report.integrity?.invariants ?? [];
    expect(held).toMatchObject({ name: 'orders-have-a-status', state: 'holds', violations: 0 });
    expect(violated).toMatchObject({ name: 'nobody-buys', state: 'violated' });
    expect(unchecked).toMatchObject({ name: 'books-are-audited', state: 'no-data', reason: 'the auditors are on holiday' });
    expect(violated?.violations).toBeGreaterThan(10);
    expect(violated?.checked).toBe(held?.checked);
    const [first] = violated?.examples ?? [];
    expect(first?.id).toMatch(/\S/);
    expect(report.reasons[0]).toContain(`nobody-buys is violated ${violated?.violations} times in ${violated?.checked} checked: ${first?.id}`);
    const [run = ''] = readdirSync(join(folder, 'reports'));
    for (const text of [stdout, ...['report.md', 'report.html'].map((file) => readFileSync(join(folder, 'reports', run, file), 'utf8'))]) {
      expect(text).toContain(first?.id);
      expect(text).toContain('books-are-audited: not checked: the auditors are on holiday');
    }
    const again = await cli(['report', join(folder, 'reports', run)]);
    expect(again.code, again.stdout).toBe(3);
  });

  it('lists its invariants in the plan', async () => {
    const { code, stdout } = await cli(['check', exercise]);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('invariant   nobody-buys: No order is ever confirmed, which is wrong on purpose.');
  });

  it('refuses an objective on an invariant that it does not have, before anything is touched', async () => {
    const folder = scratch();
    const objectives = `{ spec_version: '1.0', objectives: [{ sli: 'integrity:nobody-sells', pass: [{ criteria: ['=0'] }] }] }`;
    const file = exerciseIn(folder, `invariants: at('promises.invariants.ts'), objectives: ${objectives}`);
    const { code, stderr } = await cli(['check', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /objective integrity:nobody-sells: there is no invariant nobody-sells\n.*orders-have-a-status, nobody-buys, books-are-audited/,
    );
  });
});
