import type { Assessment } from '../../../grade/types.ts';
import { throttleTable } from '../../tables/throttles.ts';
import { html, type Markup } from '../markup.ts';
import { section, tableMarkup } from '../parts.ts';

/** Who refused what for want of capacity, and why as far as AWS tells. */
export function throttlesSection(assessment: Assessment): Markup | null {
  if (assessment.phases.length === 0) return null;
  const known = assessment.phases.some(({ throttles }) => throttles.length > 0);
  const none = known ? 'Nothing was throttled: every throttle metric of the run is 0.' : 'No data: no throttle metric was collected.';
  return section('throttles', 'Throttles', tableMarkup(throttleTable(assessment)) ?? html`<p>${none}</p>`);
}
