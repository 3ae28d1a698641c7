import { durationText } from '../core/time-format.ts';
import type { Figure } from '../grade/types.ts';

/** Formatters by least and most fraction digits: making one costs more than using it a hundred times. */
const formatters = new Map<string, Intl.NumberFormat>();

function fixed(value: number, most: number, least = 0): string {
  const key = `${least} ${most}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most });
    formatters.set(key, formatter);
  }
  return formatter.format(value);
}

/** `1,234`: a count; a fractional one keeps what `decimalText` keeps. */
export function countText(value: number): string {
  return Number.isInteger(value) ? fixed(value, 0) : decimalText(value);
}

/** `1,234`, `87.1`, `8.42`, `0.0512`: some three significant digits, never in exponents. */
export function decimalText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.min(9, 2 - Math.floor(Math.log10(size)));
  return fixed(value, digits);
}

/** `12.3 %` of a share between 0 and 1; what is not nothing never reads `0 %`, what is not all never `100 %`. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return '< 0.01 %';
  if (percent < 100 && percent > 99.99) return '> 99.99 %';
  return `${Number(percent.toFixed(percent >= 10 ? 1 : 2))} %`;
}

/** `+12 %`, `−3.4 %` of a change in percent. */
export function signedPercent(percent: number): string {
  const size = Math.abs(percent);
  return `${percent < 0 ? '−' : '+'}${size < 10 ? size.toFixed(1) : fixed(size, 0)} %`;
}

/** `$1.25`, `$0.0123`, `$0.00000042`: small sums keep three significant digits. */
export function usdText(usd: number): string {
  const size = Math.abs(usd);
  const sign = usd < 0 ? '-' : '';
  if (size === 0) return '$0';
  const digits = size >= 1 ? 2 : Math.min(12, 2 - Math.floor(Math.log10(size)));
  return `${sign}$${fixed(size, Math.max(2, digits), 2)}`;
}

/** Milliseconds of a latency; always in ms, so that a column compares. */
function latencyText(ms: number): string {
  const digits = ms < 10 ? 2 : ms < 100 ? 1 : 0;
  return `${fixed(ms, digits)} ms`;
}

const unitFormats: Readonly<Record<string, (value: number) => string>> = {
  ms: latencyText,
  s: (value) => (value === 0 ? '0 s' : durationText(value * 1000)),
  ratio: percentText,
  percent: (value) => percentText(value / 100),
  count: countText,
  USD: usdText,
  '1/s': (value) => `${decimalText(value)}/s`,
};

/** Other spellings of the units above, CloudWatch's among them. */
const unitSpellings: Readonly<Record<string, string>> = {
  milliseconds: 'ms',
  sec: 's',
  seconds: 's',
  share: 'ratio',
  '0..1': 'ratio',
  '%': 'percent',
  '': 'count',
  '1': 'count',
  none: 'count',
  requests: 'count',
  usd: 'USD',
  $: 'USD',
  '/s': '1/s',
  'per second': '1/s',
  'requests/s': '1/s',
  'req/s': '1/s',
  'count/second': '1/s',
};

/** The unit by the name that formats go by, or as it is when there is none. */
export function unitName(unit: string): string {
  return unit in unitFormats ? unit : (unitSpellings[unit.toLowerCase()] ?? (unit.toLowerCase() in unitFormats ? unit.toLowerCase() : unit));
}

/** A number with its unit, as people write it. */
export function quantityText(value: number, unit: string): string {
  const format = unitFormats[unitName(unit)];
  return format ? format(value) : `${decimalText(value)} ${unit}`;
}

/** A figure with its unit, or `no data (why)`. */
export function figureText(figure: Figure): string {
  // A duration is counted in whole seconds: 0 of them says no more than that.
  if (figure.state === 'value' && figure.unit === 's' && figure.value === 0 && figure.resolutionSec > 0) return `under ${figure.resolutionSec} s`;
  return figure.state === 'value' ? quantityText(figure.value, figure.unit) : `no data (${figure.reason})`;
}

/** Keptn's absolute criterion, a comparison with a number: `<=250`, `< 0.01`. */
const absoluteCriterion = /^\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*$/;

/** `<= 250 ms` for `<=250` on a figure in ms; a relative criterion (`<=+10%`) stays as it is written. */
export function criterionText(criterion: string, unit: string): string {
  const [, comparison, number] = absoluteCriterion.exec(criterion) ?? [];
  return comparison && number ? `${comparison} ${quantityText(Number(number), unit)}` : criterion;
}
