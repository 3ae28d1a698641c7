import { exitCodes } from '../../../core/exit-codes.ts';
import { dateTimeText, durationText } from '../../../core/time-format.ts';
import type { Comparison } from '../../../grade/compare/types.ts';
import type { Assessment, Verdict } from '../../../grade/types.ts';
import { overall } from '../../overall.ts';
import { runLengthMs } from '../../tables/run-facts.ts';
import { plural, verdictWords } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import { toned } from '../parts.ts';

/** The banner: verdict, why, and for what it holds. */
export function verdictSection(assessment: Assessment, comparison: Comparison | undefined): Markup {
  const { manifest, exitCode, warnings } = assessment;
  const { verdict, reasons } = overall(assessment, comparison);
  const { label, sign, tone } = verdictWords[verdict];
  const [first, ...others] = reasons;
  const meaning = Object.values(exitCodes).find(({ code }) => code === exitCode)?.meaning;
  const length = runLengthMs(assessment);
  return html`<section class="verdict verdict-${tone}" aria-labelledby="verdict-title">
<div class="verdict-head">
<h1 id="verdict-title"><span class="stamp"><span aria-hidden="true">${sign}</span> ${label}</span> <span class="exercise">${manifest.exercise}</span></h1>
<p class="lead">${first}</p>
${others.length > 0 && html`<ul class="reasons">${others.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${manifest.hypothesis && html`<p class="hypothesis"><span class="label">Hypothesis</span> ${manifest.hypothesis}</p>`}
</div>
<dl class="facts">
<div class="wide"><dt>Scope</dt><dd>${assessment.scope}</dd></div>
${comparison && html`<div class="wide"><dt>Verdicts</dt><dd>${verdictText(assessment.verdict)} for this run alone; ${verdictText(comparison.verdict)} <a href="#comparison">compared with run ${comparison.reference.runId}</a></dd></div>`}
${marks(assessment)}
<div><dt>Started</dt><dd>${dateTimeText(manifest.startedMs)}</dd></div>
${length > 0 && html`<div><dt>Load for</dt><dd>${durationText(length)}</dd></div>`}
<div><dt>Site</dt><dd>${manifest.site.name}, ${manifest.site.region}</dd></div>
<div><dt>Run</dt><dd>${manifest.runId}</dd></div>
<div><dt>Exit code${comparison && ' of the run alone'}</dt><dd>${exitCode}${meaning && `, ${meaning}`}</dd></div>
${warnings.length > 0 && html`<div><dt>Warnings</dt><dd><a href="#warnings">${plural(warnings.length, 'warning')}</a></dd></div>`}
</dl>
</section>
`;
}

function verdictText(verdict: Verdict): Markup {
  const { label, sign, tone } = verdictWords[verdict];
  return toned(`${sign} ${label}`, tone);
}

/** What limits the verdict's use. */
function marks({ manifest }: Assessment): Markup[] {
  const smoke = html`<div class="wide"><dt>Smoke</dt><dd>one whole minute a phase is enough here: a check of the path, not of the limit</dd></div>`;
  const clock = html`<div class="wide"><dt>Clock</dt><dd>${manifest.timeScale} times as fast as the wall's: not a release gate</dd></div>`;
  return [...(manifest.smoke ? [smoke] : []), ...(manifest.timeScale === 1 ? [] : [clock])];
}
