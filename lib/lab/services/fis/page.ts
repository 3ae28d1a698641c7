import { invalid } from '../../../models/fis/refusals.ts';
import { pageOf } from '../paging.ts';

export interface PageInput {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** FIS's lists: at most 100 a page, `member` beside `nextToken`. */
export function page<Item>(items: readonly Item[], input: PageInput, member: string): Record<string, unknown> {
  const size = input.maxResults ?? 100;
  if (!(size >= 1 && size <= 100)) throw invalid('maxResults must be from 1 to 100.');
  const found = pageOf(items, input.nextToken, size);
  if (!found) throw invalid('The nextToken is not valid.');
  return { [member]: found.items, ...(found.next ? { nextToken: found.next } : {}) };
}
