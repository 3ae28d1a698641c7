import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Assessment, Figure } from '../../lib/grade/types.ts';
import { openRecord } from '../../lib/record/reader.ts';
import { cli, fastLab, inRoot, removeScratch, reportIn } from './cli.ts';

afterAll(removeScratch);

const run = (exercise: string) => cli(['run', inRoot(`test/exercises/${exercise}.ts`), '--site', fastLab, '--seed', exercise]);
const numberIn = (figure: Figure | undefined): number => (figure?.state === 'value' ? figure.value : Number.NaN);
const phase = (report: Assessment, kind: string) => report.phases.find((each) => each.phase === kind);

function expectBalanced(report: Assessment): void {
  expect(report.books.map(({ what }) => what)).toEqual(expect.arrayContaining([expect.stringContaining('front door')]));
  for (const line of report.books) expect(line, line.what).toMatchObject({ agree: true, right: { count: line.left.count } });
}

/** What `run` may be late with its notes, as grading has it: 100 ms of the wall, at 20 times its speed. */
const journalLateMs = 2_000;

/** Failed requests that were sent from `fromMs` on, each with how long after. */
function failuresFrom(folder: string, fromMs: number): string[] {
  const found: string[] = [];
  const [name = ''] = readdirSync(join(folder, 'reports'));
  openRecord(join(folder, 'reports', name)).forEachSampleChunk(({ count, baseMs, startUs, names, operation, ok, status }) => {
    for (let row = 0; row < count; row++) {
      const atMs = baseMs + (startUs[row] ?? 0) / 1000;
      if (ok[row] === 0 && atMs >= fromMs) found.push(`${names[operation[row] ?? 0]}: ${status[row]} after ${Math.round(atMs - fromMs)} ms`);
    }
  });
  return found;
}

/** HTTP API: $1.00 a million requests of up to 512 KB; Lambda: $0.20 a million invocations. Counted by k6, priced by hand. */
function expectCostByHand(report: Assessment): void {
  const sent = report.books.find(({ what }) => what.includes('front door'))?.left.count ?? 0;
  const usdOf = (dimension: string): number =>
    report.cost.items.filter((item) => item.dimension === dimension).reduce((sum, { usd }) => sum + usd, 0);
  expect(sent).toBeGreaterThan(100);
  expect(usdOf('apigateway.http-request')).toBeCloseTo((sent * 1) / 1e6, 9);
  // Each request runs one function, and each order the payment provider as well.
  expect(usdOf('lambda.request')).toBeCloseTo(((sent + report.cost.transactions) * 0.2) / 1e6, 9);
}

describe('proofload run', () => {
  it('passes with no fault, and its books balance to the request', async () => {
    const { code, stdout, folder } = await run('no-fault');
    expect(stdout).toContain('PASS');
    expect(code).toBe(0);
    const report = reportIn(folder);
    expectBalanced(report);
    expect(phase(report, 'baseline')?.requests).toBeGreaterThan(100);
    expect(numberIn(phase(report, 'baseline')?.errorRate)).toBe(0);
    for (const { count } of phase(report, 'baseline')?.throttles ?? []) expect(numberIn(count)).toBe(0);
    expectCostByHand(report);
  });

  it('throttles the named function through FIS, sees it, and sees it end', async () => {
    const { code, folder, stdout } = await run('throttle');
    expect(code, stdout).toBe(0);
    const report = reportIn(folder);
    expectBalanced(report);
    const [fault] = report.faults;
    expect(fault).toMatchObject({ fault: 'lambda-throttle', probe: { observed: true } });
    const { startMs = 0, endMs = 0 } = fault?.windows.effect ?? {};
    expect(endMs - startMs).toBeGreaterThanOrEqual(120_000);
    expect(fault?.undo[0]?.outcome).toBe('already-restored');
    const throttled = phase(report, 'fault')?.throttles.find(({ resource }) => resource === 'PlaceOrderFunction');
    expect(numberIn(throttled?.count)).toBeGreaterThan(0);
    expect(phase(report, 'fault')?.errors).toContainEqual(expect.objectContaining({ kind: 'HTTP 503', operation: 'place-order' }));
    // The recovery is cut at the minute, so it holds what was sent in the effect's last moments; after the effect nothing fails.
    expect(failuresFrom(folder, endMs + journalLateMs)).toEqual([]);
    expect(failuresFrom(folder, startMs)).not.toEqual([]);
  });

  it('is invalid when the probe stays silent', async () => {
    const { code, folder } = await run('only-waits');
    expect(code).toBe(4);
    const report = reportIn(folder);
    expect(report.verdict).toBe('invalid');
    expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'fault-not-observed', invalidates: true }));
    for (const each of report.phases.flatMap(({ throttles }) => throttles)) expect(numberIn(each.count)).not.toBeGreaterThan(0);
  });

  it('fails with exit 3 when an objective fails', async () => {
    const { code, folder } = await run('strict');
    expect(code).toBe(3);
    expect(reportIn(folder).verdict).toBe('fail');
  });

  it('restores by itself what the document of a fault did not', async () => {
    const { code, folder, stdout } = await run('no-restore');
    expect(code, stdout).toBe(0);
    const [fault] = reportIn(folder).faults;
    expect(fault?.probe.observed).toBe(true);
    expect(fault?.undo).toEqual([expect.objectContaining({ outcome: 'restored' })]);
  });
});
