import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../lib/report/json.ts';
import { cli, inRoot, removeScratch, scratch } from './cli.ts';

afterAll(removeScratch);

/** One load of 275 requests, 9 of them refused, as k6 itself summed it up; and one of 180, 10 of them refused, by Artillery. */
const k6 = { requests: 275, failed: 9, p50: 60.5, p95: 97.1 };

async function imported(file: string, ...args: string[]): Promise<{ code: number | null; report: ReportDocument; stderr: string }> {
  const { code, stdout, stderr } = await cli(['import', inRoot(`test/imports/${file}`), '--json', ...args]);
  return { code, report: JSON.parse(stdout) as ReportDocument, stderr };
}

describe('results of other suites', () => {
  it.each(['k6.csv.gz', 'k6.json.gz', 'k6-summary.json', 'k6-export.json'])("%s has the figures of k6's own summary", async (file) => {
    const { report } = await imported(file, '--exercise', 'shop/import');
    const [phase] = report.phases;
    expect(phase).toMatchObject({ phase: 'baseline', requests: k6.requests, errorRate: { state: 'value' } });
    const value = (figure: ReportDocument['cost']['totalUsd'] | undefined): number => (figure?.state === 'value' ? figure.value : Number.NaN);
    expect(value(phase?.errorRate)).toBeCloseTo((k6.failed / k6.requests) * 100, 6);
    // The samples hold the wait for a connection too, which the summary's duration leaves out.
    expect(Math.abs(value(phase?.latency.p50) - k6.p50)).toBeLessThan(0.6);
    expect(Math.abs(value(phase?.latency.p95) - k6.p95)).toBeLessThan(0.6);
    expect(phase?.latency.p99).toEqual({ state: 'no-data', unit: 'ms', reason: 'p99 needs 500 samples, there are 275' });
    expect(report.cost.totalUsd.state).toBe('no-data');
    expect(report.scope).toMatch(/^imported from k6/);
  });

  it("Artillery's report has its figures", async () => {
    const { report } = await imported('artillery.json');
    expect(report.phases[0]).toMatchObject({ requests: 180, latency: { p50: { value: 74.4 }, p95: { value: 147 } } });
    expect(report.scope).toBe('imported from Artillery report: its figures only');
  });

  it('are graded by objectives of a file, whose mistakes are told with line and column', async () => {
    const folder = scratch();
    const slo = join(folder, 'slo.yaml');
    writeFileSync(slo, "spec_version: '1.0'\nobjectives:\n  - sli: latency_p95\n    pass:\n      - criteria: ['<200']\n");
    expect((await imported('artillery.json', '--objectives', slo)).code).toBe(0);
    writeFileSync(slo, "spec_version: '1.0'\nobjectives:\n  - sli: latency_p96\n");
    const { code, stderr } = await cli(['import', inRoot('test/imports/artillery.json'), '--objectives', slo]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/slo\.yaml:3:\d+: .*there is no indicator latency_p96; did you mean latency_p9/);
  });

  it('of no known kind are refused, and nothing is left of them', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'results.txt'), 'hello\n');
    const { code, stderr } = await cli(['import', 'results.txt'], { cwd: folder });
    expect([code, existsSync(join(folder, 'reports'))], stderr).toEqual([2, false]);
  });
});
