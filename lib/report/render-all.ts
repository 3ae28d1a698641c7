import type { Assessment } from '../grade/types.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';

/** The files of a report by name, ready to be written into the run's folder. */
export function renderAll(assessment: Assessment): { 'report.json': string; 'report.md': string; 'report.html': string } {
  return { 'report.json': renderJson(assessment), 'report.md': renderMarkdown(assessment), 'report.html': renderHtml(assessment) };
}
