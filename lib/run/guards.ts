import { monotonicMs, wallClock } from '../core/clock.ts';
import { ProofloadError } from '../core/errors.ts';
import { parseSli } from '../grade/indicators/list.ts';
import { ofSamples } from '../grade/indicators/of-samples.ts';
import type { Objectives } from '../grade/objectives.ts';
import type { Guard } from './exercise.ts';
import { defaultOverSec, requestsNeeded } from './guard-watch.ts';
import type { Session } from './session.ts';

const watchable = 'error_rate, latency_p50, latency_p90, latency_p95 and latency_p99, of all operations or of one';

/**
 * Refuses guards that cannot be watched, that would never see enough requests to say anything, and those that watch what the fault is meant to break: a
 * guard below what an objective of the fault phase accepts would stop each run that goes as expected.
 * @param peakPerSec requests a second of the wall that the exercise makes at most
 * @throws ProofloadError `bad-guard`
 */
export function checkGuards(guards: readonly Guard[], { objectives }: Objectives, peakPerSec: number, where: string): void {
  guards.forEach(({ sli, above, overSec = defaultOverSec }, index) => {
    const refuse = (problem: string, hint: string): never => {
      throw new ProofloadError('bad-guard', `${where}: guards[${index}] ${problem}`, { hint });
    };
    const { indicator } = parseSli(sli, `${where}: guards[${index}]`);
    const samples = ofSamples(sli) ?? refuse(`watches ${indicator.name}, which is not seen while a run goes on`, `guards watch ${watchable}`);
    if (!(above > 0)) refuse(`has the limit ${above}`, 'write a number above 0, in % of the requests or in ms');
    if (!Number.isInteger(overSec) || overSec < 5 || overSec > 300) refuse(`looks over ${overSec} s`, 'write whole seconds from 5 to 300');
    const needed = requestsNeeded(samples.quantile);
    if (peakPerSec * overSec < needed)
      refuse(
        `on ${sli} needs ${needed} requests, and the exercise makes at most ${Math.floor(peakPerSec * overSec)} in ${overSec} s: it would never see any harm`,
        `look over ${Math.ceil(needed / peakPerSec)} s or more, or watch a lower quantile`,
      );
    for (const objective of objectives) {
      if (objective.phase !== 'fault' || objective.sli !== sli) continue;
      const accepted = [...objective.pass, ...objective.warning].flat().filter(({ operator, relative }) => operator.startsWith('<') && !relative);
      const most = Math.max(...accepted.map(({ bound }) => bound));
      if (above < most)
        refuse(
          `stops the run above ${above}, and objective ${objective.displayName} accepts up to ${most} during the fault`,
          'a guard must not watch what the fault is meant to break: raise its limit, or watch another operation',
        );
    }
  });
}

/** Whole seconds of the wall, for the guards. */
export function guardSecond(): number {
  return Math.floor(monotonicMs() / 1000);
}

/**
 * Looks at the guards each second and ends the run at the first breach: traffic stops, faults are stopped and undone, and the exit code is 5.
 * @returns what stops the watching
 */
export function watchGuards({ guards, journal, interruption }: Session): () => void {
  let cancel = wallClock().schedule(1_000, function look() {
    const breach = guards.breach(guardSecond());
    if (breach && !interruption.signal.aborted) {
      journal.add({ kind: 'stopped', by: 'guard', detail: breach.detail });
      interruption.end({ kind: 'stop-condition', detail: breach.detail });
      return;
    }
    cancel = wallClock().schedule(1_000, look);
  });
  return () => cancel();
}
