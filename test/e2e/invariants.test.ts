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

describe('a saga', () => {
  it('is waited for until it is quiet, keeps its invariants, and its books balance although most of its functions stand behind no request', async () => {
    const { code, stdout, folder } = await cli(['run', inRoot('test/exercises/saga.ts'), '--site', fastLab, '--seed', 'saga']);
    expect(code, stdout).toBe(0);
    const report = reportIn(folder);
    expect(report.integrity?.drained).toMatchObject({ quiet: true });
    for (const invariant of report.integrity?.invariants ?? []) {
      expect(invariant, invariant.name).toMatchObject({ state: 'holds', violations: 0 });
      expect(invariant.checked).toBeGreaterThan(0);
    }
    const [attempts] = report.books.filter(({ what }) => what.startsWith('attempts'));
    expect(attempts).toMatchObject({ agree: true, right: { count: attempts?.left.count } });
    expect(attempts?.what).toContain('PlaceOrderFunction');
    expect(attempts?.what).not.toMatch(/Charge|Warehouse/);
    const configurations = Object.fromEntries((report.resources ?? []).map(({ logicalId, configuration }) => [logicalId, configuration]));
    expect(configurations).toMatchObject({
      OrderWorkflow: { type: 'STANDARD' },
      TailWorkflow: { type: 'EXPRESS' },
      WarehouseQueue: { VisibilityTimeout: expect.stringMatching(/^\d+$/) },
      WarehouseFunctionDispatch: { State: 'Enabled' },
    });
    const quantityOf = (dimension: string): number =>
      report.cost.items.filter((item) => item.dimension === dimension).reduce((sum, { quantity }) => sum + quantity, 0);
    expect(quantityOf('states.standard-transition')).toBeGreaterThan(5 * report.cost.transactions);
    expect(quantityOf('states.express-request')).toBe(report.cost.transactions);
    expect(quantityOf('sqs.request')).toBeGreaterThan(0);
  });
});
