import { clockTime } from '../../../core/time-format.ts';
import type { Assessment, ChartSeries, Charts } from '../../../grade/types.ts';
import { countText, decimalText, quantityText, unitName } from '../../format.ts';
import type { Table } from '../../tables/table.ts';
import { seriesProvenance } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import { folded, section, tableMarkup } from '../parts.ts';
import { chartKeys } from '../payload-of.ts';
import { heatMapFigure } from './heat-map.ts';
import { lanes } from './lanes.ts';

const chartWords: Readonly<Record<keyof Charts, { readonly title: string; readonly what: string }>> = {
  rate: { title: 'Request rate', what: 'what clients sent' },
  latency: { title: 'Latency', what: 'quantiles of what clients waited, shaded between them' },
  errors: { title: 'Errors', what: 'requests that failed, by kind' },
  throttles: { title: 'Throttles', what: 'refusals for want of capacity' },
  concurrency: { title: 'Concurrency', what: 'environments at work' },
};

/** How the vertical axis counts. */
const axisWords: Readonly<Record<string, string>> = {
  '1/s': 'a second',
  percent: '% of requests',
  ratio: 'share of requests',
  count: 'in each period',
};

/** The course of the run: what was planned when, then the charts on the same time axis. */
export function chartsSection(assessment: Assessment): Markup {
  return section(
    'course',
    'Course of the run',
    html`<p class="hint">All charts share one time axis (UTC). Point at one, or focus it and use the arrow keys, to read the values at that moment;
drag to zoom, double-click to zoom out.</p>
<noscript><p class="notes">The curves need JavaScript; the tables under them hold the figures.</p></noscript>
<div class="readout"><span id="readout" aria-live="off">No moment chosen</span> <button type="button" id="unzoom" hidden>Show the whole run</button></div>\n`,
    lanes(assessment),
    chartKeys.map((key) => [chartFigure(key, assessment.charts[key]), key === 'latency' && heatMapFigure(assessment)]),
  );
}

function chartFigure(key: keyof Charts, series: readonly ChartSeries[]): Markup {
  const { title, what } = chartWords[key];
  const measured = series.filter(({ points }) => points.some(({ value }) => value !== null));
  const unit = unitName(series[0]?.unit ?? '');
  const axis = axisWords[unit] ?? unit;
  const head = html`<div class="chart-head"><h3 id="chart-${key}-title">${title}</h3><span class="what">${what}${series.length > 0 && !what.startsWith(axis) && `, ${axis}`}</span>
${key === 'latency' && measured.length > 0 && html`<button type="button" class="log" data-chart="${key}" aria-pressed="false">Logarithmic</button>`}</div>`;
  if (measured.length === 0) {
    const why = series.length === 0 ? 'no series was collected' : `every point of ${series.map(({ name }) => name).join(', ')} is missing`;
    return html`<figure class="chart">${head}<p class="empty">No data: ${why}.</p></figure>\n`;
  }
  return html`<figure class="chart" aria-labelledby="chart-${key}-title">${head}
<div class="legend" data-chart="${key}" role="group" aria-label="Series of ${title}"></div>
<div class="plot" data-chart="${key}" tabindex="0" role="slider" aria-label="${title}, moment in time" aria-valuemin="0" aria-valuemax="0" aria-valuenow="0" aria-valuetext="no moment chosen"></div>
<figcaption>${measured.map((each, index) => html`${index > 0 && html`<br>`}${summary(each)}`)}</figcaption>
${folded(`${title} as a table, by minute`, tableMarkup(minuteTable(title, measured)))}
</figure>
`;
}

/** `p99: 58 to 2,490 ms, highest at 09:04:11; from the clients' samples, by 1 s.` */
function summary(series: ChartSeries): Markup {
  const { lowest, highest, highestAtMs } = range(series);
  const course =
    lowest === highest ? `${quantityText(highest, series.unit)} throughout` : `${decimalText(lowest)} to ${quantityText(highest, series.unit)}`;
  const peak = lowest === highest ? '' : `, highest at ${clockTime(highestAtMs)}`;
  const gaps = series.points.filter(({ value }) => value === null).length;
  const missing = gaps > 0 ? `; without data: ${countText(gaps)} of ${countText(series.points.length)} points` : '';
  return html`<b>${series.name}</b>: ${course}${peak}; ${seriesProvenance(series)}${missing}.`;
}

/** The chart in figures: of every minute, each series' lowest and highest value. */
function minuteTable(title: string, series: readonly ChartSeries[]): Table {
  const byMinute = series.map(pointsByMinute);
  const minutes = [...new Set(byMinute.flatMap((groups) => [...groups.keys()]))].sort((a, b) => a - b);
  return {
    caption: `${title}: lowest to highest value in each minute`,
    columns: [
      { label: 'Minute (UTC)', align: 'left' },
      ...series.map(({ name, unit }) => ({ label: `${name} (${unit || 'count'})`, align: 'right' as const })),
    ],
    rows: minutes.map((minute) => [
      { text: clockTime(minute * 60_000).slice(0, 5) },
      ...series.map((each, index) => {
        const points = byMinute[index]?.get(minute)?.filter(({ value }) => value !== null) ?? [];
        if (points.length === 0) return { text: 'no data', tone: 'muted' as const };
        const { lowest, highest } = range({ ...each, points });
        return { text: lowest === highest ? decimalText(highest) : `${decimalText(lowest)} – ${decimalText(highest)}` };
      }),
    ]),
    footnotes: series.map((each) => `${each.name}: ${seriesProvenance(each)}.`),
  };
}

function pointsByMinute({ points }: ChartSeries): Map<number, ChartSeries['points'][number][]> {
  const groups = new Map<number, ChartSeries['points'][number][]>();
  for (const point of points) {
    const minute = Math.floor(point.atMs / 60_000);
    const group = groups.get(minute);
    if (group) group.push(point);
    else groups.set(minute, [point]);
  }
  return groups;
}

function range({ points }: ChartSeries): { lowest: number; highest: number; highestAtMs: number } {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let highestAtMs = 0;
  for (const { atMs, value } of points) {
    if (value === null) continue;
    lowest = Math.min(lowest, value);
    if (value > highest) [highest, highestAtMs] = [value, atMs];
  }
  return { lowest, highest, highestAtMs };
}
