import { clockTime } from '../../../core/time-format.ts';
import type { Assessment } from '../../../grade/types.ts';
import type { Window } from '../../../record/types.ts';
import { windowText } from '../../tables/faults.ts';
import { phaseWords } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import { timeAxis } from '../payload-of.ts';

/** One bar of a lane: a span of the shared time axis. */
interface Bar extends Window {
  readonly kind: string;
  readonly label: string;
}

const minuteMs = 60_000;

/** What the charts draw for each kind of bar. */
const keyWords = [
  ['effect', 'fault in effect'],
  ['asked', 'asked for'],
  ['fis', 'by FIS'],
  ['transition', 'transition minute: drawn, never graded'],
] as const;

/** What was to happen when, as bars over the charts' time axis: phases, the fault's three windows, graded and transition minutes. */
export function lanes(assessment: Assessment): Markup {
  const windowsOf = (of: 'asked' | 'fis' | 'effect'): Bar[] =>
    assessment.faults.flatMap(({ fault, windows }) => {
      const window = windows[of];
      return window ? [{ ...window, kind: of, label: fault }] : [];
    });
  const phases = assessment.phaseWindows.map((phase) => ({ ...phase, kind: `phase-${phase.kind}`, label: phaseWords[phase.kind] }));
  const all: [string, Bar[]][] = [
    ['Phases', phases],
    ['Minutes', minuteBars(assessment)],
    ['Asked for', windowsOf('asked')],
    ['By FIS', windowsOf('fis')],
    ['Effect', windowsOf('effect')],
  ];
  const axis = timeAxis(assessment);
  const shown = all.filter(([, bars]) => bars.length > 0);
  const keys = keyWords.filter(([kind]) => shown.some(([, bars]) => bars.some((bar) => bar.kind === kind)));
  return html`<div class="lanes" role="list" aria-label="Phases, fault windows and minutes on the time axis">
${shown.map(([label, bars]) => html`<div class="lane" role="listitem"><span class="lane-label">${label}</span><span class="lane-track">${bars.map((bar) => barMarkup(bar, axis))}</span></div>\n`)}</div>
<p class="key">${keys.map(([kind, words]) => html`<span><i class="swatch swatch-${kind}"></i>${words}</span> `)}</p>
`;
}

function minuteBars({ phases, transitionMinutes }: Assessment): Bar[] {
  const graded = phases.flatMap(({ gradedMinutes }) => gradedMinutes).map((startMs) => ({ startMs, kind: 'graded', label: 'graded' }));
  const transitions = transitionMinutes.map((startMs) => ({ startMs, kind: 'transition', label: 'transition' }));
  return [...graded, ...transitions].sort((a, b) => a.startMs - b.startMs).map((bar) => ({ ...bar, endMs: bar.startMs + minuteMs }));
}

/** The script places bars again when the axis is zoomed; until then, and without it, the style does. */
function barMarkup({ startMs, endMs, kind, label }: Bar, axis: Window): Markup {
  const share = (ms: number): number => Number((((ms - axis.startMs) / (axis.endMs - axis.startMs)) * 100).toFixed(3));
  const left = Math.max(0, share(startMs));
  const width = Math.max(0, Math.min(100, share(endMs)) - left);
  const span = kind === 'graded' || kind === 'transition' ? `minute ${clockTime(startMs).slice(0, 5)}` : windowText({ startMs, endMs });
  const from = (startMs - axis.startMs) / 1000;
  const to = (endMs - axis.startMs) / 1000;
  return html`<span class="bar bar-${kind}" style="left:${left}%;width:${width}%" data-from="${from}" data-to="${to}" title="${label}, ${span}"><span>${label}</span><span class="unseen">, ${span}. </span></span>`;
}
