import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../core/clock.ts';
import { messageOf, ProofloadError } from '../core/errors.ts';
import type { Warning, Window } from '../record/types.ts';
import { readSeries, type SeriesRead } from './read-series.ts';
import type { WantedSeries } from './wanted-series.ts';

/** How a collection goes; for progress on the terminal. */
export interface CollectProgress {
  readonly reads: number;
  readonly series: number;
  /** Series on which the last two reads agree. */
  readonly settled: number;
  readonly untilMs: number;
}

export interface SettleRequest {
  readonly cloudwatch: CloudWatchClient;
  readonly window: Window;
  /** The site's time. */
  readonly clock: Clock;
  /** The site's time at which the collection gives up. */
  readonly deadlineMs: number;
  /** How long apart two reads are whose agreement counts. */
  readonly settleMs: number;
  /**
   * How late after the window's end the site's points may still show: reads before that never count as the last word. Default 0: points
   * show at once, or `settleMs` is at least a period longer than they are late.
   */
  readonly lateMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CollectProgress) => void;
  readonly onWarning?: (warning: Warning) => void;
}

/** The last read of one series, and whether the one before said the same and both were Complete. */
export interface SettledSeries extends SeriesRead {
  readonly settled: boolean;
}

/**
 * Reads until two reads `settleMs` apart agree on every series and CloudWatch calls every one Complete, or the deadline passes; then
 * what disagrees is not settled, and a warning says so. Points that all come late agree on being absent, hence `lateMs`. Failed
 * reads are tried again until the deadline.
 * @throws ProofloadError `metrics-unreadable` when no read succeeded at all; what the SDK throws where access is denied or the request is refused
 */
export async function readUntilSettled(request: SettleRequest, wanted: readonly WantedSeries[]): Promise<SettledSeries[]> {
  const { clock, deadlineMs, settleMs, lateMs = 0, signal, onProgress } = request;
  const trustedMs = lateMs > 0 ? request.window.endMs + lateMs : Number.NEGATIVE_INFINITY;
  onProgress?.({ reads: 0, series: wanted.length, settled: 0, untilMs: deadlineMs });
  await sleepUntil(request, Math.min(trustedMs - settleMs, deadlineMs));
  let settled: SettledSeries[] | undefined;
  let failure: unknown;
  for (let reads = 1; ; reads++) {
    const trusted = clock.now() >= trustedMs;
    const read = await readOnce(request, wanted).catch((thrown: unknown) => {
      if (isRefusal(thrown)) throw thrown;
      failure = thrown;
      return undefined;
    });
    if (read) {
      const before: readonly SeriesRead[] | undefined = settled;
      settled = read.map((series, index) => ({ ...series, settled: trusted && agree(series, before?.[index]) }));
      onProgress?.({ reads, series: wanted.length, settled: settled.filter((series) => series.settled).length, untilMs: deadlineMs });
      if (settled.every((series) => series.settled)) return settled;
    }
    if (clock.now() + settleMs > deadlineMs) return gaveUp(request, wanted, settled, failure);
    await clock.sleep(settleMs, signal);
  }
}

async function sleepUntil({ clock, signal }: SettleRequest, untilMs: number): Promise<void> {
  const leftMs = untilMs - clock.now();
  if (leftMs > 0) await clock.sleep(leftMs, signal);
}

function readOnce({ cloudwatch, window }: SettleRequest, wanted: readonly WantedSeries[]): Promise<SeriesRead[]> {
  return readSeries(cloudwatch, wanted, window);
}

function agree(now: SeriesRead, before: SeriesRead | undefined): boolean {
  if (!before?.complete || !now.complete || now.points.size !== before.points.size) return false;
  return [...now.points].every(([atMs, value]) => before.points.get(atMs) === value);
}

/** Refused for good: trying again does not help. Throttles and failures of the service or the network pass. */
function isRefusal(thrown: unknown): boolean {
  const { name = '', $metadata } = thrown as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && !/throttl|limit|timeout/i.test(name);
}

function gaveUp(request: SettleRequest, wanted: readonly WantedSeries[], settled: SettledSeries[] | undefined, failure: unknown): SettledSeries[] {
  if (!settled) {
    throw new ProofloadError('metrics-unreadable', `CloudWatch could not be read: ${messageOf(failure)}`, {
      hint: 'check the site, its credentials and cloudwatch:GetMetricData',
      exit: 'invalid',
      cause: failure,
    });
  }
  const open = wanted.filter((_, index) => settled[index]?.settled === false);
  const names = [...new Set(open.map(({ namespace, metric, resource }) => `${namespace} ${metric}${resource ? ` of ${resource}` : ''}`))];
  request.onWarning?.({
    code: 'metrics-incomplete',
    message: `the collection ended at its deadline with ${open.length} of ${wanted.length} series still changing or not Complete: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`,
    advice: 'figures that rest on them are no-data; allow the collection more time',
    invalidates: false,
  });
  return settled;
}
