import { clockTime, durationText, isoTime } from '../../../core/time-format.ts';
import type { Assessment } from '../../../grade/types.ts';
import { html, type Markup } from '../markup.ts';
import { section } from '../parts.ts';

/** What happened, in order. */
export function timelineSection({ timeline, manifest }: Assessment): Markup | null {
  if (timeline.length === 0) return null;
  const entries = timeline.map(({ atMs, kind, text }) => {
    // An alarm's first state may be older than the run.
    const since = atMs - manifest.startedMs;
    const sign = since < 0 ? '' : '+';
    return html`<li><time datetime="${isoTime(atMs)}">${clockTime(atMs)}</time><span class="since">${sign}${durationText(since)}</span><span class="kind">${kind}</span><span class="text">${text}</span></li>\n`;
  });
  return section(
    'timeline',
    'Timeline',
    html`<p class="hint">Times of the site, UTC, and since the start of the run.</p>\n<ol class="timeline">${entries}</ol>`,
  );
}
