import type uPlot from 'uplot';
import type { ChartData } from '../html/payload.ts';
import { dashOf } from './chart.ts';
import { seriesColours } from './colours.ts';
import { rangeOf, shortNumber, valueAt, withUnit } from './values.ts';

/** A chart's legend: one button a series that hides and shows it, with its value at the moment pointed at, else its range. */
export interface Legend {
  show(sec: number | null): void;
  /** What the series say at `sec`, as one sentence. */
  text(sec: number): string;
}

/** Fills `place` with a button for each series; `plot` gives the chart as it is now. */
export function legendIn(place: HTMLElement, data: ChartData, plot: () => uPlot): Legend {
  const values = data.series.map((series, index) => {
    const button = document.createElement('button');
    const value = document.createElement('output');
    const name = document.createElement('span');
    button.type = 'button';
    button.setAttribute('aria-pressed', 'true');
    button.title = `Hide or show ${series.name}`;
    name.textContent = series.name;
    name.className = 'series-name';
    button.append(sample(series, index), name, value);
    button.addEventListener('click', () => {
      const shown = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(shown));
      plot().setSeries(index + 1, { show: shown });
    });
    place.append(button);
    return value;
  });
  const show = (sec: number | null): void => {
    data.series.forEach((series, index) => {
      const output = values[index];
      if (!output) return;
      output.textContent = sec === null ? rangeText(series) : momentText(series, sec);
      output.classList.toggle('now', sec !== null);
    });
  };
  show(null);
  return { show, text: (sec) => data.series.map((series) => `${series.name} ${momentText(series, sec)}`).join(', ') };
}

type Series = ChartData['series'][number];

function momentText(series: Series, sec: number): string {
  const value = valueAt(series, sec);
  return value === null || value === undefined ? 'no data' : withUnit(value, series.unit);
}

function rangeText(series: Series): string {
  const range = rangeOf(series);
  if (!range) return 'no data';
  return range.low === range.high ? withUnit(range.high, series.unit) : `${shortNumber(range.low)} – ${withUnit(range.high, series.unit)}`;
}

/** A piece of the series' line, dash and colour. */
function sample(series: Series, index: number): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  const line = document.createElementNS(namespace, 'line');
  svg.setAttribute('viewBox', '0 0 24 8');
  svg.setAttribute('aria-hidden', 'true');
  for (const [name, value] of Object.entries({
    x1: '0',
    y1: '4',
    x2: '24',
    y2: '4',
    'stroke-width': '2.5',
    'stroke-dasharray': dashOf(series, index).join(' '),
  })) {
    line.setAttribute(name, value);
  }
  line.setAttribute('class', `stroke-${index % seriesColours}`);
  svg.append(line);
  return svg;
}
