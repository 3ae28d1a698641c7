import type { Assessment } from '../../../grade/types.ts';
import { bookTable } from '../../tables/books.ts';
import { html, type Markup } from '../markup.ts';
import { section, tableMarkup } from '../parts.ts';

/** Whether independent counts of one thing agree. */
export function booksSection(assessment: Assessment): Markup | null {
  if (assessment.books.length === 0) return null;
  return section(
    'books',
    'Books',
    html`<p class="hint">One thing, counted by two sources that do not know of each other.</p>\n`,
    tableMarkup(bookTable(assessment)),
  );
}
