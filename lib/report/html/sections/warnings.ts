import type { Assessment } from '../../../grade/types.ts';
import { html, type Markup } from '../markup.ts';
import { section } from '../parts.ts';

/** What a reader of the verdict must know, with what to do about it. */
export function warningsSection({ warnings }: Assessment): Markup | null {
  if (warnings.length === 0) return null;
  const items = warnings.map(
    ({ code, message, advice, invalidates }) => html`<li class="card ${invalidates ? 'invalidates' : ''}">
<p><b>${invalidates && html`<span class="tone-invalid">Invalidates the run.</span> `}${message}</b></p>
${advice && html`<p>${advice}</p>`}
<p class="notes"><code>${code}</code></p></li>\n`,
  );
  return section('warnings', 'Warnings', html`<ul class="warnings">${items}</ul>`);
}
