import type { Assessment } from '../grade/types.ts';
import { cleanAssessment } from './clean.ts';
import { type TextOptions, textPage } from './text/page.ts';
import { textSections } from './text/sections.ts';

/** The summary that a terminal shows at the end of a run, verdict first; ends with a line break. */
export function renderText(assessment: Assessment, options: TextOptions = {}): string {
  const clean = cleanAssessment(assessment);
  const page = textPage(options);
  const sections = textSections.map((section) => section(clean, page, options)).filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
