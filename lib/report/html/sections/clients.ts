import type { Assessment } from '../../../grade/types.ts';
import { clientErrorTable, noClientErrors } from '../../tables/clients.ts';
import { html, type Markup } from '../markup.ts';
import { section, tableMarkup } from '../parts.ts';

/** The errors that reached clients. */
export function clientsSection(assessment: Assessment): Markup | null {
  if (assessment.phases.length === 0) return null;
  return section('clients', 'What clients saw', tableMarkup(clientErrorTable(assessment)) ?? html`<p>${noClientErrors(assessment)}</p>`);
}
