import type { Arrival, Health } from '../record/types.ts';
import type { ArrivalSchedule } from './schedule.ts';

/** Puts each start, and each drop, next to the time that the profile meant for it. Times in are the wall's, times out the site's. */
export interface ArrivalLedger {
  /** The first arrival of the flow started. */
  started(atMs: number): void;
  /** `index`: how many of the flow's passes started before this one; undefined where the generator does not tell. */
  iteration(startMs: number, durationMs: number, index: number | undefined): void;
  dropped(atMs: number, count: number): void;
  /** A health figure that covers the time since the one before; drops until then get their cause. */
  health(health: Health): void;
  /** What is settled since the last call. */
  take(): Arrival[];
  /** At the end: drops that no health figure covers are judged by the last one. */
  finish(): Arrival[];
}

/** From here on the machine has nothing left to give, and k6 may have been late for want of it. */
const busyMachineShare = 0.9;
/** A generator that used this share of all cores was itself what filled the machine. */
const busyGeneratorShare = 0.85;
/** The event loop of `run` only lags this much when the machine does not give it the CPU that it asks for. */
const starvedLagMs = 500;

/**
 * Why an arrival was dropped: the generator had no virtual user left, although as many exist as the worst case needs.
 * They are all busy either because the system holds them (`system-slow`: the drop is the system's failure), or because the
 * generator's machine was short of CPU and everything on it was slow (`generator-slow`: the run proves nothing). It is the
 * latter when, in the second of the drop, 90 % of the machine's CPU was used, or 85 % by the generator alone, or
 * `run` waited for the CPU for half a second.
 */
export function dropCause(health: Health | undefined, cores: number): 'system-slow' | 'generator-slow' {
  if (!health) return 'system-slow';
  const starved = health.machineCpu >= busyMachineShare || health.generatorCpu >= busyGeneratorShare * cores || health.lagMs >= starvedLagMs;
  return starved ? 'generator-slow' : 'system-slow';
}

/**
 * Pairs starts and drops with intended times: the k-th of either, in order of time, is the k-th arrival of the profile. A pass
 * becomes known when it ends, in no order; its index says how many started before it, and drops are told at once, so
 * k = index + drops before it + 1.
 *
 * The profile begins where the first start puts it. That start may itself have been late, so the beginning moves back
 * when, before any drop, another one turns out to have come earlier than meant: no generator starts an arrival too soon.
 */
export function arrivalLedger(flow: string, schedule: ArrivalSchedule, cores: number, toSiteMs: (wallMs: number) => number): ArrivalLedger {
  let originMs: number | undefined;
  let lastHealth: Health | undefined;
  let settled: Arrival[] = [];
  const waiting: { startMs: number; durationMs: number; index: number | undefined }[] = [];
  const unjudged: { atMs: number; intendedMs: number }[] = [];
  const dropTimes: number[] = [];

  const latestMeant = (origin: number, atMs: number): number => {
    const k = Math.min(schedule.count, Math.max(1, schedule.countUntil((atMs - origin) / 1000)));
    return Math.min(atMs, origin + schedule.timeOf(k) * 1000);
  };
  const settle = (startMs: number, durationMs: number, index: number | undefined): void => {
    if (originMs === undefined) {
      waiting.push({ startMs, durationMs, index });
      return;
    }
    let intendedMs = latestMeant(originMs, startMs);
    if (index !== undefined) {
      const k = Math.min(schedule.count, index + 1 + countBefore(dropTimes, startMs));
      intendedMs = originMs + schedule.timeOf(k) * 1000;
      if (startMs < intendedMs && dropTimes.length === 0) originMs -= intendedMs - startMs;
      intendedMs = Math.min(intendedMs, startMs);
    }
    settled.push({ flow, intendedMs: toSiteMs(intendedMs), startMs: toSiteMs(startMs), durationMs });
  };
  const judge = (untilSiteMs: number, health: Health | undefined): void => {
    const later = unjudged.splice(0).filter(({ atMs, intendedMs }) => {
      if (toSiteMs(atMs) > untilSiteMs) return true;
      settled.push({ flow, intendedMs: toSiteMs(intendedMs), dropped: dropCause(health, cores) });
      return false;
    });
    unjudged.push(...later);
  };
  const take = (): Arrival[] => {
    const taken = settled;
    settled = [];
    return taken;
  };
  return {
    started: (atMs) => {
      originMs ??= atMs - schedule.timeOf(1) * 1000;
      for (const each of waiting.splice(0)) settle(each.startMs, each.durationMs, each.index);
    },
    iteration: settle,
    dropped: (atMs, count) => {
      for (let nth = 0; nth < count; nth++) dropTimes.push(atMs);
      for (let nth = 0; nth < count; nth++) unjudged.push({ atMs, intendedMs: originMs === undefined ? atMs : latestMeant(originMs, atMs) });
    },
    health: (health) => {
      lastHealth = health;
      judge(health.atMs, health);
    },
    take,
    finish: () => {
      originMs ??= waiting.reduce((earliest, each) => Math.min(earliest, each.startMs), Number.POSITIVE_INFINITY) - schedule.timeOf(1) * 1000;
      for (const each of waiting.splice(0)) settle(each.startMs, each.durationMs, each.index);
      judge(Number.POSITIVE_INFINITY, lastHealth);
      return take();
    },
  };
}

/** How many of the ascending `times` lie before `atMs`. */
function countBefore(times: readonly number[], atMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
