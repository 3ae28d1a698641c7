import { monotonicMs, wallClock } from '../core/clock.ts';
import { ProofloadError } from '../core/errors.ts';
import { nearestName } from '../core/nearest.ts';
import type { Objectives } from '../grade/objectives.ts';
import type { Guard } from './exercise.ts';
import type { Session } from './session.ts';

const indicators = ['error_rate', 'latency_p50', 'latency_p90', 'latency_p95', 'latency_p99'];

/**
 * Refuses guards that cannot be watched, and those that watch what the fault is meant to break: a guard below what an objective of the fault phase accepts
 * would stop each run that goes as expected.
 * @throws ProofloadError `bad-guard`
 */
export function checkGuards(guards: readonly Guard[], { objectives }: Objectives, where: string): void {
  guards.forEach(({ sli, above, overSec = 10 }, index) => {
    const at = `${where}: guards[${index}]`;
    const refuse = (problem: string, hint: string): never => {
      throw new ProofloadError('bad-guard', `${at} ${problem}`, { hint });
    };
    const [name = ''] = sli.split(':');
    const nearest = nearestName(name, indicators);
    if (!indicators.includes(name))
      refuse(
        `watches ${name}, which is not seen while a run goes on${nearest ? `; did you mean ${nearest}?` : ''}`,
        `guards watch: ${indicators.join(', ')}`,
      );
    if (!(above > 0)) refuse(`has the limit ${above}`, 'write a number above 0, in % of the requests or in ms');
    if (!Number.isInteger(overSec) || overSec < 5 || overSec > 300) refuse(`looks over ${overSec} s`, 'write whole seconds from 5 to 300');
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
