import { durationText } from '../core/time-format.ts';
import type { RunRecord } from '../record/reader.ts';
import { ByName } from './by-name.ts';
import { isFailed, type PhaseTally } from './clients.ts';
import { noData, value } from './figure.ts';
import type { Figure, FigureSource } from './types.ts';

/** For how many seconds the system must stay within the bounds. */
const steadySec = 10;
/** A request is slow above 1.1 times its operation's baseline p95, or 5 ms above it where that is more. */
const slowFactor = 1.1;
const slowLeastMs = 5;
/** Share of slow requests that p95 allows, and of failed ones that is allowed even after a baseline without any. */
const slowShare = 0.05;
const failedShareAtLeast = 0.01;
/** Standard errors by which a count may exceed its share before it is more than chance. */
const standardErrors = 3;
/** Requests that the steady seconds must hold altogether; where ten seconds hold fewer, more seconds are looked at. */
const leastRequests = 20;

/** The rule in a sentence, for reports. */
export const recoveryRule =
  `the first second after the effect from which, over the next 1, 2, ... ${steadySec} s (more where these hold fewer than ${leastRequests} requests), all requests together and each operation keep to the baseline: ` +
  `failed requests at most its error rate (or ${failedShareAtLeast * 100} %), requests slower than ${slowFactor} x its operation's p95 ` +
  `(at least ${slowLeastMs} ms above it) at most ${slowShare * 100} %, each plus ${standardErrors} standard errors`;

interface Second {
  count: number;
  failed: number;
  slow: number;
}

/** Time from the end of the effect until clients saw the baseline again; `neverRecovered` tells an absent value that is a failure from one for want of data. */
export interface Recovery {
  readonly figure: Figure;
  readonly neverRecovered: boolean;
}

/**
 * Time to recover, from the clients' samples by the second in which requests started, counted from the end of the effect: the number of whole
 * seconds before the first one from which `recoveryRule` holds. Each prefix of the steady seconds must hold, so that a window cannot begin in the
 * disturbed time and be diluted by what comes after; single failures and slow requests as in the baseline do not delay it.
 */
export function timeToRecover(
  record: RunRecord,
  baseline: PhaseTally | undefined,
  effectEndMs: number,
  untilMs: number,
  source: FigureSource,
): Recovery {
  const nothing = (reason: string): Recovery => ({ figure: noData('s', reason), neverRecovered: false });
  if (!baseline || baseline.all.count < leastRequests) return nothing('there is no baseline to compare with');
  const seconds = Math.max(0, Math.floor((untilMs - effectEndMs) / 1000));
  const series = secondsAfter(record, baseline, effectEndMs, seconds);
  const all = series.get('') ?? [];
  const failures = new Map([...series.keys()].map((operation) => [operation, failedShare(baseline, operation)]));
  for (let from = 0; from < seconds; from++) {
    const until = steadyUntil(all, from);
    if (until === undefined && from === 0)
      return nothing(`too little was seen after the effect: ${steadySec} s and ${leastRequests} requests are needed`);
    if (until === undefined) break;
    if ([...series].every(([operation, each]) => isSteady(each.slice(from, until), failures.get(operation) ?? failedShareAtLeast)))
      return { figure: value(from, 's', source, 1), neverRecovered: false };
  }
  if (seconds === 0) return nothing('nothing was seen after the effect');
  return { figure: noData('s', `not recovered within ${durationText(seconds * 1000)} after the effect`), neverRecovered: true };
}

/** The end of the stretch of seconds from `from` that must be steady: ten seconds, more where they hold too few requests; undefined where the record ends before. */
function steadyUntil(all: readonly Second[], from: number): number | undefined {
  let requests = 0;
  for (let index = from; index < all.length; index++) {
    requests += all[index]?.count ?? 0;
    if (index + 1 - from >= steadySec && requests >= leastRequests) return index + 1;
  }
  return undefined;
}

/** Requests by operation ('' for all) and second after the effect. */
function secondsAfter(record: RunRecord, baseline: PhaseTally, startMs: number, seconds: number): ReadonlyMap<string, readonly Second[]> {
  const slowAbove = slowLimits(baseline);
  const all = emptySeconds(seconds);
  const series = new ByName((operation) => ({
    limitUs: slowAbove.get(operation) ?? slowAbove.get('') ?? Number.POSITIVE_INFINITY,
    own: operation === '' ? all : emptySeconds(seconds),
  }));
  record.forEachSampleChunk(
    (chunk) => {
      for (let row = 0; row < chunk.count; row++) {
        const second = Math.floor((chunk.baseMs + (chunk.startUs[row] as number) / 1000 - startMs) / 1000);
        if (second < 0 || second >= seconds) continue;
        const { own, limitUs } = series.of(chunk.names, chunk.operation[row] as number);
        const failed = isFailed(chunk, row);
        const slow = !failed && (chunk.durationUs[row] as number) > limitUs;
        count(all[second], failed, slow);
        if (own !== all) count(own[second], failed, slow);
      }
    },
    { startMs, endMs: startMs + seconds * 1000 },
  );
  return new Map([['', all], ...[...series.values].map(([operation, { own }]) => [operation, own] as const)]);
}

function count(second: Second | undefined, failed: boolean, slow: boolean): void {
  if (!second) return;
  second.count++;
  if (failed) second.failed++;
  if (slow) second.slow++;
}

function slowLimits(baseline: PhaseTally): Map<string, number> {
  const limit = (p95Us: number | undefined): number => Math.max((p95Us ?? 0) * slowFactor, (p95Us ?? 0) + slowLeastMs * 1000);
  const limits = new Map([['', limit(baseline.all.latencyUs.quantile(0.95))]]);
  for (const [operation, tally] of baseline.byOperation)
    if (tally.count >= leastRequests) limits.set(operation, limit(tally.latencyUs.quantile(0.95)));
  return limits;
}

function failedShare(baseline: PhaseTally, operation: string): number {
  const tally = operation === '' ? baseline.all : baseline.byOperation.get(operation);
  return Math.max(failedShareAtLeast, tally && tally.count > 0 ? tally.failed / tally.count : 0);
}

/** Whether `seconds` keep within the bounds, each of their prefixes included. */
function isSteady(seconds: readonly Second[], failures: number): boolean {
  const sum = { count: 0, failed: 0, slow: 0 };
  for (const second of seconds) {
    sum.count += second.count;
    sum.failed += second.failed;
    sum.slow += second.slow;
    if (sum.failed > allowed(sum.count, failures)) return false;
    if (sum.slow > Math.max(1, allowed(sum.count, slowShare))) return false;
  }
  return true;
}

/** Mean of the binomial plus three of its standard deviations, rounded down. */
function allowed(count: number, share: number): number {
  return Math.floor(count * share + standardErrors * Math.sqrt(count * share * (1 - share)));
}

function emptySeconds(seconds: number): Second[] {
  return Array.from({ length: seconds }, () => ({ count: 0, failed: 0, slow: 0 }));
}
