import type { PlannedPhase } from '../grade/compare/sizes.ts';
import { type PhaseSpan, segmentsOf } from '../traffic/arrivals.ts';
import { scheduleOf } from '../traffic/schedule.ts';
import type { FlowTraffic } from './exercise.ts';

/**
 * How many requests the flows are planned to make in each graded phase. Of the fault phase only the fault itself is graded, about.
 * @param spans the phases in seconds of the wall
 */
export function plannedPhases(traffic: readonly FlowTraffic[], spans: readonly PhaseSpan[], faultSec: number, timeScale: number): PlannedPhase[] {
  const schedules = traffic.map(({ arrivals, requestsPerFlow }) => ({ schedule: scheduleOf(segmentsOf(arrivals, spans)), requestsPerFlow }));
  let fromSec = 0;
  return spans.flatMap(({ kind, durationSec }) => {
    const startSec = fromSec;
    fromSec += durationSec;
    if (kind === 'warm-up') return [];
    const gradedSec = kind === 'fault' ? Math.min(durationSec, faultSec / timeScale) : durationSec;
    const requests = schedules.reduce(
      (sum, { schedule, requestsPerFlow }) => sum + (schedule.countUntil(startSec + gradedSec) - schedule.countUntil(startSec)) * requestsPerFlow,
      0,
    );
    return [{ phase: kind, seconds: Math.round(gradedSec * timeScale), requests: Math.round(requests) }];
  });
}
