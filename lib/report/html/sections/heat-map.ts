import { clockTime, durationText } from '../../../core/time-format.ts';
import type { Assessment, HeatMap } from '../../../grade/types.ts';
import { countText, decimalText, quantityText } from '../../format.ts';
import type { Table } from '../../tables/table.ts';
import { heatSteps } from '../heat-map.ts';
import { html, type Markup } from '../markup.ts';
import { folded, tableMarkup } from '../parts.ts';

const title = 'Latency of every request';
const minuteMs = 60_000;

/** Where quantiles draw three lines, the heat map shows how all requests spread: two humps, a time-out's stripe, the few slow ones. */
export function heatMapFigure({ heatMap }: Assessment): Markup | null {
  if (!heatMap) return null;
  const steps = heatSteps(heatMap);
  const swatches = steps.map(({ from, colour }, index) => {
    const next = steps[index + 1]?.from;
    const to = next === undefined ? ' or more' : next - 1 > from ? `–${countText(next - 1)}` : '';
    return html`<span><i class="swatch heat-${colour}"></i>${countText(from)}${to}</span> `;
  });
  return html`<figure class="chart" aria-labelledby="chart-heat-title"><div class="chart-head"><h3 id="chart-heat-title">${title}</h3><span class="what">how many requests took how long, ms, by start</span></div>
<p class="key"><span>Requests in a cell:</span> ${swatches}</p>
<p class="heat-moment" id="heat-moment"></p>
<div class="plot" data-chart="heat" tabindex="0" role="slider" aria-label="${title}, moment in time" aria-valuemin="0" aria-valuemax="0" aria-valuenow="0" aria-valuetext="no moment chosen"></div>
<figcaption>${summary(heatMap)}</figcaption>
${folded(`${title} as a table, by minute`, tableMarkup(minuteTable(heatMap)))}
</figure>
`;
}

/** `Each column spans 2 s. Most requests in a cell: 61 from 20 to 25.1 ms at 09:04:10.` */
function summary({ counts, edgesMs, columnSec, startMs }: HeatMap): Markup {
  let fullest = { count: 0, column: 0, row: 0 };
  counts.forEach((rows, column) => {
    rows.forEach((count, row) => {
      if (count > fullest.count) fullest = { count, column, row };
    });
  });
  const at = clockTime(startMs + fullest.column * columnSec * 1000);
  return html`Each column spans ${durationText(columnSec * 1000)}; each row reaches ${decimalText(((edgesMs[1] ?? 1) / (edgesMs[0] ?? 1) - 1) * 100)} % above its lower edge.
<b>Most in one cell</b>: ${countText(fullest.count)}, ${rangeText(edgesMs[fullest.row] ?? 0, edgesMs[fullest.row + 1] ?? 0)}, at ${at}. From the clients’ samples, failed requests included; without those that never had a connection.`;
}

/** `20 to 25.1 ms` */
function rangeText(fromMs: number, toMs: number): string {
  return `${decimalText(fromMs)} to ${quantityText(toMs, 'ms')}`;
}

/** The map in figures: of every minute, how many requests took how long, by powers of ten. */
function minuteTable({ counts, edgesMs, columnSec, startMs }: HeatMap): Table {
  const powers = [...new Set(edgesMs.slice(0, -1).map((edge) => Math.floor(Math.log10(edge) + 1e-6)))];
  const minutes = new Map<number, { readonly byRow: number[]; readonly byPower: Map<number, number> }>();
  counts.forEach((rows, column) => {
    const minute = Math.floor((startMs + column * columnSec * 1000) / minuteMs);
    const group = minutes.get(minute) ?? { byRow: rows.map(() => 0), byPower: new Map<number, number>() };
    minutes.set(minute, group);
    rows.forEach((count, row) => {
      const power = Math.floor(Math.log10(edgesMs[row] ?? 1) + 1e-6);
      group.byRow[row] = (group.byRow[row] ?? 0) + count;
      group.byPower.set(power, (group.byPower.get(power) ?? 0) + count);
    });
  });
  return {
    caption: `${title}: requests in each minute by how long they took`,
    columns: [
      { label: 'Minute (UTC)', align: 'left' },
      ...powers.map((power) => ({ label: powerText(power), align: 'right' as const })),
      { label: 'Most of them', align: 'right' },
    ],
    rows: [...minutes].map(([minute, { byRow, byPower }]) => {
      const most = byRow.indexOf(Math.max(...byRow));
      return [
        { text: clockTime(minute * minuteMs).slice(0, 5) },
        ...powers.map((power) => ({ text: countText(byPower.get(power) ?? 0) })),
        (byRow[most] ?? 0) > 0 ? { text: rangeText(edgesMs[most] ?? 0, edgesMs[most + 1] ?? 0) } : { text: 'no request', tone: 'muted' as const },
      ];
    }),
    footnotes: [`Of the columns, ${durationText(columnSec * 1000)} each, that start in the minute.`],
  };
}

/** `10 – 100 ms` */
function powerText(power: number): string {
  return `${decimalText(10 ** power)} – ${decimalText(10 ** (power + 1))} ms`;
}
