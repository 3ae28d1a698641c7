import type { Clock } from '../../../core/clock.ts';
import type { Bucket } from '../../../models/cloudwatch/bucket.ts';
import { aggregate, resolutionOf } from '../../../models/cloudwatch/periods.ts';
import type { Dimensions } from '../../contract.ts';
import type { MetricStore } from './store.ts';

/** One metric over one stretch of time, in periods counted from `originMs` (default: the epoch). */
export interface PeriodQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  /** Absent: whatever unit it was published in. */
  readonly unit: string | undefined;
  readonly periodSec: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly originMs?: number;
}

/** Reads periods as clients of CloudWatch may see them now. */
export interface MetricReader {
  /** Periods that hold something, ascending. The current period is there too, with what came so far. */
  periods(query: PeriodQuery): Bucket[];
}

/**
 * A reader over the store. `latenessMs` says how long after its end a bucket of a metric shows: 0 for at once and
 * while it still fills, as everything is unless the lab behaves as AWS is.
 */
export function createMetricReader(store: MetricStore, clock: Clock, latenessMs: (namespace: string, metric: string) => number): MetricReader {
  return {
    periods(query) {
      const resolutionSec = resolutionOf(query.periodSec);
      const lateMs = latenessMs(query.namespace, query.metric);
      const shownUntilMs = lateMs > 0 ? clock.now() - lateMs - resolutionSec * 1000 : Number.POSITIVE_INFINITY;
      const stored = store
        .find(query.namespace, query.metric, query.dimensions, query.unit)
        .flatMap((series) => series.buckets(query.startMs, query.endMs, resolutionSec))
        .filter((bucket) => bucket.startMs <= shownUntilMs);
      return aggregate(stored, query.periodSec, query.originMs);
    },
  };
}
