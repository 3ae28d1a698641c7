import { type ExitReason, exitCodeOf } from '../core/exit-codes.ts';
import type { RunRecord } from '../record/reader.ts';
import type { Manifest, Warning } from '../record/types.ts';
import type { IntegrityFindings } from './integrity.ts';
import { minutesNeeded } from './phases.ts';
import type { ObjectivesOutcome, Score } from './score.ts';
import type { ObjectiveResult, Verdict } from './types.ts';
import { endOf, notUndone } from './warnings/course.ts';

/** The verdict, why, and the exit code that says the same to a machine. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly exitCode: number;
}

/** What decides beside the objectives: what failed in any case, and what leaves the verdict open. */
export interface Findings {
  readonly failed: readonly string[];
  readonly unknown: readonly string[];
  readonly integrity: IntegrityFindings;
}

/**
 * First what cannot be trusted, then what is not known, then what failed: an invalid run is never a pass and never a fail. A violated invariant
 * stands in the system's own data, whatever else is not known.
 */
export function judgement(
  record: RunRecord,
  warnings: readonly Warning[],
  objectives: readonly ObjectiveResult[],
  outcome: ObjectivesOutcome,
  score: Score,
  findings: Findings,
): Judgement {
  const invalidating = warnings.filter(({ invalidates }) => invalidates);
  const crossed = record.journal.flatMap((event) => (event.kind === 'traffic-ended' ? (event.thresholdsCrossed ?? []) : []));
  const verdict = invalidating.length > 0 ? 'invalid' : verdictOf(outcome, { ...findings, failed: [...crossed, ...findings.failed] });
  const { integrity } = findings;
  const reasons = [
    ...invalidating.map(({ message }) => message),
    ...integrity.violated,
    ...objectives.filter(({ status }) => status === 'no-data').map((each) => `no data for ${about(each)}: ${reasonOf(each)}`),
    ...findings.unknown,
    ...objectives.filter(({ status, keySli }) => status === 'fail' && keySli).map((each) => `key objective failed: ${about(each)}`),
    ...objectives.filter(({ status, keySli }) => status === 'fail' && !keySli).map((each) => `objective failed: ${about(each)}`),
    ...crossed.map((threshold) => `k6's threshold was crossed: ${threshold}`),
    ...findings.failed,
    ...integrity.unknown,
    ...objectives.filter(({ status }) => status === 'warning').map((each) => `objective in its warning range: ${about(each)}`),
    outcome === 'none' ? nothingScored(integrity) : `score ${Number(score.percent.toFixed(2))} %`,
  ];
  return { verdict, reasons, exitCode: exitCodeOf(exitReasons(record, verdict)) };
}

function nothingScored({ held }: IntegrityFindings): string {
  const none = 'no objective has pass criteria and a weight above 0, so';
  return held ? `${none} the invariants alone decide` : `${none} nothing was asked of the run`;
}

function verdictOf(outcome: ObjectivesOutcome, { failed, unknown, integrity }: Findings): Verdict {
  if (integrity.violated.length > 0) return 'fail';
  if (outcome === 'no-data' || unknown.length > 0) return 'no-data';
  if (outcome === 'fail' || failed.length > 0) return 'fail';
  if (integrity.unknown.length > 0) return 'no-data';
  if (outcome !== 'none') return outcome;
  return integrity.held ? 'pass' : 'no-data';
}

function exitReasons(record: RunRecord, verdict: Verdict): ExitReason[] {
  const reasons: ExitReason[] = [];
  const end = endOf(record.journal);
  if (notUndone(record).length > 0) reasons.push('unclean');
  if (end.interruptedBy !== undefined) reasons.push('interrupted');
  if (end.stopped.length > 0) reasons.push('stopped');
  if (verdict === 'invalid' || verdict === 'no-data') reasons.push('invalid');
  if (verdict === 'fail') reasons.push('failed');
  return reasons;
}

function about({ displayName, phase, value, pass }: ObjectiveResult): string {
  const where = phase === 'run' ? '' : ` in the ${phase} phase`;
  const found = value.state === 'value' ? ` is ${Number(value.value.toPrecision(4))} ${value.unit}` : `: ${value.reason}`;
  const asked = value.state === 'value' ? ` (${pass.map(({ criterion }) => criterion).join(', ')})` : '';
  return `${displayName}${where}${value.state === 'value' ? found : ''}${asked}`;
}

function reasonOf({ value }: ObjectiveResult): string {
  return value.state === 'no-data' ? value.reason : '';
}

/** Where the verdict holds: an account and region, or the lab with the numbers that it rests on. */
export function scopeOf({ site, numbers, smoke, timeScale, imported }: Manifest): string {
  if (imported) return `imported from ${imported.format}: ${imported.holds === 'samples' ? 'client samples only' : 'its figures only'}`;
  const count = (status: string): number => numbers.filter((each) => each.status === status).length;
  const measured = count('measured') > 0 ? ` ${count('measured')} measured,` : '';
  const inLab = site.kind === 'lab' || numbers.length > 0;
  const quotas = site.quotas !== undefined && site.quotas !== 'us-east-1' ? ` with the quotas of ${site.quotas}` : '';
  const place = inLab
    ? `in the lab${quotas}: ${count('documented')} documented,${measured} ${count('assumed')} assumed numbers`
    : `account ${site.account}, ${site.region}`;
  const minutes = smoke ? `; smoke: ${minutesNeeded(true)} whole minute a phase is enough` : '';
  return `${place}${minutes}${timeScale === 1 ? '' : `; clock ${timeScale} times as fast as the wall's`}`;
}
