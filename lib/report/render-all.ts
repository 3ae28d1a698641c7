import type { Comparison } from '../grade/compare/types.ts';
import type { Assessment } from '../grade/types.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { summarise } from './summary.ts';

/** The files of a report by name, ready to be written into the run's folder; a comparison shows in the page, and has files of its own for the rest. */
export function renderAll(
  assessment: Assessment,
  comparison?: Comparison,
): Readonly<Record<'report.json' | 'report.md' | 'report.html' | 'junit.xml' | 'summary.json', string>> {
  return {
    'report.json': renderJson(assessment),
    'report.md': renderMarkdown(assessment),
    'report.html': renderHtml(assessment, comparison),
    'junit.xml': renderJunit(assessment),
    'summary.json': `${JSON.stringify(summarise(assessment), null, 2)}\n`,
  };
}
