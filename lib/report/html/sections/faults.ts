import type { Assessment } from '../../../grade/types.ts';
import { faultFacts } from '../../tables/faults.ts';
import { html, type Markup } from '../markup.ts';
import { section, toned } from '../parts.ts';

/** What each fault did, whether it was seen, how it was undone and how long clients felt it. */
export function faultsSection(assessment: Assessment): Markup | null {
  if (assessment.faults.length === 0) return null;
  const cards = assessment.faults.map((fault) => {
    const facts = faultFacts(fault).map(
      ({ label, text, tone, note, rule, command }) =>
        html`<div><dt>${label}</dt><dd>${toned(text, tone, note)}${rule && html`<p class="notes rule">${rule}</p>`}${command && html`<br>To do: <code>${command}</code>`}</dd></div>`,
    );
    return html`<article class="card"><h3>${fault.fault} <span class="on">on ${fault.resource}</span></h3><dl class="list">${facts}</dl></article>\n`;
  });
  return section('faults', 'Fault and recovery', cards);
}
