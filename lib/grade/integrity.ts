import type { RunRecord } from '../record/reader.ts';
import type { JournalEvent } from '../record/types.ts';
import type { Integrity, InvariantFigures } from './types.ts';

type InvariantEvent = Extract<JournalEvent, { kind: 'invariant' }>;

/** How many ids a reason names. */
const idsNamed = 5;

/** What was found of the system's own data; undefined in a run without invariants. One that was planned and never checked has no data. */
export function integrityOf({ manifest, journal }: RunRecord): Integrity | undefined {
  const found = new Map<string, InvariantFigures>();
  for (const { name, holds } of manifest.invariants ?? []) found.set(name, unchecked(name, holds, 'the run ended before it was checked'));
  for (const event of journal) if (event.kind === 'invariant') found.set(event.name, figuresOf(event));
  if (found.size === 0) return undefined;
  const drained = journal.findLast((event) => event.kind === 'drained');
  if (!drained) return { invariants: [...found.values()], drained: null };
  const { waitedMs, quiet, detail } = drained;
  return { invariants: [...found.values()], drained: { waitedMs, quiet, ...(detail === undefined ? {} : { detail }) } };
}

/** What integrity says to the verdict. */
export interface IntegrityFindings {
  /** Violations: they fail the run, whatever its objectives say. */
  readonly violated: readonly string[];
  /** What leaves the verdict open, unless the run failed anyway. */
  readonly unknown: readonly string[];
  /** Whether at least one invariant was asked and held. */
  readonly held: boolean;
}

/** The reasons that the invariants give, each with its count and first ids. */
export function integrityFindings(integrity: Integrity | undefined): IntegrityFindings {
  if (!integrity) return { violated: [], unknown: [], held: false };
  const { invariants, drained } = integrity;
  const of = (state: InvariantFigures['state']): InvariantFigures[] => invariants.filter((each) => each.state === state);
  const unknown = of('no-data').map(({ name, reason }) => `invariant ${name} was not checked: ${reason}`);
  const asked = invariants.filter(({ state }) => state !== 'no-data');
  if (asked.length > 0 && asked.every(({ checked }) => checked === 0)) unknown.push('no invariant found anything to check');
  if (drained && !drained.quiet)
    unknown.push(`the system was not quiet when its invariants were checked${drained.detail ? `: ${drained.detail}` : ''}`);
  return { violated: of('violated').map(violationText), unknown, held: of('holds').length > 0 };
}

function violationText({ name, checked, violations, examples }: InvariantFigures): string {
  const ids = examples.slice(0, idsNamed).map(({ id }) => id);
  const more = violations - ids.length;
  const named = ids.length > 0 ? `: ${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}` : '';
  return `invariant ${name} is violated ${violations === 1 ? 'once' : `${violations} times`} in ${checked} checked${named}`;
}

function figuresOf({ name, holds, checked, violated, violations, unchecked: reason }: InvariantEvent): InvariantFigures {
  if (reason !== undefined) return unchecked(name, holds, reason);
  return { name, holds, state: violated > 0 ? 'violated' : 'holds', checked, violations: violated, examples: violations };
}

function unchecked(name: string, holds: string, reason: string): InvariantFigures {
  return { name, holds, state: 'no-data', checked: 0, violations: 0, examples: [], reason };
}
