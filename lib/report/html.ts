import type { Comparison } from '../grade/compare/types.ts';
import type { Assessment } from '../grade/types.ts';
import { cleanAssessment } from './clean.ts';
import { pageAssets } from './html/assets.ts';
import { html, type Markup, trusted } from './html/markup.ts';
import { chartPayload } from './html/payload-of.ts';
import { type PageSection, pageSections } from './html/sections.ts';
import { overall } from './overall.ts';
import { scriptJson, withPlainText } from './safe-text.ts';
import { verdictWords } from './words.ts';

/** `report.html`: one file that needs nothing else and asks no server for anything; with what became of the run in a comparison, where there was one. */
export function renderHtml(assessment: Assessment, comparison?: Comparison): string {
  const clean = cleanAssessment(assessment);
  const compared = comparison && withPlainText(comparison);
  const { css, script, scriptHash } = pageAssets();
  const policy = `default-src 'none'; script-src '${scriptHash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  const title = `${verdictWords[overall(clean, compared).verdict].label}: ${clean.manifest.exercise}`;
  const sections = pageSections
    .map((each): [PageSection, Markup | null] => [each, each.render(clean, compared)])
    .filter((pair): pair is [PageSection, Markup] => pair[1] !== null);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="proofload ${clean.manifest.versions['proofload'] ?? ''}">
<title>${title}</title>
<style>${trusted(css)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<header class="top"><span class="brand">proofload</span>
<nav aria-label="Sections">${sections.map(([{ id, label }]) => id !== '' && html`<a href="#${id}">${label}</a>`)}</nav>
<button type="button" id="theme" aria-pressed="false">Dark</button></header>
<main id="main">
${sections.map(([, markup]) => markup)}</main>
<footer><p>Derived from the record of run ${clean.manifest.runId}${compared ? html` and its comparison with run ${compared.reference.runId}` : ' alone'}; <code>proofload report</code> derives it again. Charts by uPlot (MIT).</p></footer>
<script type="application/json" id="run-data">${trusted(scriptJson(chartPayload(clean)))}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.toString();
}
