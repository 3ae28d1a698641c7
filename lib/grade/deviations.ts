import { clockTime } from '../core/time-format.ts';
import type { RunRecord } from '../record/reader.ts';
import type { Window } from '../record/types.ts';
import { Distribution } from '../stats/distribution.ts';
import { minimumSamples } from '../stats/quantile.ts';
import { isFailed } from './clients.ts';
import { isOneGroupMet } from './criteria.ts';
import { type OfSamples, ofSamples } from './indicators/of-samples.ts';
import type { Objective } from './objectives.ts';
import type { TimelineEntry } from './types.ts';

/** Seconds that one look takes in: a single second holds too few requests for a quantile. */
const lookSec = 10;
/** Fewer requests than this are no error rate. */
const fewestRequests = 20;

interface Watched extends OfSamples {
  readonly objective: Objective;
  readonly seconds: (Second | undefined)[];
}

interface Second {
  count: number;
  failed: number;
  readonly latencyUs: Distribution;
}

/**
 * When each objective of the baseline was first not met while a fault was in effect: looked at every second, over the last ten. An objective of the
 * baseline says what the system does when nothing is wrong, so this is where clients first noticed.
 */
export function deviations(record: RunRecord, objectives: readonly Objective[], effect: Window | undefined): TimelineEntry[] {
  const watched = objectives.flatMap(watchedBy);
  if (!effect || watched.length === 0) return [];
  const seconds = Math.floor((effect.endMs - effect.startMs) / 1000);
  record.forEachSampleChunk((chunk) => {
    for (let row = 0; row < chunk.count; row++) {
      const second = Math.floor((chunk.baseMs + (chunk.startUs[row] ?? 0) / 1000 - effect.startMs) / 1000);
      if (second < 0 || second >= seconds) continue;
      const operation = chunk.names[chunk.operation[row] ?? 0] ?? '';
      for (const each of watched) {
        if (each.operation === undefined || each.operation === operation) add(each, second, chunk.durationUs[row] ?? 0, isFailed(chunk, row));
      }
    }
  });
  return watched.flatMap((each) => firstDeviation(each, seconds, effect.startMs));
}

function watchedBy(objective: Objective): Watched[] {
  if (objective.phase !== 'baseline' && objective.phase !== undefined) return [];
  const samples = ofSamples(objective.sli);
  const absolute = objective.pass.length > 0 && objective.pass.flat().every(({ relative }) => relative === undefined);
  return samples && absolute ? [{ objective, ...samples, seconds: [] }] : [];
}

function add({ seconds }: Watched, index: number, durationUs: number, failed: boolean): void {
  let second = seconds[index];
  if (!second) {
    second = { count: 0, failed: 0, latencyUs: new Distribution() };
    seconds[index] = second;
  }
  second.count++;
  if (failed) second.failed++;
  if (durationUs > 0) second.latencyUs.add(durationUs);
}

function firstDeviation(watched: Watched, seconds: number, startMs: number): TimelineEntry[] {
  const { objective, quantile } = watched;
  for (let end = 1; end <= seconds; end++) {
    const looked = watched.seconds.slice(Math.max(0, end - lookSec), end).filter((second) => second !== undefined);
    const found = quantile === undefined ? errorPercent(looked) : latencyMs(looked, quantile);
    if (found === undefined || isOneGroupMet(objective.pass, found, undefined)) continue;
    const atMs = startMs + end * 1000;
    const unit = quantile === undefined ? '%' : 'ms';
    const asked = objective.pass.map((group) => group.map(({ text }) => text).join(' and ')).join(' or ');
    const text = `first deviation of ${objective.displayName} (${asked}): ${Number(found.toPrecision(3))} ${unit} over the ${Math.min(lookSec, end)} s to ${clockTime(atMs)}, ${end} s into the effect`;
    return [{ atMs, kind: 'deviation', text }];
  }
  return [];
}

function errorPercent(looked: readonly Second[]): number | undefined {
  const count = looked.reduce((sum, each) => sum + each.count, 0);
  return count < fewestRequests ? undefined : (looked.reduce((sum, each) => sum + each.failed, 0) / count) * 100;
}

function latencyMs(looked: readonly Second[], q: number): number | undefined {
  const all = new Distribution();
  for (const { latencyUs } of looked) all.merge(latencyUs);
  const found = all.count < minimumSamples(q) ? undefined : all.quantile(q);
  return found === undefined ? undefined : found / 1000;
}
