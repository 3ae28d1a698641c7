import { clockTime } from '../core/time-format.ts';
import type { RunRecord } from '../record/reader.ts';
import type { Window } from '../record/types.ts';
import { minimumSamples } from '../stats/quantile.ts';
import { sortWhole } from '../stats/sort.ts';
import { quantileOfSortedParts } from '../stats/sorted-parts.ts';
import { ByName } from './by-name.ts';
import { isFailed } from './clients.ts';
import { isOneGroupMet } from './criteria.ts';
import { type OfSamples, ofSamples } from './indicators/of-samples.ts';
import type { Objective } from './objectives.ts';
import type { TimelineEntry } from './types.ts';

/** Seconds that one look takes in: a single second holds too few requests for a quantile. */
const lookSec = 10;
/** Fewer requests than this are no error rate. */
const fewestRequests = 20;

/** Seconds that are read and looked at together: a long effect is never in memory as a whole. */
const stretchSec = 120;

interface Watched extends OfSamples {
  readonly objective: Objective;
}

/** What is looked at of the requests of one operation, or of all, by the second of the effect in which they started. */
type Seconds = Map<number, Second>;

interface Second {
  count: number;
  failed: number;
  latenciesUs: Uint32Array;
  latencies: number;
}

/**
 * When each objective of the baseline was first not met while a fault was in effect: looked at every second, over the last ten. An objective of the
 * baseline says what the system does when nothing is wrong, so this is where clients first noticed.
 */
export function deviations(record: RunRecord, objectives: readonly Objective[], effect: Window | undefined): TimelineEntry[] {
  const watched = objectives.flatMap(watchedBy);
  if (!effect) return [];
  const seconds = Math.floor((effect.endMs - effect.startMs) / 1000);
  const found = new Map<Watched, TimelineEntry>();
  const kept = new Map(watched.map(({ operation }) => [operation, new Map() as Seconds]));
  for (let from = 0; from < seconds && found.size < watched.length; from += stretchSec) {
    const until = Math.min(seconds, from + stretchSec);
    readSeconds(record, kept, effect.startMs, from, until);
    for (const each of watched) {
      const entry = found.has(each) ? undefined : firstDeviation(each, kept.get(each.operation) ?? new Map(), from, until, effect.startMs);
      if (entry) found.set(each, entry);
    }
    for (const each of kept.values()) forget(each, until - lookSec);
  }
  return watched.flatMap((each) => found.get(each) ?? []);
}

function watchedBy(objective: Objective): Watched[] {
  if (objective.phase !== 'baseline' && objective.phase !== undefined) return [];
  const samples = ofSamples(objective.sli);
  const absolute = objective.pass.length > 0 && objective.pass.flat().every(({ relative }) => relative === undefined);
  return samples && absolute ? [{ objective, ...samples }] : [];
}

/** Reads the seconds [from, until) of the effect into those that are kept, their latencies sorted. */
function readSeconds(record: RunRecord, kept: ReadonlyMap<string | undefined, Seconds>, startMs: number, from: number, until: number): void {
  const takers = new ByName((operation) => [undefined, operation].flatMap((each) => kept.get(each) ?? []));
  record.forEachSampleChunk(
    (chunk) => {
      for (let row = 0; row < chunk.count; row++) {
        const second = Math.floor((chunk.baseMs + (chunk.startUs[row] as number) / 1000 - startMs) / 1000);
        if (second < from || second >= until) continue;
        for (const taker of takers.of(chunk.names, chunk.operation[row] as number))
          add(taker, second, chunk.durationUs[row] as number, isFailed(chunk, row));
      }
    },
    { startMs: startMs + from * 1000, endMs: startMs + until * 1000 },
  );
  for (const seconds of kept.values()) {
    for (const [index, second] of seconds) {
      if (index < from) continue;
      second.latenciesUs = second.latenciesUs.subarray(0, second.latencies);
      sortWhole(second.latenciesUs);
    }
  }
}

function add(seconds: Seconds, index: number, durationUs: number, failed: boolean): void {
  let second = seconds.get(index);
  if (!second) {
    second = { count: 0, failed: 0, latenciesUs: new Uint32Array(16), latencies: 0 };
    seconds.set(index, second);
  }
  second.count++;
  if (failed) second.failed++;
  if (durationUs === 0) return;
  if (second.latencies === second.latenciesUs.length) {
    const larger = new Uint32Array(second.latencies * 2);
    larger.set(second.latenciesUs);
    second.latenciesUs = larger;
  }
  second.latenciesUs[second.latencies++] = durationUs;
}

function forget(seconds: Seconds, before: number): void {
  for (const index of seconds.keys()) if (index < before) seconds.delete(index);
}

/** The first look that ends after `from` and not after `until` and does not meet the objective. */
function firstDeviation({ objective, quantile }: Watched, seconds: Seconds, from: number, until: number, startMs: number): TimelineEntry | undefined {
  for (let end = from + 1; end <= until; end++) {
    const looked: Second[] = [];
    for (let index = Math.max(0, end - lookSec); index < end; index++) {
      const second = seconds.get(index);
      if (second) looked.push(second);
    }
    const found = quantile === undefined ? errorPercent(looked) : latencyMs(looked, quantile);
    if (found === undefined || isOneGroupMet(objective.pass, found, undefined)) continue;
    const atMs = startMs + end * 1000;
    const unit = quantile === undefined ? '%' : 'ms';
    const asked = objective.pass.map((group) => group.map(({ text }) => text).join(' and ')).join(' or ');
    const text = `first deviation of ${objective.displayName} (${asked}): ${Number(found.toPrecision(3))} ${unit} over the ${Math.min(lookSec, end)} s to ${clockTime(atMs)}, ${end} s into the effect`;
    return { atMs, kind: 'deviation', text };
  }
  return undefined;
}

function errorPercent(looked: readonly Second[]): number | undefined {
  const count = looked.reduce((sum, each) => sum + each.count, 0);
  return count < fewestRequests ? undefined : (looked.reduce((sum, each) => sum + each.failed, 0) / count) * 100;
}

function latencyMs(looked: readonly Second[], q: number): number | undefined {
  const parts = looked.map(({ latenciesUs }) => latenciesUs);
  if (parts.reduce((sum, part) => sum + part.length, 0) < minimumSamples(q)) return undefined;
  const found = quantileOfSortedParts(parts, q);
  return found === undefined ? undefined : found / 1000;
}
