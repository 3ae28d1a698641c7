import type { Assessment } from '../../../grade/types.ts';
import { invariantTable, violationTable } from '../../tables/integrity.ts';
import { html, type Markup } from '../markup.ts';
import { section, tableMarkup } from '../parts.ts';

/** What must hold of the system's own data, and every violation that is known by its id. */
export function integritySection({ integrity }: Assessment): Markup | null {
  if (!integrity) return null;
  const violations = tableMarkup(violationTable(integrity));
  return section(
    'integrity',
    'Integrity',
    html`<p class="hint">Read from the system's own data after the run. A violation fails the run, whatever its objectives say.</p>\n`,
    tableMarkup(invariantTable(integrity)),
    violations && html`<p class="before-table">The first violations of each:</p>\n${violations}`,
  );
}
