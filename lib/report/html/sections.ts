import type { Comparison } from '../../grade/compare/types.ts';
import type { Assessment } from '../../grade/types.ts';
import type { Markup } from './markup.ts';
import { booksSection } from './sections/books.ts';
import { chartsSection } from './sections/charts.ts';
import { clientsSection } from './sections/clients.ts';
import { comparisonSection } from './sections/comparison.ts';
import { costSection } from './sections/cost.ts';
import { faultsSection } from './sections/faults.ts';
import { figuresSection } from './sections/figures.ts';
import { gradesSection } from './sections/grades.ts';
import { integritySection } from './sections/integrity.ts';
import { objectivesSection } from './sections/objectives.ts';
import { settingsSection } from './sections/settings.ts';
import { throttlesSection } from './sections/throttles.ts';
import { timelineSection } from './sections/timeline.ts';
import { verdictSection } from './sections/verdict.ts';
import { warningsSection } from './sections/warnings.ts';

/** A part of the page; `id` is its anchor, empty for what needs no link. It renders null where it has nothing to say. */
export interface PageSection {
  readonly id: string;
  readonly label: string;
  /** `comparison`: with another run, where there was one. */
  readonly render: (assessment: Assessment, comparison: Comparison | undefined) => Markup | null;
}

/** The page in its order: the verdict, what was measured, then the evidence. */
export const pageSections: readonly PageSection[] = [
  { id: '', label: 'Verdict', render: verdictSection },
  { id: 'grades', label: 'Grades', render: gradesSection },
  { id: 'comparison', label: 'Comparison', render: comparisonSection },
  { id: 'figures', label: 'Figures', render: figuresSection },
  { id: 'course', label: 'Course', render: chartsSection },
  { id: 'faults', label: 'Fault', render: faultsSection },
  { id: 'objectives', label: 'Objectives', render: objectivesSection },
  { id: 'integrity', label: 'Integrity', render: integritySection },
  { id: 'clients', label: 'Clients', render: clientsSection },
  { id: 'throttles', label: 'Throttles', render: throttlesSection },
  { id: 'cost', label: 'Cost', render: costSection },
  { id: 'books', label: 'Books', render: booksSection },
  { id: 'timeline', label: 'Timeline', render: timelineSection },
  { id: 'warnings', label: 'Warnings', render: warningsSection },
  { id: 'settings', label: 'Settings', render: settingsSection },
];
