import type { Assessment } from '../grade/types.ts';
import { cleanAssessment } from './clean.ts';
import { markdownSections } from './markdown/sections.ts';

/** `report.md`: the verdict and its evidence as a comment on a pull request reads it. */
export function renderMarkdown(assessment: Assessment): string {
  const clean = cleanAssessment(assessment);
  const sections = markdownSections.map((section) => section(clean)).filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
