import { describe, expect, it } from 'vitest';
import { passingRun } from '../../test/golden/report/fixture.ts';
import { emptyRun, failingRun, hostileRun, interruptedRun, invalidRun } from '../../test/golden/report/variants.ts';
import { renderJson, reportVersion } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderText } from './text.ts';

const runs = { pass: passingRun, fail: failingRun, invalid: invalidRun, 'no-data': emptyRun, interrupted: interruptedRun, hostile: hostileRun };
const golden = (name: string): string => `../../test/golden/report/${name}`;

/** Golden files; `npx vitest run lib/report -u` writes them anew. */
describe.each(Object.entries(runs))('the report of a run: %s', (name, run) => {
  it('reads well on a terminal', async () => {
    const text = renderText(run(), { columns: 100, reportFolder: `reports/${name}` });
    await expect(text).toMatchFileSnapshot(golden(`${name}.txt`));
  });

  it('reads well on a pull request', async () => {
    await expect(renderMarkdown(run())).toMatchFileSnapshot(golden(`${name}.md`));
  });

  it.each([60, 80, 120])('fits %d columns and holds no control character', (columns) => {
    const lines = renderText(run(), { columns }).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe('the terminal summary', () => {
  it('colours only when told, without changing a word', () => {
    const coloured = renderText(failingRun(), { colour: true });
    expect(coloured).toContain('\u001b[31;1;7m ✗ FAIL ');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removes the colours
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(renderText(failingRun()));
  });

  it('says why there is no figure, and never 0', () => {
    const text = renderText(emptyRun(), { columns: 80 });
    expect(text).toContain('no data [1]');
    expect(text).toContain('[1] no data: no request was made in this phase');
    expect(text).not.toMatch(/\b0 ms|\b0 %|\$0/);
  });

  it('says what is left to clean up and how', () => {
    expect(renderText(failingRun())).toContain('to do: proofload recover --site staging');
    expect(renderText(failingRun())).toContain('at least $0.222');
  });
});

describe('report.json', () => {
  it('keeps its layout', async () => {
    const run = passingRun();
    const short = Object.fromEntries(
      Object.entries(run.charts).map(([key, all]) => [key, all.map((each: (typeof all)[0]) => ({ ...each, points: each.points.slice(0, 2) }))]),
    );
    const brief = { ...run.heatMap!, edgesMs: [10, 20, 40], counts: run.heatMap!.counts.slice(0, 3).map((column) => column.slice(3, 5)) };
    await expect(
      renderJson({ ...run, phases: run.phases.slice(2, 3), timeline: run.timeline.slice(0, 2), charts: short as typeof run.charts, heatMap: brief }),
    ).toMatchFileSnapshot(golden('pass.json'));
  });

  it('holds everything of the assessment, hostile text unchanged', () => {
    const run = hostileRun();
    const { reportVersion: version, charts, ...rest } = JSON.parse(renderJson(run)) as Record<string, unknown>;
    const { charts: _charts, ...expected } = run;
    expect(version).toBe(reportVersion);
    expect(rest).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(Object.keys(charts as object)).toEqual(['rate', 'latency', 'errors', 'throttles', 'concurrency']);
  });

  it('keeps the peaks of a long series', () => {
    const run = passingRun();
    const points = Array.from({ length: 5000 }, (_, second) => ({
      atMs: second * 1000,
      value: second === 3217 ? 9999 : second === 4000 ? null : 20,
    }));
    const long = { ...run, charts: { ...run.charts, latency: [{ ...run.charts.latency[0]!, points }] } };
    const document = JSON.parse(renderJson(long)) as { charts: { latency: { points: [number, number | null][]; thinnedFrom: number }[] } };
    const [series] = document.charts.latency;
    expect(series?.points.length).toBeLessThanOrEqual(1000);
    expect(series?.thinnedFrom).toBe(5000);
    expect(series?.points).toContainEqual([3_217_000, 9999]);
    expect(series?.points).toContainEqual([4_000_000, null]);
  });
});
