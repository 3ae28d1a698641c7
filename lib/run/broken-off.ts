import type { UndoEntry } from '../chaos/types.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import { explained } from './end-reason.ts';

/** How far a run had come when an exception ended it. */
export interface BrokenOff {
  /** Name of the site, and what the user wrote for it. */
  readonly site: { readonly name: string; readonly source: string };
  /** Whether a person asked it to stop. */
  readonly interrupted: boolean;
  /** Whether its record was begun: before that, no traffic was sent and no fault was started. */
  readonly begun: boolean;
  /** What is not undone on a site that goes on without the run. */
  readonly left: readonly UndoEntry[];
}

/** What an exception that ended a run comes to for its user; what is left behind on the site comes before everything else. */
export function brokenOff(thrown: unknown, { site, interrupted, begun, left }: BrokenOff): unknown {
  if (left.length > 0) {
    const rows = left.map(({ resource, setting, found }) => `${resource}: ${setting} was ${found}`).join('; ');
    return new ProofloadError('left-behind', `the run broke off: ${messageOf(thrown)}; left behind: ${rows}`, {
      hint: `restore it: proofload recover --site ${site.source}`,
      exit: 'unclean',
      cause: thrown,
    });
  }
  if (thrown instanceof ProofloadError) return thrown;
  if (interrupted && !begun)
    return new ProofloadError('interrupted', 'interrupted before any traffic was sent; no fault was started', { exit: 'interrupted', cause: thrown });
  return explained(thrown, site.name);
}
