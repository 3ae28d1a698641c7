import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failingComparison, hostileComparison, relativeRun } from '../../test/golden/report/comparison.ts';
import { passingRun } from '../../test/golden/report/fixture.ts';
import { hostileRun, hostileText } from '../../test/golden/report/variants.ts';
import type { Assessment, ChartSeries } from '../grade/types.ts';
import { html, trusted } from './html/markup.ts';
import { chartPayload } from './html/payload-of.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderAll } from './render-all.ts';

const threeHours = 3 * 3600;

/** The fixture with every series three times, over three hours. */
function longRun(): Assessment {
  const run = passingRun();
  const startMs = run.phaseWindows[0]?.startMs ?? 0;
  const long = (series: ChartSeries): ChartSeries => ({
    ...series,
    points: Array.from({ length: threeHours / series.resolutionSec }, (_, index) => ({
      atMs: startMs + index * series.resolutionSec * 1000,
      value: (index * 7919) % 1000,
    })),
  });
  const { rate, latency, errors, throttles, concurrency } = run.charts;
  const heatMap = {
    ...run.heatMap!,
    columnSec: 36,
    counts: Array.from({ length: 300 }, (_, column) => Array.from({ length: 40 }, (_, row) => (column * 7919 + row * 131) % 5000)),
  };
  const tripled = (all: readonly ChartSeries[]): ChartSeries[] => [...all, ...all, ...all].map(long);
  return {
    ...run,
    heatMap,
    charts: {
      rate: tripled(rate),
      latency: tripled(latency),
      errors: tripled(errors),
      throttles: tripled(throttles),
      concurrency: tripled(concurrency),
    },
  };
}

describe('report.html as text', () => {
  it('is the same for the same assessment, and one of the files of a report', () => {
    const page = renderHtml(passingRun());
    expect(renderHtml(passingRun())).toBe(page);
    const all = renderAll(passingRun());
    expect(all['report.html']).toBe(page);
    expect(Object.keys(all)).toEqual(['report.json', 'report.md', 'report.html', 'junit.xml', 'summary.json']);
  });

  it('stays under 2 MB for three hours of many series', () => {
    expect(Buffer.byteLength(renderHtml(longRun()))).toBeLessThan(2_000_000);
  });

  it('refers to nothing outside of itself, and lets no script run but its own', () => {
    const page = renderHtml(hostileRun());
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).toContain(`script-src 'sha256-${hash}'`);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<(?:link|img|iframe|object|base)\b/g)).toBeNull();
    expect(page.match(/\bhref="(?!#)/g)).toBeNull();
    expect(page).not.toMatch(/url\(|@import/);
  });

  it('tells what is older than the run as such', () => {
    const run = passingRun();
    const text = renderHtml({ ...run, timeline: [{ atMs: run.manifest.startedMs - 7_200_000, kind: 'alarm', text: 'alarm a is OK' }] });
    expect(text).toContain('<span class="since">-2 h</span>');
  });

  it('holds its chart data as JSON that hostile names cannot leave', () => {
    const page = renderHtml(hostileRun());
    const [, json = ''] = /<script type="application\/json" id="run-data">([\s\S]*?)<\/script>/.exec(page) ?? [];
    const { charts } = JSON.parse(json) as ReturnType<typeof chartPayload>;
    expect(charts.map(({ series }) => series.length)).toEqual([2, 3, 2, 2, 2]);
    expect(charts[0]?.series[0]?.name).toContain('<script>');
  });
});

describe('the comparison of a run with another', () => {
  const textOf = (page: string): string => page.replace(/<style>[\s\S]*<\/style>|<script[\s\S]*<\/script>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');

  it('decides the page, as it decides how the gate ends, and is shown with intervals, operations and what differs', () => {
    const page = renderHtml(passingRun(), failingComparison());
    expect(page).toContain('<title>Fail: checkout/lambda-throttle</title>');
    const text = textOf(page);
    expect(text).toContain('✗ Fail checkout/lambda-throttle Against run 20261123-090000-aaaa: Latency p99 in the baseline phase got worse');
    expect(text).toContain('✓ Pass for this run alone; ✗ Fail compared with run 20261123-090000-aaaa');
    expect(text).toContain('Latency p99 Baseline ✗ worse 61.2 ms 87.1 ms +42 % +30 % to +56 % &lt; 0.0001 +18 % place-order');
    expect(text).toContain('What else differs: 1 thing');
    // Without an upper bound the interval reaches to the edge of the axis.
    expect(page.match(/class="point"/g)).toHaveLength(3);
    expect(page).toMatch(/tone-muted">(?:\s*<i[^>]*><\/i>)+\s*<i class="reach" style="left:[\d.]+%;width:[\d.]+%">/);
  });

  it('names what hinders it before anything else, and takes no text of a run for markup', () => {
    const page = renderHtml(hostileRun(), hostileComparison(hostileText));
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('\u202e');
    expect(textOf(page)).toContain('? Invalid');
    expect(page.indexOf('<caption>Differences</caption>')).toBeGreaterThan(page.indexOf('id="comparison"'));
  });

  it('with earlier runs, by relative criteria, says what those had and what was asked of the change, in Markdown as well', () => {
    const text = textOf(renderHtml(relativeRun()));
    expect(text).toContain('Compared with earlier runs');
    expect(text).toContain('Latency p99 ✓ met Baseline 82 ms 87.1 ms +6.2 % &lt;=+10% (to 90.2 ms)');
    expect(text).toContain('Earlier: 20261123-090000-aaaa, 20261122-090000-bbbb.');
    expect(renderMarkdown(relativeRun())).toContain('| **Latency p99** | ✓ met | Baseline | 82 ms | 87.1 ms | +6.2 % | &lt;=+10% (to 90.2 ms) |');
  });

  it('is no part of a run that was compared with nothing', () => {
    expect(renderHtml(passingRun())).not.toContain('id="comparison"');
  });
});

describe('the charts’ data', () => {
  it('spans phases, fault windows and figures, but no gaps at the ends', () => {
    const run = passingRun();
    const [phase] = run.phaseWindows;
    const series = run.charts.rate[0];
    if (!phase || !series) throw new Error('the fixture has phases and a rate');
    const minute = 60_000;
    const points = [-60, 0, 10, 20, 60].map((minutes) => ({
      atMs: phase.startMs + minutes * minute,
      value: minutes % 60 === 0 && minutes !== 0 ? null : 5,
    }));
    const bare = {
      ...run,
      faults: [],
      phaseWindows: [phase],
      charts: { rate: [{ ...series, points }], latency: [], errors: [], throttles: [], concurrency: [] },
    };
    const payload = chartPayload(bare);
    expect(payload.startMs).toBe(phase.startMs);
    expect(payload.lengthSec).toBe(20 * 60 + series.resolutionSec);
    expect(payload.charts[0]?.series[0]?.atSec).toEqual([0, 600, 1200]);
  });
});

describe('html templates', () => {
  it('escape text in elements and attributes, and keep markup', () => {
    const name = `<b>"x"&'y'</b>`;
    expect(html`<p title="${name}">${name}${[html`<i>${1}</i>`, null, false, 'a<b']}${trusted('<br>')}</p>`.toString()).toBe(
      '<p title="&lt;b&gt;&quot;x&quot;&amp;&#39;y&#39;&lt;/b&gt;">&lt;b&gt;&quot;x&quot;&amp;&#39;y&#39;&lt;/b&gt;<i>1</i>a&lt;b<br></p>',
    );
  });
});
