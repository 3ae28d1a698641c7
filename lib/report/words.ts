import { durationText } from '../core/time-format.ts';
import type { Figure, FigureSource, Verdict } from '../grade/types.ts';
import type { PhaseKind } from '../record/types.ts';

/** How something is meant, beside its words; each renderer has its own colours for it. */
export type Tone = 'good' | 'warn' | 'bad' | 'invalid' | 'muted' | 'plain';

export const verdictWords: Readonly<Record<Verdict, { label: string; sign: string; tone: Tone; sentence: string }>> = {
  pass: { label: 'Pass', sign: '✓', tone: 'good', sentence: 'Every objective held.' },
  warning: { label: 'Warning', sign: '!', tone: 'warn', sentence: 'The objectives held, but not all with the margin asked for.' },
  fail: { label: 'Fail', sign: '✗', tone: 'bad', sentence: 'An objective or an invariant did not hold.' },
  invalid: { label: 'Invalid', sign: '?', tone: 'invalid', sentence: 'The measurement cannot be trusted, so there is no pass and no fail.' },
  'no-data': { label: 'No data', sign: '–', tone: 'muted', sentence: 'Nothing was measured that could be graded.' },
};

/** What a verdict looks like in Markdown. */
export const verdictMarks: Readonly<Record<Verdict, string>> = { pass: '✅', warning: '⚠️', fail: '❌', invalid: '🚫', 'no-data': '⬜' };

export const statusWords = {
  pass: { label: 'met', sign: '✓', tone: 'good' },
  warning: { label: 'warning', sign: '!', tone: 'warn' },
  fail: { label: 'not met', sign: '✗', tone: 'bad' },
  'no-data': { label: 'no data', sign: '–', tone: 'muted' },
  info: { label: 'info', sign: 'i', tone: 'plain' },
} as const satisfies Readonly<Record<string, { label: string; sign: string; tone: Tone }>>;

export const invariantWords = {
  holds: { label: 'holds', sign: '✓', tone: 'good' },
  violated: { label: 'violated', sign: '✗', tone: 'bad' },
  'no-data': { label: 'not checked', sign: '–', tone: 'muted' },
} as const satisfies Readonly<Record<string, { label: string; sign: string; tone: Tone }>>;

export const phaseWords: Readonly<Record<PhaseKind | 'run', string>> = {
  run: 'Whole run',
  'warm-up': 'Warm-up',
  baseline: 'Baseline',
  fault: 'Fault',
  recovery: 'Recovery',
};

const sourceWords: Readonly<Record<FigureSource, string>> = {
  client: "the clients' samples",
  cloudwatch: 'CloudWatch',
  fis: 'FIS',
  ssm: 'SSM Automation',
  'price-list': 'the price list',
  system: "the system's own data",
  imported: 'the imported file',
  inferred: 'inference, where AWS does not tell',
};

/** `CloudWatch, 1 min`: who says so and how finely; the reason where there is no figure. */
export function provenance(figure: Figure): string {
  if (figure.state === 'no-data') return `no data: ${figure.reason}`;
  const samples = figure.samples === undefined ? '' : `, ${figure.samples.toLocaleString('en-US')} samples`;
  return `${seriesProvenance(figure)}${samples}`;
}

/** `CloudWatch, by 1 min` of a figure or a whole series. */
export function seriesProvenance(of: { readonly source: FigureSource; readonly resolutionSec: number }): string {
  const resolution = of.resolutionSec > 0 ? `, by ${durationText(of.resolutionSec * 1000)}` : '';
  return `from ${sourceWords[of.source]}${resolution}`;
}

/** `1 request`, `2 requests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
