import type { ComparedObjective, Comparison } from '../../../grade/compare/types.ts';
import { signedPercent } from '../../format.ts';
import { phaseWords, type Tone } from '../../words.ts';
import { html, type Markup } from '../markup.ts';

const tones: Readonly<Record<ComparedObjective['decision'], Tone>> = { worse: 'bad', 'not-worse': 'good', 'cannot-tell': 'muted', informs: 'plain' };

/** Changes in percent that the axis never goes beyond; what does is drawn up to the edge. */
const farthest = { low: -80, high: 500 };
/** It shows at least these. */
const nearest = { low: -10, high: 10 };
/** Marks of the axis, the more important ones first, and how far apart they must be, in percent of its width. */
const marks = [0, 100, -50, 20, 500, 200, 50, -20, -80, 10, -10, 5, -5];
const markDistance = 15;

interface Drawn {
  readonly name: string;
  readonly tone: Tone;
  readonly change: number;
  readonly low: number;
  readonly high: number;
}

/** The change of each objective with its 95 % interval over one axis: what lies right of the tolerated area got worse. Null where no change is known. */
export function intervalChart({ objectives, settings }: Comparison): Markup | null {
  const drawn = objectives.flatMap(drawnOf);
  if (drawn.length === 0) return null;
  const axis = axisOver([...drawn.flatMap(({ change, low, high }) => [change, low, high]), settings.toleratePercent]);
  const [zero, tolerated] = [axis.at(0), axis.at(settings.toleratePercent)];
  const rows = drawn.map(
    ({
      name,
      tone,
      change,
      low,
      high,
    }) => html`<div class="interval"><span class="interval-name">${name}</span><span class="interval-track tone-${tone}">
<i class="tolerated" style="left:${zero}%;width:${rounded(tolerated - zero)}%"></i><i class="zero" style="left:${zero}%"></i>
${low < high && html`<i class="reach" style="left:${axis.at(low)}%;width:${rounded(axis.at(high) - axis.at(low))}%"></i>`}<i class="point" style="left:${axis.at(change)}%"></i></span></div>\n`,
  );
  return html`<figure class="chart intervals" aria-label="Change of each objective with its 95 % interval; the table below holds the figures">
<div aria-hidden="true">${rows}<div class="interval"><span class="interval-name"></span><span class="interval-track interval-axis">${axis.marks.map(({ percent, at }) => html`<b style="left:${at}%">${percent === 0 ? 'same' : signedPercent(percent)}</b>`)}</span></div></div>
<figcaption>Change from the reference with its 95 % interval, on an axis of ratios; shaded: tolerated (up to ${signedPercent(settings.toleratePercent)}). A point without a bar is one value a run and is not tested.</figcaption>
</figure>
`;
}

/** An interval without a bound reaches to the edge of the axis. */
function drawnOf({ displayName, phase, decision, figure }: ComparedObjective): Drawn[] {
  if (figure?.changePercent === undefined) return [];
  const { changePercent: change, low, high } = figure;
  const [least, most] = decision === 'informs' ? [change, change] : [low ?? farthest.low, high ?? farthest.high];
  return [{ name: `${displayName}, ${phaseWords[phase]}`, tone: tones[decision], change, low: least, high: most }];
}

/** Ratios, not differences, are evenly spaced: half and double are equally far from the middle. */
function axisOver(percents: readonly number[]): { at(percent: number): number; readonly marks: readonly { percent: number; at: number }[] } {
  const low = Math.max(farthest.low, Math.min(nearest.low, ...percents));
  const high = Math.min(farthest.high, Math.max(nearest.high, ...percents));
  const place = (percent: number): number => Math.log1p(percent / 100);
  const [from, length] = [place(low), place(high) - place(low)];
  const at = (percent: number): number => rounded(((place(Math.min(high, Math.max(low, percent))) - from) / length) * 100);
  const kept: { percent: number; at: number }[] = [];
  for (const percent of marks) {
    if (percent < low || percent > high) continue;
    if (kept.every((each) => Math.abs(each.at - at(percent)) >= markDistance)) kept.push({ percent, at: at(percent) });
  }
  return { at, marks: kept };
}

function rounded(share: number): number {
  return Number(share.toFixed(2));
}
