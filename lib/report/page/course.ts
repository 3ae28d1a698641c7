import type uPlot from 'uplot';
import type { ChartData, ChartPayload, HeatMapData } from '../html/payload.ts';
import { type ChartPage, drawChart, fitInto } from './chart.ts';
import { type Colours, currentColours } from './colours.ts';
import { drawHeatMap, heatLegend } from './heat-map.ts';
import { type Legend, legendIn } from './legend.ts';
import { clockAt, momentText } from './moments.ts';

interface ShownChart {
  readonly key: string;
  readonly place: HTMLElement;
  readonly legend: Legend;
  readonly draw: (logarithmic: boolean) => uPlot;
  plot: uPlot;
}

/** All charts of the page: one moment, one span of time, one theme. */
export class Course {
  readonly #payload: ChartPayload;
  readonly #charts: ShownChart[] = [];
  #colours: Colours = currentColours();
  #busy = false;

  constructor(payload: ChartPayload) {
    this.#payload = payload;
    for (const data of payload.charts) this.#addCurves(data);
    if (payload.heatMap) this.#addHeatMap(payload.heatMap);
    element('unzoom')?.addEventListener('click', () => this.#zoom(0, payload.lengthSec));
    for (const button of document.querySelectorAll<HTMLElement>('button.log')) button.addEventListener('click', () => this.#toggleScale(button));
    new ResizeObserver(() => this.fit()).observe(document.querySelector('main') ?? document.body);
  }

  /** Draws everything in the theme's colours as they are now. */
  recolour(): void {
    this.#colours = currentColours();
    for (const { plot } of this.#charts) plot.redraw(false, true);
  }

  /** Fits all charts to the width that they have now. */
  fit(): void {
    for (const { plot, place } of this.#charts) fitInto(plot, place);
  }

  #addCurves(data: ChartData): void {
    const place = document.querySelector<HTMLElement>(`.plot[data-chart="${data.key}"]`);
    const legendPlace = document.querySelector<HTMLElement>(`.legend[data-chart="${data.key}"]`);
    if (!place || !legendPlace) return;
    const draw = (logarithmic: boolean): uPlot => drawChart(place, data, this.#page(), logarithmic);
    const chart: ShownChart = { key: data.key, place, legend: legendIn(legendPlace, data, () => chart.plot), draw, plot: draw(false) };
    this.#add(chart);
  }

  #addHeatMap(data: HeatMapData): void {
    const place = document.querySelector<HTMLElement>('.plot[data-chart="heat"]');
    if (!place) return;
    const draw = (): uPlot => drawHeatMap(place, data, this.#page());
    this.#add({ key: 'heat', place, legend: heatLegend(element('heat-moment'), data), draw, plot: draw() });
  }

  #add(chart: ShownChart): void {
    chart.place.setAttribute('aria-valuemax', String(Math.round(this.#payload.lengthSec)));
    chart.place.addEventListener('keydown', (event) => this.#key(event, chart));
    this.#charts.push(chart);
  }

  #page(): ChartPage {
    return {
      payload: this.#payload,
      colours: () => this.#colours,
      moved: (sec) => this.#show(sec),
      zoomed: (fromSec, toSec) => this.#zoom(fromSec, toSec),
    };
  }

  #show(sec: number | null): void {
    const readout = element('readout');
    if (readout) readout.textContent = sec === null ? 'No moment chosen' : momentText(this.#payload, sec);
    readout?.parentElement?.classList.toggle('now', sec !== null);
    for (const { legend } of this.#charts) legend.show(sec);
  }

  /** Every chart and the lanes show the same span; setting one scale calls back for the next, hence the flag. */
  #zoom(fromSec: number, toSec: number): void {
    if (this.#busy) return;
    this.#busy = true;
    for (const { plot } of this.#charts) {
      const { min, max } = plot.scales['x'] ?? {};
      if (min !== fromSec || max !== toSec) plot.batch(() => plot.setScale('x', { min: fromSec, max: toSec }));
    }
    this.#busy = false;
    const button = element('unzoom');
    if (button) button.hidden = fromSec <= 0 && toSec >= this.#payload.lengthSec;
    placeBars(fromSec, toSec);
  }

  /** Arrows move the moment by a second, with shift by ten; Home, End and Escape do what they say. */
  #key(event: KeyboardEvent, { plot, place, legend }: ShownChart): void {
    const { min = 0, max = this.#payload.lengthSec } = plot.scales['x'] ?? {};
    const now = plot.cursor.left === undefined || plot.cursor.left < 0 ? min : plot.posToVal(plot.cursor.left, 'x');
    const step = event.shiftKey ? 10 : 1;
    const targets: Readonly<Record<string, number>> = { ArrowRight: now + step, ArrowLeft: now - step, Home: min, End: max };
    if (event.key === 'Escape') plot.setCursor({ left: -10, top: -10 });
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const sec = Math.min(max, Math.max(min, Math.round(target)));
    plot.setCursor({ left: plot.valToPos(sec, 'x'), top: 10 });
    this.#show(sec);
    place.setAttribute('aria-valuenow', String(sec));
    place.setAttribute('aria-valuetext', `${clockAt(this.#payload, sec)}: ${legend.text(sec)}`);
  }

  #toggleScale(button: HTMLElement): void {
    const chart = this.#charts.find(({ key }) => key === button.dataset['chart']);
    if (!chart) return;
    const logarithmic = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(logarithmic));
    const { min, max } = chart.plot.scales['x'] ?? {};
    const hidden = chart.plot.series.map(({ show }) => show === false);
    chart.plot.destroy();
    chart.plot = chart.draw(logarithmic);
    hidden.forEach((isHidden, index) => {
      if (isHidden) chart.plot.setSeries(index, { show: false });
    });
    if (min !== undefined && max !== undefined) this.#zoom(min, max);
  }
}

function element(id: string): HTMLElement | null {
  return document.getElementById(id);
}

function placeBars(fromSec: number, toSec: number): void {
  const share = (sec: number): number => Math.min(100, Math.max(0, ((sec - fromSec) / (toSec - fromSec)) * 100));
  for (const bar of document.querySelectorAll<HTMLElement>('.bar')) {
    const left = share(Number(bar.dataset['from']));
    bar.style.left = `${left}%`;
    bar.style.width = `${share(Number(bar.dataset['to'])) - left}%`;
  }
}
