import { durationText } from '../core/time-format.ts';
import { countText, decimalText, percentText } from './format.ts';
import { plainText } from './safe-text.ts';
import { clip, type Style, type TextPage, textPage, width } from './text/page.ts';

/** What a run shows while it goes; whoever runs it fills one each second. Absent members are not known yet, and shown so. */
export interface ProgressState {
  readonly exercise: string;
  readonly site: string;
  /** The stages of the run in order: preparations, the phases, drain, collection. */
  readonly stages: readonly { readonly name: string; readonly state: 'done' | 'now' | 'next' }[];
  /** What the current stage is busy with, where its name does not say: `building k6`, `waiting for the minute`. */
  readonly activity?: string;
  readonly elapsedSec: number;
  /** Of the current stage; absent where nobody knows. */
  readonly stageRemainingSec?: number;
  /** Of the whole run. */
  readonly totalRemainingSec?: number;
  readonly traffic?: ProgressTraffic;
  readonly fault?: { readonly name: string; readonly resource: string; readonly state: string; readonly probe?: string };
  /** Warnings so far; the latest is shown. */
  readonly warnings?: readonly string[];
}

/** What clients saw lately; rates and quantiles over the last seconds, counts since the start. */
export interface ProgressTraffic {
  readonly ratePerSec: number;
  readonly plannedRatePerSec?: number;
  /** Absent when too few requests ended lately. */
  readonly p95Ms?: number;
  /** Share of the last seconds' requests that failed, 0..1; absent when there were none. */
  readonly errorRate?: number;
  readonly requests: number;
  readonly errors: number;
  readonly lastError?: string;
  readonly droppedArrivals?: number;
  /** p95 of the last seconds, oldest first, for the small curve; null where there was none. */
  readonly recentP95Ms?: readonly (number | null)[];
}

/** Seconds between two lines in a log, where no one watches a terminal. */
export const progressLogEverySec = 10;

/** The block that a terminal shows and redraws each second; every line fits `columns`, lines end with a line break. */
export function renderProgressBlock(state: ProgressState, options: { readonly columns?: number; readonly colour?: boolean } = {}): string {
  const page = blockPage(options);
  const lines = [stageLine(state, page), timeLine(state, page), ...trafficLines(state, page), ...faultLine(state, page), ...warningLine(state, page)];
  return lines.map((line) => `${line}\n`).join('');
}

/** A line as wide as the terminal would wrap on some and spoil the redrawing; narrow terminals are kept to for the same reason. */
function blockPage(options: { readonly columns?: number; readonly colour?: boolean }): TextPage {
  return { ...textPage(options), columns: Math.min(120, Math.max(20, (options.columns ?? 100) - 1)) };
}

/** What replaces `previous`, the block shown last, by `next` on a terminal: cursor up, each line rewritten, the rest cleared. */
export function redrawn(previous: string, next: string): string {
  const lines = previous.split('\n').length - 1;
  const up = lines > 0 ? `\u001b[${lines}A` : '';
  return `${up}\r${next.replaceAll('\n', '\u001b[K\n')}\u001b[J`;
}

/** One line for a log, where no terminal is. */
export function renderProgressLine(state: ProgressState): string {
  const { traffic, fault } = state;
  const parts = [
    `[${clock(state.elapsedSec)}]`,
    `${currentStage(state)}${state.activity ? ` (${state.activity})` : ''},`,
    `${remaining(state.stageRemainingSec)}`,
    ...(traffic
      ? [
          `| ${decimalText(traffic.ratePerSec)}/s`,
          `p95 ${p95Text(traffic)}`,
          `errors ${countText(traffic.errors)} of ${countText(traffic.requests)} (now ${rateText(traffic)})`,
        ]
      : []),
    ...(fault ? [`| fault ${fault.name}: ${fault.state}${fault.probe ? `, ${fault.probe}` : ''}`] : []),
    ...(state.warnings?.length ? [`| warning: ${state.warnings.at(-1)}`] : []),
  ];
  return plainText(parts.join(' '));
}

/** Whether a log is due a line, `lastLoggedSec` after the start being the last one; a change of stage is always logged by the caller. */
export function progressLineDue(elapsedSec: number, lastLoggedSec: number | undefined): boolean {
  return lastLoggedSec === undefined || elapsedSec - lastLoggedSec >= progressLogEverySec;
}

interface Piece {
  readonly text: string;
  readonly style?: Style;
}

