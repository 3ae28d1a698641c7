import type { BandData, ChartPayload } from '../html/payload.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `09:03:07`, UTC. */
export function clockAt(payload: ChartPayload, sec: number): string {
  const date = new Date(payload.startMs + sec * 1000);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `2 min 47 s`. */
function lengthOf(sec: number): string {
  const whole = Math.round(Math.abs(sec));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `09:03:07 UTC, 1 min 7 s into Fault, lambda-throttle in effect, transition minute`. */
export function momentText(payload: ChartPayload, sec: number): string {
  const inside = (span: { fromSec: number; toSec: number }): boolean => sec >= span.fromSec && sec < span.toSec;
  const { phases, windows, transitions }: BandData = payload.bands;
  const phase = phases.find(inside);
  const effects = windows.filter((window) => window.of === 'effect' && inside(window)).map(({ fault }) => `${fault} in effect`);
  return [
    `${clockAt(payload, sec)} UTC`,
    phase ? `${lengthOf(sec - phase.fromSec)} into ${phase.label}` : 'outside of the phases',
    ...effects,
    ...(transitions.some(inside) ? ['transition minute, not graded'] : []),
  ].join(', ');
}
