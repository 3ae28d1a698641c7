import type { Clock } from '../../../core/clock.ts';
import { Bucket } from '../../../models/cloudwatch/bucket.ts';
import type { Dimensions, MetricSeries, MetricSink } from '../../contract.ts';

/** The lab's own bound on memory: how long buckets of a minute are kept, and those of a second (no coarser roll-up follows, as AWS has). */
const minuteRetentionMs = 15 * 24 * 3_600_000;
const secondRetentionMs = 3 * 3_600_000;

/** Expired buckets are dropped this many at a time, because each drop moves all that stay. */
const dropBatch = 256;

/** One series as the CloudWatch service reads it. */
export interface StoredSeries extends MetricSeries {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly unit: string;
  /** When it last got a value, in the lab's time; -Infinity before the first, when the series is not yet there for clients. */
  readonly lastAddedMs: number;
  /** Adds a value `count` times, or a statistic set, to the bucket of `atMs`. */
  addTo(atMs: number, add: (bucket: Bucket) => void): void;
  /** Adds to buckets of one second as well: a custom metric with StorageResolution 1. */
  addHighResolution(atMs: number, add: (bucket: Bucket) => void): void;
  /** Buckets that start in [startMs, endMs), ascending, of a minute (60) or of a second (1). */
  buckets(startMs: number, endMs: number, resolutionSec: 1 | 60): readonly Bucket[];
}

/** Everything that was published in this lab, in memory. */
export interface MetricStore extends MetricSink {
  series(namespace: string, metric: string, dimensions: Dimensions, unit: string): StoredSeries;
  /** The series of one metric, one for each unit in which it was published; without `unit` all of them. */
  find(namespace: string, metric: string, dimensions: Dimensions, unit?: string): readonly StoredSeries[];
  all(): Iterable<StoredSeries>;
}

/**
 * Memory is bounded by time: a series keeps 15 days of minutes (21,600 buckets) and, where it has any, 3 hours of seconds;
 * a bucket is some 150 bytes, and where its values differ 8 bytes for each 2 % of their span (2.8 KB from 1 ms to 1 s). Series themselves stay as long as the lab runs.
 */
export function createMetricStore(clock: Clock): MetricStore {
  const byKey = new Map<string, Series>();
  const byMetric = new Map<string, Series[]>();
  return {
    series(namespace, metric, dimensions, unit) {
      const metricKey = keyOf(namespace, metric, dimensions);
      const key = `${metricKey}\u0000${unit}`;
      const known = byKey.get(key);
      if (known) return known;
      const created = new Series(clock, namespace, metric, dimensions, unit);
      byKey.set(key, created);
      byMetric.set(metricKey, [...(byMetric.get(metricKey) ?? []), created]);
      return created;
    },
    find(namespace, metric, dimensions, unit) {
      const found = byMetric.get(keyOf(namespace, metric, dimensions)) ?? [];
      return unit === undefined ? found : found.filter((each) => each.unit === unit);
    },
    all: () => byKey.values(),
  };
}

function keyOf(namespace: string, metric: string, dimensions: Dimensions): string {
  const pairs = Object.keys(dimensions)
    .sort()
    .map((name) => `${name}\u0001${dimensions[name]}`);
  return [namespace, metric, ...pairs].join('\u0000');
}

class Series implements StoredSeries {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly unit: string;
  lastAddedMs = Number.NEGATIVE_INFINITY;
  readonly #clock: Clock;
  readonly #minutes = new Timeline(60_000, minuteRetentionMs);
  #seconds: Timeline | undefined;

  constructor(clock: Clock, namespace: string, metric: string, dimensions: Dimensions, unit: string) {
    this.namespace = namespace;
    this.metric = metric;
    this.dimensions = { ...dimensions };
    this.unit = unit;
    this.#clock = clock;
  }

  add(value: number, atMs?: number): void {
    const nowMs = this.#clock.now();
    this.lastAddedMs = nowMs;
    this.#minutes.at(atMs ?? nowMs, nowMs).add(value);
  }

  addTo(atMs: number, add: (bucket: Bucket) => void): void {
    const nowMs = this.#clock.now();
    this.lastAddedMs = nowMs;
    add(this.#minutes.at(atMs, nowMs));
  }

  addHighResolution(atMs: number, add: (bucket: Bucket) => void): void {
    this.addTo(atMs, add);
    this.#seconds ??= new Timeline(1000, secondRetentionMs);
    add(this.#seconds.at(atMs, this.#clock.now()));
  }

  buckets(startMs: number, endMs: number, resolutionSec: 1 | 60): readonly Bucket[] {
    const timeline = resolutionSec === 60 ? this.#minutes : this.#seconds;
    return timeline?.between(Math.max(startMs, this.#clock.now() - timeline.retentionMs), endMs) ?? [];
  }
}

/** Buckets of one width in ascending order; adding to the newest one, the common case, is one comparison. */
class Timeline {
  readonly retentionMs: number;
  readonly #widthMs: number;
  readonly #buckets: Bucket[] = [];
  #newest = new Bucket(Number.NEGATIVE_INFINITY);

  constructor(widthMs: number, retentionMs: number) {
    this.#widthMs = widthMs;
    this.retentionMs = retentionMs;
  }

  at(atMs: number, nowMs: number): Bucket {
    const newest = this.#newest;
    if (atMs >= newest.startMs && atMs < newest.startMs + this.#widthMs) return newest;
    return this.#find(Math.floor(atMs / this.#widthMs) * this.#widthMs, nowMs);
  }

  between(startMs: number, endMs: number): readonly Bucket[] {
    return this.#buckets.slice(this.#position(startMs), this.#position(endMs));
  }

  #find(startMs: number, nowMs: number): Bucket {
    const position = this.#position(startMs);
    const known = this.#buckets[position];
    if (known?.startMs === startMs) return known;
    const bucket = new Bucket(startMs);
    this.#buckets.splice(position, 0, bucket);
    if (startMs > this.#newest.startMs) this.#newest = bucket;
    this.#dropExpired(nowMs - this.retentionMs);
    return bucket;
  }

  /** Index of the first bucket that starts at or after `startMs`. */
  #position(startMs: number): number {
    let low = 0;
    let high = this.#buckets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#buckets[middle]?.startMs ?? Number.POSITIVE_INFINITY) < startMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #dropExpired(beforeMs: number): void {
    if ((this.#buckets[Math.min(dropBatch, this.#buckets.length - 1)]?.startMs ?? beforeMs) >= beforeMs) return;
    this.#buckets.splice(0, this.#position(beforeMs));
  }
}