/** Pieces beside each other, clipped to the page; colours never count as width. */
function joined(pieces: readonly Piece[], page: TextPage): string {
  let room = page.columns;
  let line = '';
  for (const { text, style } of pieces) {
    const shown = clip(text, room);
    room -= width(shown);
    line += style ? page.paint(shown, style) : shown;
    if (room <= 0) break;
  }
  return line;
}

const stageSigns = { done: '✓', now: '▶', next: '·' } as const;
const stageStyles = { done: 'good', now: 'bold', next: 'dim' } as const;

function stageLine(state: ProgressState, page: TextPage): string {
  const pieces = state.stages.map(({ name, state: of }): Piece => ({ text: `${stageSigns[of]} ${plainText(name)}  `, style: stageStyles[of] }));
  return joined(pieces, page).trimEnd();
}

function timeLine(state: ProgressState, page: TextPage): string {
  const activity = state.activity ? `: ${plainText(state.activity)}` : '';
  const total = state.totalRemainingSec === undefined ? '' : `, run ${remaining(state.totalRemainingSec)}`;
  return joined(
    [
      { text: `${clock(state.elapsedSec)}  ` },
      { text: `${currentStage(state)}${activity}`, style: 'bold' },
      { text: `, ${remaining(state.stageRemainingSec)}${total}   ` },
      { text: `${plainText(state.exercise)} on ${plainText(state.site)}`, style: 'dim' },
    ],
    page,
  );
}

function trafficLines({ traffic }: ProgressState, page: TextPage): string[] {
  if (!traffic) return [];
  const planned = traffic.plannedRatePerSec === undefined ? '' : ` of ${decimalText(traffic.plannedRatePerSec)}/s`;
  const failing = traffic.errorRate !== undefined && traffic.errorRate > 0;
  const figures: Piece[] = [
    { text: `rate ${decimalText(traffic.ratePerSec)}/s${planned}   ` },
    { text: `p95 ${p95Text(traffic)} ` },
    { text: `${curve(traffic.recentP95Ms ?? [])}   `, style: 'dim' },
    { text: `errors ${rateText(traffic)}`, ...(failing ? { style: 'bad' as const } : {}) },
  ];
  const counts: Piece[] = [
    { text: `${countText(traffic.requests)} requests, ${countText(traffic.errors)} errors` },
    { text: traffic.lastError ? `, last: ${plainText(traffic.lastError)}` : '', style: 'dim' },
    { text: traffic.droppedArrivals ? `, ${countText(traffic.droppedArrivals)} starts dropped` : '', style: 'bad' },
  ];
  return [joined(figures, page), joined(counts, page)];
}

function faultLine({ fault }: ProgressState, page: TextPage): string[] {
  if (!fault) return [];
  const probe = fault.probe ? `, ${fault.probe}` : '';
  return [
    joined(
      [{ text: `${plainText(`fault ${fault.name} on ${fault.resource}`)}: ` }, { text: plainText(`${fault.state}${probe}`), style: 'warn' }],
      page,
    ),
  ];
}

function warningLine({ warnings }: ProgressState, page: TextPage): string[] {
  if (!warnings?.length) return [];
  const more = warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : '';
  return [joined([{ text: `! ${plainText(warnings.at(-1) ?? '')}${more}`, style: 'warn' }], page)];
}

function currentStage(state: ProgressState): string {
  return plainText(state.stages.find(({ state: of }) => of === 'now')?.name ?? 'done');
}

function remaining(sec: number | undefined): string {
  return sec === undefined ? 'time left unknown' : `${durationText(Math.max(0, Math.ceil(sec)) * 1000).replace(/^0 ms$/, '0 s')} left`;
}

function p95Text({ p95Ms }: ProgressTraffic): string {
  return p95Ms === undefined ? 'no data' : `${countText(Math.round(p95Ms))} ms`;
}

function rateText({ errorRate }: ProgressTraffic): string {
  return errorRate === undefined ? 'no data' : percentText(errorRate);
}

/** `03:07`, minutes and seconds since the start. */
function clock(sec: number): string {
  const whole = Math.max(0, Math.floor(sec));
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

const bars = '▁▂▃▄▅▆▇█';

/** The last values as bars between 0 and the highest one; a gap is a blank. */
function curve(values: readonly (number | null)[]): string {
  const shown = values.slice(-20);
  const highest = Math.max(0, ...shown.map((value) => value ?? 0));
  return shown.map((value) => (value === null ? ' ' : (bars[highest > 0 ? Math.min(7, Math.floor((value / highest) * 8)) : 0] ?? ' '))).join('');
}
