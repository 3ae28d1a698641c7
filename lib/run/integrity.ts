import { wallClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { durationText } from '../core/time-format.ts';
import { abortable } from './interruption.ts';
import type { Invariant, InvariantContext, InvariantResult, Quiet } from './invariants.ts';
import type { Session } from './session.ts';
import { physicalId } from './stack.ts';

/** How long one call of `quiet` and one check may take, in the wall's time: what users wrote may hang. */
const quietCallMs = 60_000;
const checkMs = 10 * 60_000;
/** How often `quiet` is asked: each second of the site, but not more often than this on the wall. */
const pollMs = 1_000;
const pollWallMs = 250;
/** Most violations of one invariant that the record keeps; all are counted. */
const violationsKept = 100;
/** Longest id or detail that is kept. */
const longestText = 1_000;

/** What `quiet` came to. */
export interface Quietness {
  readonly quiet: boolean;
  /** Why not. */
  readonly detail?: string;
}

/** The parts of a run that invariants need. */
export type IntegritySession = Pick<Session, 'site' | 'journal' | 'interruption' | 'progress'> & {
  readonly loaded: Pick<Session['loaded'], 'exercise' | 'integrity'>;
  readonly prepared: Pick<Session['prepared'], 'stack'>;
};

/**
 * Asks the exercise's `quiet` until it says yes, or its drain limit has passed, or a person stops the run. One that fails is
 * asked again until the limit: the last failure is the reason then. True at once where the exercise has none.
 */
export async function untilQuiet(session: IntegritySession): Promise<Quietness> {
  const { site, interruption, loaded } = session;
  const quiet = loaded.integrity?.quiet;
  if (!quiet) return { quiet: !interruption.hurry.aborted };
  const limitSec = loaded.exercise.drainLimitSec ?? 60;
  const deadlineMs = site.clock.now() + limitSec * 1_000;
  const everyMs = Math.max(pollMs, pollWallMs * site.timeScale);
  session.progress.busy('waiting until the system is quiet');
  for (;;) {
    if (interruption.hurry.aborted) return { quiet: false, detail: 'the run was interrupted' };
    const detail = await asked(quiet, session);
    if (detail === undefined) return { quiet: true };
    const leftMs = deadlineMs - site.clock.now();
    if (leftMs <= 0) return { quiet: false, detail: `the drain limit of ${durationText(limitSec * 1_000)} passed: ${detail}` };
    await site.clock.sleep(Math.min(everyMs, leftMs), interruption.hurry).catch(() => undefined);
  }
}

/** Undefined where the system is quiet, else what is known of why not. */
async function asked(quiet: Quiet, session: IntegritySession): Promise<string | undefined> {
  try {
    const answer = await waitedFor(() => quiet(contextOf(session)), quietCallMs, session.interruption.hurry);
    return answer === true ? undefined : 'the system still has something open';
  } catch (thrown) {
    return `quiet failed: ${messageOf(thrown)}`;
  }
}

/** Checks every invariant of the exercise and journals what was found; a check that fails is one without a result, and nothing more. */
export async function checkInvariants(session: IntegritySession): Promise<void> {
  const { journal, interruption, loaded, progress } = session;
  for (const invariant of loaded.integrity?.invariants ?? []) {
    const { name, holds } = invariant;
    progress.busy(`checking the invariant ${name}`);
    const result = interruption.hurry.aborted ? 'the run was interrupted' : await found(invariant, session);
    if (typeof result === 'string') journal.add({ kind: 'invariant', name, holds, checked: 0, violated: 0, violations: [], unchecked: result });
    else {
      const violations = result.violations.slice(0, violationsKept).map(({ id, detail }) => ({ id: clipped(id), detail: clipped(detail) }));
      journal.add({ kind: 'invariant', name, holds, checked: result.checked, violated: result.violations.length, violations });
    }
  }
}

/** What the check found, or why it found nothing. */
async function found(invariant: Invariant, session: IntegritySession): Promise<InvariantResult | string> {
  try {
    const result: unknown = await waitedFor(() => invariant.check(contextOf(session)), checkMs, session.interruption.hurry);
    return isResult(result) ? result : 'its check returned no { checked, violations: [{ id, detail }] }';
  } catch (thrown) {
    return session.interruption.hurry.aborted ? 'the run was interrupted' : messageOf(thrown) || 'its check failed without a message';
  }
}

function isResult(result: unknown): result is InvariantResult {
  const { checked, violations } = (result ?? {}) as Partial<InvariantResult>;
  if (!Number.isInteger(checked) || (checked ?? -1) < 0 || !Array.isArray(violations)) return false;
  return violations.every((each: unknown) => {
    const { id, detail } = (each ?? {}) as { id?: unknown; detail?: unknown };
    return typeof id === 'string' && typeof detail === 'string';
  });
}

function contextOf({ site, prepared, journal }: IntegritySession): InvariantContext {
  const { dynamodb, sfn } = site.clients;
  return {
    dynamodb,
    sfn,
    resolve: (logicalId) => physicalId(prepared.stack, logicalId),
    startedMs: journal.events[0]?.at ?? site.clock.now(),
  };
}

/** The work's result; rejects when it takes longer than `limitMs` of the wall, or a person stops the run. */
async function waitedFor<T>(work: () => Promise<T>, limitMs: number, hurry: AbortSignal): Promise<T> {
  const over = new AbortController();
  const tooLong = wallClock()
    .sleep(limitMs, over.signal)
    .then(() => Promise.reject(new Error(`no answer within ${durationText(limitMs)}`)));
  try {
    return await abortable(Promise.race([Promise.resolve().then(work), tooLong]), hurry);
  } finally {
    over.abort();
  }
}

function clipped(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
